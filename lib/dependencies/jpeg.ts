// The two halves by path: the package's index has no way to give the WebAssembly modules their own console.
export { default as jpegDecode, init as initJpegDecoder } from "npm:@jsquash/jpeg@1.6.0/decode.js";
export { default as jpegEncode, init as initJpegEncoder } from "npm:@jsquash/jpeg@1.6.0/encode.js";
