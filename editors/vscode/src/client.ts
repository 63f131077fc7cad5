/** The client of `govctl lsp`. */

import * as vscode from "vscode";
import { LanguageClient, type LanguageClientOptions, type ServerOptions, TransportKind } from "vscode-languageclient/node";

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

/** Which files the client speaks of. */
export function clientOptions(): LanguageClientOptions {
  return {
    documentSelector: DOCUMENTS,
    diagnosticCollectionName: "govctl",
    synchronize: { fileEvents: vscode.workspace.createFileSystemWatcher("**/*.{gov,yaml,yml}") },
  };
}

/** A client that is not yet started. */
export function newClient(): LanguageClient {
  return new LanguageClient("govctl", "govctl", serverOptions(), clientOptions());
}
