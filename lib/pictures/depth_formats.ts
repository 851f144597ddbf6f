import { encodeNpy } from "../formats/npy.ts";
import { encodeGrey16Png, encodeRgbPng } from "../formats/png.ts";
import type { DepthImage } from "../formats/raster.ts";
import { depthPicture } from "./panel.ts";

/** A kind of file that a depth map can be written as. */
export interface DepthFormat {
  /** What `--format` calls it. */
  readonly name: string;
  /** What the name of such a file ends with, after that of the image. */
  readonly suffix: string;
  /** What the file holds, in a word or two. */
  readonly description: string;
  /** The bytes of the file. */
  readonly encode: (depth: DepthImage) => Uint8Array;
}

/** Millimetres; what is not positive is 0, no measurement, and what is beyond 16 bits is the largest value. */
const millimetres = (metres: Float32Array): Uint16Array => {
  const levels = new Uint16Array(metres.length);
  // Not by Uint16Array.from, which puts all of them on a list first.
  for (let at = 0; at < levels.length; at++) levels[at] = Math.min(Math.max(Math.round(metres[at]! * 1000), 0), 65535);
  return levels;
};

/** The files that a depth map can be written as. To add one is to add an entry: names, help and messages follow from it. */
export const depthFormats: readonly DepthFormat[] = [
  {
    name: "color",
    suffix: "_depth.png",
    description: "picture",
    encode: (depth) => encodeRgbPng(depthPicture(depth)),
  },
  {
    name: "png16",
    suffix: "_depth16.png",
    description: "millimetres",
    encode: ({ height, width, metres }) => encodeGrey16Png(height, width, millimetres(metres)),
  },
  {
    name: "npy",
    suffix: "_depth.npy",
    description: "float32 metres",
    encode: ({ height, width, metres }) => encodeNpy({ shape: [height, width], values: metres }),
  },
];
