/** Gives the extension of the YAML language server the schemas of registry and estate. */

import { readFile } from "node:fs/promises";
import { join } from "node:path";

import * as vscode from "vscode";

import { schemaOf } from "./schemas";

/** The part of that extension's interface that is used here. */
interface YamlExtension {
  registerContributor(
    schema: string,
    requestSchema: (resource: string) => string | undefined,
    requestSchemaContent: (uri: string) => Promise<string> | string,
  ): boolean;
}

const YAML_EXTENSION = "redhat.vscode-yaml";
const SCHEME = "govctl-schema";

/** Offers the schemas, where the other extension is installed. */
export async function contributeSchemas(context: vscode.ExtensionContext): Promise<void> {
  const other = vscode.extensions.getExtension<YamlExtension>(YAML_EXTENSION);
  const yaml = await other?.activate();
  yaml?.registerContributor(SCHEME, schemaUri, (uri) => readFile(schemaFile(context.extensionPath, uri), "utf8"));
}

/** The address of the schema of a file, by the file's address. */
function schemaUri(resource: string): string | undefined {
  const uri = vscode.Uri.parse(resource);
  const name = uri.scheme === "file" ? schemaOf(uri.fsPath) : undefined;
  return name === undefined ? undefined : `${SCHEME}://schemas/${name}`;
}

/** Where a schema lies in this extension. */
function schemaFile(extension: string, uri: string): string {
  const name = uri.endsWith("/registry") ? "registry" : "estate";
  return join(extension, "schemas", `${name}.schema.json`);
}
