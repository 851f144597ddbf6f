// Only the reading half: no codecs and no workers are loaded for it, and it reads through a random-access reader.
export { ZipReader } from "npm:@zip.js/zip.js@2.24.0/lib/zip-core-reader.js";
export type { FileEntry, Reader } from "npm:@zip.js/zip.js@2.24.0/lib/zip-core-reader.js";
