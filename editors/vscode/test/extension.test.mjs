// The extension without VS Code: what it starts, what it asks the program, what it shows.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import { fileURLToPath } from "node:url";

import { fresh, load } from "./vscode.mjs";

const bundle = fileURLToPath(new URL("../dist/extension.js", import.meta.url));
const stub = fileURLToPath(new URL("server.mjs", import.meta.url));
const govctl = process.env.GOVCTL ?? fileURLToPath(new URL("../../../target/debug/govctl", import.meta.url));
const serves = spawnSync(govctl, ["lsp", "--help"]).status === 0;

let folder;
let log;
let vscode;
let world;
let extension;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "govctl-vscode-"));
  log = join(folder, "log");
  writeFileSync(log, "");
  process.env.GOVCTL_STUB_LOG = log;
  ({ vscode, world } = fresh());
  world.settings["govctl.path"] = stub;
  extension = load(bundle, vscode);
});

afterEach(async () => {
  await extension.deactivate();
  rmSync(folder, { recursive: true, force: true });
});

const context = () => ({ subscriptions: [], extensionPath: fileURLToPath(new URL("..", import.meta.url)) });
const asked = () => readFileSync(log, "utf8").trimEnd().split("\n");

test("the server is started, and stopped with the extension", async () => {
  world.settings["govctl.arguments"] = ["--quiet"];
  await extension.activate(context());
  await extension.deactivate();
  const [first, ...messages] = asked();
  assert.match(first, /^run lsp --quiet/);
  assert.deepEqual(messages.slice(0, 2), ["initialize", "initialized"]);
  assert.ok(messages.includes("shutdown"), messages.join());
  assert.deepEqual(world.said, []);
});

test("the sentence behind a code lens is shown", async () => {
  await extension.activate(context());
  await world.commands.get("govctl.resolve")("planning", "file:///policies/a.gov");
  assert.ok(asked().includes("workspace/executeCommand"));
  assert.deepEqual(world.said, ["planning goes to openai/gpt-4"]);
});

test("nothing is started in a folder that is not trusted, until it is", async () => {
  world.trusted = false;
  await extension.activate(context());
  await world.commands.get("govctl.explain")("unroutable");
  assert.deepEqual(asked(), [""]);
  assert.deepEqual(world.said, ["govctl runs only in a folder that you trust"]);
  world.trusted = true;
  await world.commands.get("govctl.restart")();
  assert.equal(asked()[1], "initialize");
});

test("a program that is not there is said once, with what to do", async () => {
  world.settings["govctl.path"] = "/nowhere/govctl";
  await extension.activate(context());
  assert.deepEqual(world.said, [
    "`/nowhere/govctl` is not found: install govctl, or say where it is in the setting `govctl.path`",
  ]);
});

test("a finding is explained by its code", async () => {
  await extension.activate(context());
  await world.commands.get("govctl.explain")("failover-cycle");
  assert.deepEqual(world.shown, [
    { name: "explain failover-cycle.txt", text: "explain --color never failover-cycle\n" },
  ]);
});

test("what is no code is not handed to the program", async () => {
  await extension.activate(context());
  for (const given of ["--help", "a b", "", 7]) {
    await world.commands.get("govctl.explain")(given);
  }
  assert.deepEqual(world.shown, []);
});

test("a use case is resolved in its folder, whatever its name looks like", async () => {
  await extension.activate(context());
  await world.commands.get("govctl.resolveUseCase")("--all", folder);
  assert.equal(world.shown[0].text, `resolve --color never -C ${folder} -- --all\n`);
});

test("what the program refuses is said", async () => {
  await extension.activate(context());
  await world.commands.get("govctl.resolveUseCase")("broken", folder);
  assert.deepEqual(world.said, ["no workspace here\n"]);
});

test("registry and estate have their schemas, beside policies only", async () => {
  await extension.activate(context());
  const [scheme, schemaOf, content] = world.schemas;
  const uri = (path) => `file://${join(folder, path)}`;
  mkdirSync(join(folder, "policies"));
  assert.equal(schemaOf(uri("registry/a.yaml")), undefined);
  writeFileSync(join(folder, "policies/a.gov"), "");
  assert.equal(schemaOf(uri("registry/a.yaml")), `${scheme}://schemas/registry`);
  assert.equal(schemaOf(uri("registry/eu/a.yml")), `${scheme}://schemas/registry`);
  assert.equal(schemaOf(uri("estate/a.yaml")), `${scheme}://schemas/estate`);
  assert.equal(schemaOf(uri("policies/a.yaml")), undefined);
  assert.equal(schemaOf(uri("registry/a.json")), undefined);
  assert.equal(schemaOf("untitled:registry/a.yaml"), undefined);
  const schema = JSON.parse(await content(`${scheme}://schemas/registry`));
  assert.equal(schema.title, "govctl provider registry");
});

test("the real server starts and stops with the extension", { skip: !serves && "NOT TESTED: there is no govctl with a server" }, async () => {
  world.settings["govctl.path"] = govctl;
  await extension.activate(context());
  assert.ok(world.commands.has("govctl.resolve"), "the server offers the command of its code lenses");
  await extension.deactivate();
  assert.deepEqual(world.said, []);
});
