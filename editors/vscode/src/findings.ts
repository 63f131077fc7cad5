/** Which findings stand at a place. */

import type { Diagnostic, Position } from "vscode";

import { isCode } from "./program";

/** The codes of govctl's findings at a place, each once; those of its line where none stands at the place itself. */
export function codesAt(diagnostics: readonly Diagnostic[], place: Position): string[] {
  const ours = diagnostics.filter((diagnostic) => diagnostic.source === "govctl");
  const here = ours.filter((diagnostic) => diagnostic.range.contains(place));
  const line = ours.filter(({ range }) => range.start.line <= place.line && place.line <= range.end.line);
  const codes = (here.length > 0 ? here : line).map(codeOf).filter((code) => isCode(code));
  return [...new Set(codes)];
}

/** A finding's code: servers may put it beside a link. */
function codeOf({ code }: Diagnostic): string {
  return String(typeof code === "object" ? code.value : (code ?? ""));
}
