// By path: the package's index loads the encoder as well.
export { default as webpDecode, init as initWebpDecoder } from "npm:@jsquash/webp@1.5.0/decode.js";
