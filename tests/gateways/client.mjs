// For `NODE_OPTIONS=--import=…`: another version of Node's client than the one that it has, from the folder in CLIENT.
import { createRequire } from "node:module";

globalThis.fetch = createRequire(import.meta.url)(process.env.CLIENT).fetch;
