// What the manifest names exists, and every snippet is a policy in the layout of `govctl fmt`.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const here = new URL("..", import.meta.url);
const json = (path) => JSON.parse(readFileSync(new URL(path, here), "utf8"));
const { contributes, main } = json("package.json");
const govctl = process.env.GOVCTL ?? fileURLToPath(new URL("../../target/debug/govctl", here));

test("every file that the manifest names exists", () => {
  const named = [
    main,
    ...contributes.languages.map(({ configuration }) => configuration),
    ...contributes.grammars.map(({ path }) => path),
    ...contributes.snippets.map(({ path }) => path),
    ...contributes.yamlValidation.map(({ url }) => url),
  ];
  assert.deepEqual(named.filter((path) => !existsSync(new URL(path, here))), []);
});

test("every command of the manifest is registered", () => {
  const source = readFileSync(new URL("src/extension.ts", here), "utf8");
  const registered = new Set([...source.matchAll(/command\("([a-zA-Z.]+)"/g)].map((match) => match[1]));
  assert.deepEqual(new Set(contributes.commands.map(({ command }) => command)), registered);
});

test("the patterns of the language configuration are regular expressions that do what they say", () => {
  const { wordPattern, indentationRules } = json("language-configuration.json");
  assert.equal(new RegExp(wordPattern).exec("model.latency_p95 <")[0], "model.latency_p95");
  const opens = new RegExp(indentationRules.increaseIndentPattern);
  assert.ok(opens.test("budget a {") && opens.test("budget a { # b") && !opens.test("budget a { limit 1 usd per day }"));
  assert.ok(new RegExp(indentationRules.decreaseIndentPattern).test("}"));
});

/** The policies that a snippet can become: each of the words of each choice once. */
function* policies(body) {
  const choices = [...body.matchAll(/\$\{\d+\|([^|]*)\|\}/g)].map((match) => match[1].split(","));
  const most = Math.max(1, ...choices.map((words) => words.length));
  for (let turn = 0; turn < most; turn += 1) {
    let nth = 0;
    const chosen = body.replace(/\$\{\d+\|[^|]*\|\}/g, () => {
      const words = choices[nth++];
      return words[turn % words.length];
    });
    const filled = new Map([...chosen.matchAll(/\$\{(\d+):([^}]*)\}/g)].map((match) => [match[1], match[2]]));
    yield chosen.replace(/\$\{(\d+):([^}]*)\}/g, "$2").replace(/\$(\d+)/g, (_, number) => filled.get(number));
  }
}

test("every snippet is a policy, laid out", { skip: !existsSync(govctl) && "NOT TESTED: there is no govctl" }, () => {
  for (const [name, { body }] of Object.entries(json(contributes.snippets[0].path))) {
    for (const policy of policies(body.join("\n"))) {
      const said = spawnSync(govctl, ["fmt", "--check", "-"], { input: `${policy}\n`, encoding: "utf8" });
      assert.equal(said.status, 0, `${name}:\n${policy}\n${said.stdout}${said.stderr}`);
    }
  }
});
