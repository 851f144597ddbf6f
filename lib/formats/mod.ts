/**
 * Bytes to values and back: pictures, arrays, weights, archives.
 *
 * ```ts
 * import { decodeImage, encodeGrey16Png, encodeNpy } from "@cliffnet/cliffnet/formats";
 * import { encodeRgbPng } from "@cliffnet/cliffnet/formats";
 * import { orThrow } from "@cliffnet/cliffnet";
 *
 * const png = encodeRgbPng({ height: 1, width: 1, pixels: new Uint8Array([255, 128, 0]) });
 * const { pixels } = orThrow(await decodeImage("orange.png", png)());
 * const millimetres = encodeGrey16Png(1, 1, new Uint16Array([1500]));
 * const metres = encodeNpy({ shape: [1, 1], values: new Float32Array([1.5]) });
 * ```
 *
 * @module
 */
export { httpSource, isUrl, openSource, sourceOfBytes } from "./byte_source.ts";
export { codecOf } from "./field_codecs.ts";
export { readBytes, readText, writeBytes, writeText } from "./files.ts";
export { decodeImage } from "./image.ts";
export { schemaOf } from "./json_schema.ts";
export { decodeNpy, encodeNpy } from "./npy.ts";
export { openTensorFile, readTensorFile } from "./open_tensor_file.ts";
export { decodeGrey16, decodePng, decodeRgbPng, encodeGrey16Png, encodeRgbPng } from "./png.ts";
export { encodeSafetensors, readSafetensors, writeSafetensors } from "./safetensors.ts";
export { indexTar } from "./tar_index.ts";
export { float32Values, storedFloat32 } from "./tensor_file.ts";
export { fromTorch, toTorch } from "./torch_layout.ts";
