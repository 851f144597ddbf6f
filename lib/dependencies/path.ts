export { basename, dirname, join } from "node:path";
export { pathToFileURL } from "node:url";
