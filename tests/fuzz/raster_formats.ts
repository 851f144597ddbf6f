/** What is fuzzed of pictures and depth maps that come in many forms: TIFF, WebP and NPZ. */
import { pipe, type TaskEither, TE } from "../../lib/dependencies/fp.ts";
import type { Failure } from "../../lib/errors.ts";
import { decodeDepthFile } from "../../lib/formats/depth_file.ts";
import { decodeUpright } from "../../lib/formats/image.ts";
import { encodeNpy } from "../../lib/formats/npy.ts";
import { tiffOf } from "../formats/tiff_writer.ts";
import { lossless, lossy, transparent } from "../formats/webp_files.ts";
import { zipOf } from "../formats/zip_writer.ts";
import type { Decoded, Format } from "./format.ts";

/** A picture as viewers show it, so that what its EXIF data say is looked at, too. */
export const pictureOf = (name: string, bytes: Uint8Array): TaskEither<Failure, Decoded> =>
  pipe(decodeUpright(name, bytes), TE.map(({ pixels }) => ({ size: pixels.byteLength, numbers: [] })));

/** A depth map as its file stores it, whose numbers may be NaN: what they mean is for a layout to say. */
const storedDepth = (name: string, bytes: Uint8Array): TaskEither<Failure, Decoded> =>
  pipe(decodeDepthFile(name, bytes), TE.map(({ values }) => ({ size: 8 * values.length, numbers: [] })));

const levels = Array.from({ length: 63 }, (_, at) => 3 * at);

const metres = Float32Array.from({ length: 63 }, (_, at) => at / 8);

const sides = { height: 9, width: 7 } as const;

const tiffs = (): readonly Uint8Array[] => [
  tiffOf(metres, { ...sides, bits: 32, kind: "float", compression: "deflate", predictor: 3 }),
  tiffOf(metres, { ...sides, bits: 64, kind: "float", tile: [16, 16], compression: "PackBits" }),
  tiffOf(levels, { ...sides, bits: 16, compression: "LZW", predictor: 2, rowsPerStrip: 4, bigEndian: true }),
  tiffOf(levels, { height: 7, width: 3, samples: 3, bits: 8, planar: true, fields: { 274: [6] } }),
];

const archives = (): readonly Uint8Array[] => {
  const depth = encodeNpy({ shape: [9, 7], values: metres });
  const other = encodeNpy({ shape: [2], values: new Float32Array(2) });
  return [
    zipOf([{ name: "depth.npy", bytes: depth, isCompressed: true }, { name: "k.npy", bytes: other }]),
    zipOf([{ name: "arr_0.npy", bytes: depth }]),
  ];
};

/** TIFF, WebP and NPZ, each by what reads it first. */
export const rasterFormats: readonly Format[] = [
  {
    name: "tiff",
    sound: () => Promise.resolve(tiffs()),
    decode: (name, bytes) => pipe(storedDepth(name, bytes), TE.orElse(() => pictureOf(name, bytes))),
  },
  { name: "webp", sound: () => Promise.resolve([lossless, lossy, transparent]), decode: pictureOf },
  { name: "npz", sound: () => Promise.resolve(archives()), decode: storedDepth },
];
