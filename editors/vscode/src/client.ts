/** The client of `govctl lsp`. */

import * as vscode from "vscode";
import { LanguageClient, type LanguageClientOptions, type ServerOptions, TransportKind } from "vscode-languageclient/node";

import type { Answers } from "./answers";
import { program } from "./commands";
import { serverArguments } from "./program";

/** Which documents the server reads: policies, and the YAML files of a workspace. */
export const DOCUMENTS = [
  { scheme: "file", language: "gov" },
  { scheme: "file", language: "yaml", pattern: "**/{registry,estate}/**" },
  { scheme: "file", language: "yaml", pattern: "**/govctl.yaml" },
];

/** How the server is started. */
export function serverOptions(): ServerOptions {
  const further = vscode.workspace.getConfiguration("govctl").get<string[]>("arguments", []);
  return { command: program(), args: serverArguments(further), transport: TransportKind.stdio };
}

/** What the client asks of the server, and what it does with the answers of its commands. */
export function clientOptions(answers: Answers): LanguageClientOptions {
  return {
    documentSelector: DOCUMENTS,
    diagnosticCollectionName: "govctl",
    synchronize: { fileEvents: vscode.workspace.createFileSystemWatcher("**/*.{gov,yaml,yml}") },
    middleware: {
      // A command of a code lens answers with a text, such as the sentence of a use case: a person wants to see it.
      async executeCommand(command, args, next) {
        const said: unknown = await next(command, args);
        if (typeof said === "string" && said !== "") {
          await answers.show(command.replace(/^govctl\./, ""), said);
        }
        return said;
      },
    },
  };
}

/** A client that is not yet started. */
export function newClient(answers: Answers): LanguageClient {
  return new LanguageClient("govctl", "govctl", serverOptions(), clientOptions(answers));
}
