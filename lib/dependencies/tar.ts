export type { ParsedTarEntry } from "npm:modern-tar@0.8.6";
export { createTarDecoder, packTar } from "npm:modern-tar@0.8.6";
