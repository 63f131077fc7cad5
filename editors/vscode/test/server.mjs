#!/usr/bin/env node
// Stands in for govctl: a language server that writes down what it is asked, and two commands that answer.
import { appendFileSync } from "node:fs";

const [command, ...rest] = process.argv.slice(2);
const note = (line) => appendFileSync(process.env.GOVCTL_STUB_LOG, `${line}\n`);
if (command !== "--version") {
  note(`run ${[command, ...rest].join(" ")}`);
}

const answer = (id, result) => send({ id, result });

function send(message) {
  const text = JSON.stringify({ jsonrpc: "2.0", ...message });
  process.stdout.write(`Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`);
}

function lsp() {
  let read = Buffer.alloc(0);
  process.stdin.on("data", (chunk) => {
    read = Buffer.concat([read, chunk]);
    for (;;) {
      const head = read.indexOf("\r\n\r\n");
      const length = head < 0 ? 0 : Number(/Content-Length: (\d+)/.exec(read.subarray(0, head).toString())[1]);
      if (head < 0 || read.length < head + 4 + length) {
        return;
      }
      const message = JSON.parse(read.subarray(head + 4, head + 4 + length).toString());
      read = read.subarray(head + 4 + length);
      // Nothing is written after the answer to `shutdown`: the tests may have tidied up by then.
      if (message.method !== "exit") {
        note(`${message.method}`);
      }
      if (message.method === "initialize") {
        answer(message.id, { capabilities: { executeCommandProvider: { commands: ["govctl.resolve"] } } });
      } else if (message.method === "workspace/executeCommand") {
        const said = `${message.params.arguments[0]} goes to openai/gpt-4`;
        send({ method: "window/showMessage", params: { type: 3, message: said } });
        answer(message.id, said);
      } else if (message.method === "exit") {
        process.exit(0);
      } else if (message.id !== undefined) {
        answer(message.id, null);
      }
    }
  });
}

if (command === "lsp") {
  lsp();
} else if (rest.at(-1) === "broken") {
  process.stderr.write("no workspace here\n");
  process.exit(2);
} else {
  process.stdout.write(`${[command, ...rest].join(" ")}\n`);
}
