/** The extension: starts the language server for folders that are trusted, and adds the commands. */

import * as vscode from "vscode";
import type { LanguageClient } from "vscode-languageclient/node";

import { Answers, SCHEME } from "./answers";
import { newClient } from "./client";
import { explain, program, resolveUseCase } from "./commands";
import { run } from "./program";
import { contributeSchemas } from "./yaml";

let client: LanguageClient | undefined;

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  const answers = new Answers();
  const command = (name: string, act: (...args: unknown[]) => Promise<void>): vscode.Disposable =>
    vscode.commands.registerCommand(name, trusted(act));
  context.subscriptions.push(
    vscode.workspace.registerTextDocumentContentProvider(SCHEME, answers),
    vscode.workspace.onDidCloseTextDocument(({ uri }) => {
      if (uri.scheme === SCHEME) {
        answers.forget(uri);
      }
    }),
    command("govctl.explain", (code) => explain(answers, code)),
    command("govctl.resolveUseCase", (useCase, folder) => resolveUseCase(answers, useCase, folder)),
    command("govctl.restart", async () => restart(answers)),
    vscode.workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration("govctl.path") || change.affectsConfiguration("govctl.arguments")) {
        void restart(answers);
      }
    }),
    vscode.workspace.onDidGrantWorkspaceTrust(() => void restart(answers)),
  );
  await contributeSchemas(context);
  await restart(answers);
}

export async function deactivate(): Promise<void> {
  await client?.stop();
  client = undefined;
}

/** A command that runs the program only where the folder is trusted. */
function trusted(act: (...args: unknown[]) => Promise<void>): (...args: unknown[]) => Promise<void> {
  return async (...args) => {
    if (vscode.workspace.isTrusted) {
      await act(...args);
    } else {
      void vscode.window.showInformationMessage("govctl runs only in a folder that you trust");
    }
  };
}

/** Starts the server anew. */
async function restart(answers: Answers): Promise<void> {
  await deactivate();
  if (!vscode.workspace.isTrusted) {
    return;
  }
  // The client would only say that a connection failed; this says that there is no such program.
  const found = await run(program(), ["--version"], undefined);
  if (!found.answered) {
    void vscode.window.showErrorMessage(found.text);
    return;
  }
  client = newClient(answers);
  try {
    await client.start();
  } catch (error) {
    client = undefined;
    void vscode.window.showErrorMessage(String(error));
  }
}
