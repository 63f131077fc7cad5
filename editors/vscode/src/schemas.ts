/** Which schema a YAML file of a workspace has: by its folder, and only beside policies. */

import { existsSync, readdirSync } from "node:fs";
import { basename, dirname, extname, join } from "node:path";

/** The folders of a workspace with the schemas of their files. */
const FOLDERS: ReadonlyMap<string, string> = new Map([
  ["registry", "registry"],
  ["estate", "estate"],
]);
/** How far below its folder a file may lie. */
const MOST_LEVELS = 16;

/** The name of a YAML file's schema, by its path on the disk; none where it is no file of a workspace. */
export function schemaOf(path: string): string | undefined {
  if (![".yaml", ".yml"].includes(extname(path))) {
    return undefined;
  }
  let folder = dirname(path);
  for (let level = 0; level < MOST_LEVELS && dirname(folder) !== folder; level += 1) {
    const schema = FOLDERS.get(basename(folder));
    if (schema !== undefined && isWorkspace(dirname(folder))) {
      return schema;
    }
    folder = dirname(folder);
  }
  return undefined;
}

/** A folder with a `govctl.yaml`, or with policies. */
function isWorkspace(folder: string): boolean {
  if (existsSync(join(folder, "govctl.yaml"))) {
    return true;
  }
  try {
    return readdirSync(join(folder, "policies")).some((name) => name.endsWith(".gov"));
  } catch {
    return false;
  }
}
