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
export type { Either, TaskEither } from "../dependencies/fp.ts";
export type { Failure, FailureKind } from "../errors.ts";
export { type ByteSource, type HttpOptions, httpSource, isUrl, openSource, sourceOfBytes } from "./byte_source.ts";
export type { Dtype } from "./bytes.ts";
export { decodeDepthFile, type StoredDepth } from "./depth_file.ts";
export { codecOf } from "./field_codecs.ts";
export type {
  BooleanField,
  ChoiceField,
  Described,
  EitherField,
  Field,
  Fields,
  GroupField,
  ListField,
  NamedField,
  NumberField,
  OpenField,
  TextField,
  ValueOf,
  ValuesOf,
  VariantField,
  VariantOf,
} from "./fields.ts";
export { type FileKind, fileKind } from "./file_kinds.ts";
export { type Chunks, readBytes, readText, writeBytes, writeText } from "./files.ts";
export { decodeImage } from "./image.ts";
export { type JsonSchema, schemaOf } from "./json_schema.ts";
export { decodeNpy, encodeNpy, type NpyArray } from "./npy.ts";
export { openTensorFile, readTensorFile } from "./open_tensor_file.ts";
export { depthFileFormats, type FileFormat, pictureFormats } from "./picture_formats.ts";
export {
  decodeGrey16,
  decodePng,
  decodeRgbPng,
  encodeGrey16Png,
  encodeRgbPng,
  type GreyImage,
  type PngImage,
} from "./png.ts";
export type { PngBitDepth } from "./png_chunks.ts";
export type { DepthImage, RasterSize, RgbImage, ValueMap } from "./raster.ts";
export { encodeSafetensors, type LazyTensor, readSafetensors, writeSafetensors } from "./safetensors.ts";
export { type FileUse, type SizeLimit, sizeLimits } from "./size_limits.ts";
export { indexTar, type TarMember } from "./tar_index.ts";
export {
  float32Values,
  type PlainValue,
  storedFloat32,
  type StoredTensor,
  type TensorEntry,
  type TensorFile,
  type TensorFileFormat,
} from "./tensor_file.ts";
export { fromTorch, type ShapedValues, type TensorShape, toTorch } from "./torch_layout.ts";
