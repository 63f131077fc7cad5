/** The extension: starts the language server for folders that are trusted, and adds the commands. */

import * as vscode from "vscode";
import type { LanguageClient } from "vscode-languageclient/node";

import { Answers, SCHEME } from "./answers";
import { newClient } from "./client";
import { explain, program, resolveUseCase } from "./commands";
import { run } from "./program";
import { contributeSchemas } from "./yaml";

let client: LanguageClient | undefined;
/** The last start or stop: the next one waits for it. */
let turn: Promise<void> = Promise.resolve();

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
    command("govctl.restart", restart),
    vscode.workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration("govctl.path") || change.affectsConfiguration("govctl.arguments")) {
        void restart();
      }
    }),
    vscode.workspace.onDidGrantWorkspaceTrust(() => void restart()),
  );
  await restart();
  // What goes wrong in the other extension is its own to say.
  await contributeSchemas(context).catch(() => undefined);
}

export function deactivate(): Promise<void> {
  turn = turn.then(stop);
  return turn;
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
function restart(): Promise<void> {
  turn = turn.then(stop).then(start);
  return turn;
}

async function stop(): Promise<void> {
  const running = client;
  client = undefined;
  await running?.stop().catch(() => undefined);
}

async function start(): Promise<void> {
  if (!vscode.workspace.isTrusted) {
    return;
  }
  // The client would only say that a connection failed; this says that there is no such program.
  const found = await run(program(), ["--version"], undefined);
  if (!found.answered) {
    void vscode.window.showErrorMessage(found.text);
    return;
  }
  const starting = newClient();
  try {
    await starting.start();
    client = starting;
  } catch (error) {
    void vscode.window.showErrorMessage(String(error));
  }
}
