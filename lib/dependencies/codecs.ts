// Deno's own zlib: native, bounded by `maxOutputLength`, and it verifies the checksum of the stream.
export { crc32, deflateSync, inflateRawSync, inflateSync } from "node:zlib";

// The two halves by path: the package's index has no way to give the WebAssembly modules their own console.
export { default as jpegDecode, init as initJpegDecoder } from "npm:@jsquash/jpeg@1.6.0/decode.js";
export { default as jpegEncode, init as initJpegEncoder } from "npm:@jsquash/jpeg@1.6.0/encode.js";

// Only the reading half: no codecs and no workers are loaded for it, and it reads through a random-access reader.
export { ZipReader } from "npm:@zip.js/zip.js@2.24.0/lib/zip-core-reader.js";
export type { FileEntry, Reader } from "npm:@zip.js/zip.js@2.24.0/lib/zip-core-reader.js";

export type { ParsedTarEntry } from "npm:modern-tar@0.8.6";
export { createTarDecoder, packTar } from "npm:modern-tar@0.8.6";

export { CsvError, parse as parseCsv } from "npm:csv-parse@7.0.3/sync";
