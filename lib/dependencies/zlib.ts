// Deno's own zlib: native, bounded by `maxOutputLength`, and it verifies the checksum of the stream.
export { crc32, deflateSync, inflateSync } from "node:zlib";
