/** Shows what govctl says in a read-only editor beside the text. */

import * as vscode from "vscode";

/** The scheme of these documents. */
export const SCHEME = "govctl";

/** The texts that are shown, by their address. */
export class Answers implements vscode.TextDocumentContentProvider {
  private readonly texts = new Map<string, string>();
  private readonly changed = new vscode.EventEmitter<vscode.Uri>();
  readonly onDidChange = this.changed.event;

  provideTextDocumentContent(uri: vscode.Uri): string {
    return this.texts.get(uri.toString()) ?? "";
  }

  /** Shows a text under a name, in place of what that name showed before. */
  async show(name: string, text: string): Promise<void> {
    const uri = vscode.Uri.from({ scheme: SCHEME, path: `${name.replaceAll("/", " ")}.txt` });
    this.texts.set(uri.toString(), text);
    this.changed.fire(uri);
    const document = await vscode.workspace.openTextDocument(uri);
    await vscode.window.showTextDocument(document, {
      preview: true,
      preserveFocus: true,
      viewColumn: vscode.ViewColumn.Beside,
    });
  }

  /** Forgets what no editor shows any more. */
  forget(uri: vscode.Uri): void {
    this.texts.delete(uri.toString());
  }
}
