// Which finding a command means.
import assert from "node:assert/strict";
import { buildSync } from "esbuild";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

import { fresh, load } from "./vscode.mjs";

const { vscode } = fresh();
const outfile = join(mkdtempSync(join(tmpdir(), "govctl-vscode-")), "findings.js");
const entryPoints = [fileURLToPath(new URL("../src/findings.ts", import.meta.url))];
buildSync({ entryPoints, outfile, bundle: true, platform: "node", format: "cjs", external: ["vscode"] });
const { codesAt } = load(outfile, vscode);

const finding = (code, range, source = "govctl") => ({ code, source, range: new vscode.Range(...range) });
const at = (line, character) => new vscode.Position(line, character);

test("the finding at the cursor is meant, else those of its line", () => {
  const all = [
    finding("dead-rule", [2, 0, 2, 9]),
    finding({ value: "missing-reason", target: "" }, [2, 12, 2, 20]),
    finding("missing-reason", [2, 30, 2, 31]),
    finding("no-unused", [2, 0, 2, 90], "another linter"),
    finding("unroutable", [7, 0, 9, 1]),
  ];
  assert.deepEqual(codesAt(all, at(2, 4)), ["dead-rule"]);
  assert.deepEqual(codesAt(all, at(2, 13)), ["missing-reason"]);
  assert.deepEqual(codesAt(all, at(2, 10)), ["dead-rule", "missing-reason"]);
  assert.deepEqual(codesAt(all, at(8, 70)), ["unroutable"]);
  assert.deepEqual(codesAt(all, at(4, 0)), []);
});

test("what is no code is no finding", () => {
  assert.deepEqual(codesAt([finding(undefined, [0, 0, 0, 1]), finding("--help", [0, 0, 0, 1])], at(0, 0)), []);
});
