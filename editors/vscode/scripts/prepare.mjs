// Brings into the extension what the repository has once: the schemas and the licence.
import { copyFileSync, mkdirSync } from "node:fs";

const here = new URL("..", import.meta.url);
const root = new URL("../..", here);
mkdirSync(new URL("schemas/", here), { recursive: true });
for (const name of ["registry", "estate", "config"]) {
  copyFileSync(new URL(`schemas/${name}.schema.json`, root), new URL(`schemas/${name}.schema.json`, here));
}
copyFileSync(new URL("LICENSE", root), new URL("LICENSE", here));
