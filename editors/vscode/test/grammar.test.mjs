// The colours of policies: every word of the language has a scope, comments and strings are whole, in every policy of
// the repository.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { before, test } from "node:test";
import { fileURLToPath } from "node:url";

const require = createRequire(import.meta.url);
const { INITIAL, Registry } = require("vscode-textmate");
const oniguruma = require("vscode-oniguruma");

const here = fileURLToPath(new URL("..", import.meta.url));
const root = fileURLToPath(new URL("../../..", import.meta.url));
const read = (...path) => readFileSync(join(...path), "utf8");

let grammar;
before(async () => {
  await oniguruma.loadWASM(readFileSync(require.resolve("vscode-oniguruma/release/onig.wasm")));
  const registry = new Registry({
    onigLib: Promise.resolve({
      createOnigScanner: (patterns) => new oniguruma.OnigScanner(patterns),
      createOnigString: (text) => new oniguruma.OnigString(text),
    }),
    loadGrammar: async () => JSON.parse(read(here, "syntaxes/gov.tmLanguage.json")),
  });
  grammar = await registry.loadGrammar("source.gov");
});

/** The innermost scope of each character of a text, and all of them. */
function scopesOf(text) {
  const inner = [];
  let stack = INITIAL;
  for (const line of text.split("\n")) {
    const { tokens, ruleStack } = grammar.tokenizeLine(line, stack);
    stack = ruleStack;
    const scopes = new Array(line.length + 1).fill([]);
    for (const { startIndex, endIndex, scopes: all } of tokens) {
      scopes.fill(all, startIndex, Math.min(endIndex, line.length));
    }
    inner.push(...scopes);
  }
  return inner;
}

/** Stretches of a text as a person sees them: comments, strings, words, with their places. */
function* stretches(text) {
  const token = /#[^\n]*|"(?:[^"\\\n]|\\.)*"|[A-Za-z_][\w]*(?:[.:@-]\w+|\/\w+)*|\d[\w.:-]*/g;
  for (const match of text.matchAll(token)) {
    yield { text: match[0], at: match.index };
  }
}

/** The policies that the policy grammar takes, as a test of govctl wrote them. */
function policies() {
  const lines = read(root, "target/editors/judged.jsonl").trimEnd().split("\n");
  return lines.map((line) => JSON.parse(line)).filter(({ whole }) => whole).map(({ text }) => text);
}

/** All words of the policy grammar. */
function keywords() {
  const words = [...read(root, "grammar/gov.pest").matchAll(/"([a-z][a-z_.-]*)"/g)].map((match) => match[1]);
  return new Set(words.filter((word) => !["n", "t", "x", "s"].includes(word)));
}

/** All attributes that the model knows. */
function attributes() {
  const table = read(root, "src/model/attribute.rs");
  return new Set([...table.matchAll(/"([a-z][a-z0-9_.]*)" Type::/g)].map((match) => match[1]));
}

const isPlain = (scopes) => scopes.length === 1;
const has = (scopes, start) => scopes.some((scope) => scope.startsWith(start));

test("comments and strings are whole", () => {
  let seen = 0;
  for (const text of policies()) {
    const scopes = scopesOf(text);
    for (const { text: stretch, at } of stretches(text)) {
      const kind = { "#": "comment.line", '"': "string.quoted" }[stretch[0]];
      for (let i = 0; i < stretch.length; i += 1) {
        const place = `${JSON.stringify(stretch)} in\n${text}`;
        if (kind === undefined) {
          assert.ok(!has(scopes[at + i], "comment") && !has(scopes[at + i], "string.quoted"), place);
        } else if (stretch[i] !== "\r") {
          assert.ok(has(scopes[at + i], kind), place);
        }
      }
      seen += kind === undefined ? 0 : 1;
    }
    assert.ok(!scopes.some((all) => has(all, "invalid")), text);
  }
  assert.ok(seen > 1000, `${seen}`);
});

test("every word of the policy grammar has a scope wherever it stands", () => {
  const words = keywords();
  const met = new Set();
  for (const text of policies()) {
    const scopes = scopesOf(text);
    for (const { text: word, at } of stretches(text)) {
      if (words.has(word)) {
        met.add(word);
        for (let i = 0; i < word.length; i += 1) {
          assert.ok(!isPlain(scopes[at + i]), `${word} in\n${text}`);
        }
      }
    }
  }
  assert.deepEqual([...words].filter((word) => !met.has(word)), []);
});

test("every attribute has a scope of its own in a condition", () => {
  const all = attributes();
  assert.ok(all.size > 45, `${all.size}`);
  for (const attribute of all) {
    const text = `guarantee x {\n  always ${attribute} == a\n}`;
    const scopes = scopesOf(text);
    const at = text.indexOf(attribute);
    for (let i = 0; i < attribute.length; i += 1) {
      assert.equal(scopes[at + i].at(-1), "variable.language.attribute.gov", attribute);
    }
  }
});

test("what a word means depends on where it stands", () => {
  const scope = (text, word, nth = 0) => {
    const places = [...text.matchAll(new RegExp(word, "g"))].map((match) => match.index);
    return scopesOf(text)[places[nth]].at(-1);
  };
  assert.equal(scope("compliance rule a {", "compliance"), "storage.modifier.tier.gov");
  assert.equal(scope("compliance soc2, gdpr", "compliance"), "keyword.declaration.gov");
  assert.equal(scope("  match residency, compliance", "compliance"), "support.constant.aspect.gov");
  assert.equal(scope("  match\n  compliance,\n  # two\n  capabilities\n}", "compliance"), "support.constant.aspect.gov");
  assert.equal(scope("  match compliance,\n  capabilities\n}", "capabilities"), "support.constant.aspect.gov");
  assert.equal(scope("  match hosting\n}\ncompliance soc2", "compliance"), "keyword.declaration.gov");
  assert.equal(scope("  match hosting when compliance has a", "compliance"), "variable.language.attribute.gov");
  assert.equal(scope("  above 3\n x cost block", "x"), "keyword.other.unit.gov");
  assert.equal(scope("  cooldown 5\ns", "s", 0), "keyword.other.unit.gov");
  assert.equal(scope("teams a,\n  s, x", "s", 1), "source.gov");
  assert.equal(scope("  when compliance has gdpr", "compliance"), "variable.language.attribute.gov");
  assert.equal(scope("budget a {", "a"), "entity.name.function.gov");
  assert.equal(scope("  per team", "team"), "support.constant.unit.gov");
  assert.equal(scope("chain openai/gpt-4 -> a", "openai"), "entity.name.namespace.provider.gov");
  assert.equal(scope("chain openai/gpt-4 -> a", "gpt-4"), "variable.other.constant.model.gov");
  assert.equal(scope("prefer cheapest/x", "cheapest"), "entity.name.namespace.provider.gov");
  assert.equal(scope("retain 3 years", "years"), "keyword.other.unit.gov");
  assert.equal(scope("when a == support.*", "support"), "string.unquoted.pattern.gov");
  assert.equal(scope("from 2026-01-31", "2026"), "constant.other.date.gov");
  assert.equal(scope('because "a\\q"', "q"), "invalid.illegal.escape.gov");
});

test("a string that is not closed ends with its line", () => {
  const scopes = scopesOf('because "open\nwhen a');
  assert.ok(has(scopes['because "op'.length], "string.quoted"));
  assert.ok(has(scopes['because "open\nw'.length - 1], "keyword.control"));
});
