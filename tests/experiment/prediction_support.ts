/** What tests of predictions share: a network that needs no device, and folders of pictures. */
import { TE } from "../../lib/dependencies/fp.ts";
import type { DepthFormat } from "../../lib/pictures/depth_formats.ts";
import { depthFormats } from "../../lib/pictures/depth_formats.ts";
import type { Predictor } from "../../lib/train/depth_network.ts";
import { assert } from "../std.ts";
import { pngOf } from "../tasks/support.ts";

/** Depth in metres by a picture's red. */
export const redPredictor = (metresOf: (red: number) => number): Predictor => ({ height, width, pixels }) =>
  TE.right({
    height,
    width,
    metres: Float32Array.from({ length: height * width }, (_, at) => metresOf(pixels[3 * at] ?? NaN)),
  });

/** The format of a name. */
export const formatOf = (name: string): DepthFormat => {
  const format = depthFormats.find((each) => each.name === name);
  assert(format !== undefined, name);
  return format;
};

/** Writes small pictures, each of its own size, and gives their paths. */
export const writeImages = (folder: string, ...names: readonly string[]): readonly string[] =>
  names.map((name, at) => {
    Deno.writeFileSync(`${folder}/${name}`, pngOf(4 + at, 6));
    return `${folder}/${name}`;
  });

/** A PNG of a depth map as predict writes it. */
export const ownPng = (): Uint8Array =>
  formatOf("png16").encode({ height: 2, width: 2, metres: new Float32Array([1, 2, 3, 4]) });
