/** The files of a sample in a shard: its own where reading them gives the very same sample, else files without loss. */
import { E, pipe, type TaskEither } from "../../dependencies/fp.ts";
import type { Failure } from "../../errors.ts";
import { encodeNpy } from "../../formats/npy.ts";
import { formatOf, pictureFormats } from "../../formats/picture_formats.ts";
import { decodeGrey16, encodeGrey16Png, encodeRgbPng } from "../../formats/png.ts";
import type { DepthImage, RgbImage } from "../../formats/raster.ts";
import type { OriginalFiles, Sample } from "../dataset.ts";
import { layOnDepth } from "../turning.ts";
import { type About, depthOf, imageOf, type SampleFiles } from "./shard_sample.ts";

const millimetres = 1000;

/** Whether every depth is a whole number of millimetres that a 16-bit PNG holds. */
const isInMillimetres = ({ metres }: DepthImage): boolean =>
  metres.every((depth) => {
    const units = Math.round(depth * millimetres);
    return units <= 65535 && Math.fround(units / millimetres) === depth;
  });

/** Depth in a file, and the units of it in a metre. */
interface EncodedDepth {
  readonly files: SampleFiles<Uint8Array>;
  readonly depthScale: number;
}

/** Depth without loss: a PNG of millimetres where it holds every value, or float32 metres. */
const encodeDepth = (depth: DepthImage): EncodedDepth => {
  const { height, width, metres } = depth;
  const depthScale = millimetres;
  if (!isInMillimetres(depth)) {
    return { files: { "depth.npy": encodeNpy({ shape: [height, width], values: metres }) }, depthScale };
  }
  const units = Uint16Array.from(metres, (value) => Math.round(value * millimetres));
  return { files: { "depth.png": encodeGrey16Png(height, width, units) }, depthScale };
};

/** The extension of a picture by its first bytes; null for none that the reader of shards knows. */
const extensionOf = (bytes: Uint8Array): string | null => {
  const found = formatOf(pictureFormats, bytes);
  return pictureFormats.find(({ name }) => name === found)?.endings[0] ?? null;
};

const samePixels = (one: RgbImage, other: RgbImage): boolean =>
  one.height === other.height && one.width === other.width &&
  one.pixels.every((value, at) => value === other.pixels[at]);

const sameDepth = (one: DepthImage, other: DepthImage): boolean =>
  one.height === other.height && one.width === other.width &&
  one.metres.every((value, at) => value === other.metres[at]);

/** The bytes of a file if they can be had: what is kept of them is a gain, and never a reason to fail. */
const bytesOf = async (read: TaskEither<Failure, Uint8Array> | undefined): Promise<Uint8Array | null> => {
  const bytes = read === undefined ? null : await read();
  return bytes === null || E.isLeft(bytes) ? null : bytes.right;
};

/** The picture's own file where it gives the same pixels on this depth, else a PNG. */
const imageFiles = async (
  { image, depth }: Pick<Sample, "image" | "depth">,
  originals: OriginalFiles | undefined,
): Promise<SampleFiles<Uint8Array>> => {
  const bytes = await bytesOf(originals?.image);
  const extension = bytes === null ? null : extensionOf(bytes);
  if (bytes !== null && extension !== null) {
    const files = { [extension]: bytes };
    const decoded = await imageOf("the original", files)();
    if (E.isRight(decoded) && samePixels(layOnDepth(decoded.right, depth).image, image)) return files;
  }
  return { png: encodeRgbPng(image) };
};

/** The units of a depth map in a metre, as the farthest pixel tells, to a thousandth; null where nothing is measured. */
const scaleFrom = (levels: Uint16Array, metres: Float32Array): number | null => {
  if (levels.length !== metres.length) return null;
  const farthest = metres.reduce((best, depth, at) => depth > metres[best]! ? at : best, 0);
  const ratio = levels[farthest]! / metres[farthest]!;
  if (!(ratio > 0 && ratio < Infinity)) return null;
  return Math.abs(ratio - Math.round(ratio)) < 1e-3 ? Math.round(ratio) : Math.round(1000 * ratio) / 1000;
};

/** The depth map's own file where it decodes to the same depth, in proportion to its levels. */
const keptDepth = async (depth: DepthImage, originals: OriginalFiles | undefined): Promise<EncodedDepth | null> => {
  const bytes = await bytesOf(originals?.depth);
  if (bytes === null || extensionOf(bytes) !== "png") return null;
  const files = { "depth.png": bytes };
  return pipe(
    decodeGrey16("the original", bytes),
    E.map(({ values }) => scaleFrom(values, depth.metres)),
    E.chain((depthScale) =>
      depthScale === null ? E.right(null) : pipe(
        depthOf("the original", files, depthScale),
        E.map((decoded) => sameDepth(decoded, depth) ? { files, depthScale } : null),
      )
    ),
    E.getOrElse((): EncodedDepth | null => null),
  );
};

/** The files of a sample, from which the reader of shards has the very same sample. */
export const encodeSample = async (
  sample: Sample,
  originals?: OriginalFiles,
): Promise<SampleFiles<Uint8Array>> => {
  const { name, depth, scene, intrinsics } = sample;
  const { files, depthScale } = await keptDepth(depth, originals) ?? encodeDepth(depth);
  const about: About = { name, scene, intrinsics, depthScale };
  return {
    ...await imageFiles(sample, originals),
    ...files,
    json: new TextEncoder().encode(JSON.stringify(about)),
  };
};
