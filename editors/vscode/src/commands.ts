/** The commands of the palette. */

import * as vscode from "vscode";

import type { Answers } from "./answers";
import { codesAt } from "./findings";
import { explainArguments, isCode, resolveArguments, run } from "./program";

/** The program as the settings name it. */
export function program(): string {
  return vscode.workspace.getConfiguration("govctl").get<string>("path", "govctl");
}

/** The folder of the file that is edited, else the first one that is open. */
function folder(): string | undefined {
  const uri = vscode.window.activeTextEditor?.document.uri;
  const own = uri === undefined ? undefined : vscode.workspace.getWorkspaceFolder(uri);
  return (own ?? vscode.workspace.workspaceFolders?.[0])?.uri.fsPath;
}

/** Says what a finding means: the one that is given, else the one at the cursor. */
export async function explain(answers: Answers, given?: unknown): Promise<void> {
  const code = typeof given === "string" && isCode(given) ? given : await chosenCode();
  if (code !== undefined) {
    await answer(answers, `explain ${code}`, explainArguments(code), folder());
  }
}

/** The code of the finding at the cursor; where several stand there a person chooses. */
async function chosenCode(): Promise<string | undefined> {
  const editor = vscode.window.activeTextEditor;
  const all = editor === undefined ? [] : vscode.languages.getDiagnostics(editor.document.uri);
  const codes = editor === undefined ? [] : codesAt(all, editor.selection.active);
  if (codes.length === 0) {
    void vscode.window.showInformationMessage("govctl has no finding at the cursor");
  }
  return codes.length > 1 ? vscode.window.showQuickPick(codes, { title: "Explain which finding?" }) : codes[0];
}

/** Says where the requests of a use case go: of the one that is given, else of the one that a person names. */
export async function resolveUseCase(answers: Answers, given?: unknown, where?: unknown): Promise<void> {
  const useCase = typeof given === "string" ? given : await typedUseCase();
  const place = typeof where === "string" ? where : folder();
  if (useCase !== undefined && useCase !== "" && place !== undefined) {
    await answer(answers, `resolve ${useCase}`, resolveArguments(useCase, place), place);
  }
}

/** A use case as a person types it; the name at the cursor stands there already. */
async function typedUseCase(): Promise<string | undefined> {
  const editor = vscode.window.activeTextEditor;
  const range = editor?.document.getWordRangeAtPosition(editor.selection.active);
  return vscode.window.showInputBox({
    title: "Where do the requests of a use case go?",
    prompt: "A use case, by name or endpoint tag",
    value: range === undefined ? "" : (editor?.document.getText(range) ?? ""),
  });
}

async function answer(answers: Answers, name: string, args: string[], place: string | undefined): Promise<void> {
  const said = await run(program(), args, place);
  if (said.answered) {
    await answers.show(name, said.text);
  } else {
    void vscode.window.showErrorMessage(said.text);
  }
}
