/** How `govctl` is run: which program, with which arguments, and what it answers. Knows nothing of VS Code. */

import { execFile } from "node:child_process";

/** How long an answer may take, in milliseconds. */
const PATIENCE_MS = 20_000;
/** How long an answer may be, in bytes. */
const MOST_BYTES = 4 * 1024 * 1024;
/** What a finding's code looks like; nothing else is handed to the program. */
const CODE = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;

/** What a run of the program came to. */
export interface Answer {
  /** What it wrote, or what went wrong. */
  text: string;
  /** Whether it answered: status 0 or 1. */
  answered: boolean;
}

/** Whether a text is a finding's code. */
export function isCode(text: string): boolean {
  return CODE.test(text);
}

/** The arguments that say what a finding means. */
export function explainArguments(code: string): string[] {
  return ["explain", "--color", "never", code];
}

/** The arguments that say where the requests of a use case go; nothing a person types is taken for an option. */
export function resolveArguments(useCase: string, folder: string): string[] {
  return ["resolve", "--color", "never", "-C", folder, "--", useCase];
}

/** The arguments that start the language server. */
export function serverArguments(further: readonly string[]): string[] {
  return ["lsp", ...further];
}

/** Runs the program in a folder. Never rejects. */
export function run(program: string, args: string[], folder: string | undefined): Promise<Answer> {
  const options = { cwd: folder, timeout: PATIENCE_MS, maxBuffer: MOST_BYTES, windowsHide: true };
  return new Promise((resolve) => {
    execFile(program, args, options, (error, stdout, stderr) => {
      if (error === null || error.code === 1) {
        resolve({ text: stdout === "" ? stderr : stdout, answered: true });
      } else if (error.code === "ENOENT") {
        resolve({ text: notFound(program), answered: false });
      } else {
        resolve({ text: stderr === "" ? error.message : stderr, answered: false });
      }
    });
  });
}

/** What is said where there is no such program. */
function notFound(program: string): string {
  return `\`${program}\` is not found: install govctl, or say where it is in the setting \`govctl.path\``;
}
