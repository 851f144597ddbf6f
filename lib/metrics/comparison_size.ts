import { E, type Either, pipe } from "../dependencies/fp.ts";
import type { Failure } from "../errors.ts";
import { checkDimensions } from "../formats/limits.ts";
import type { DepthImage } from "../formats/raster.ts";

/** At which size prediction and ground truth are compared. */
export type Resizing =
  /** At that of the ground truth. */
  | { readonly kind: "truth" }
  /** With this many pixels along the shorter side, the other one in proportion and rounded down. */
  | { readonly kind: "short-side"; readonly pixels: number };

/**
 * The height and width at which an image with a ground truth of this size is compared.
 *
 * Errors: "format", naming the image, if that is too large, as of a picture that is very long and very narrow.
 *
 * @param name The image's name, for messages.
 */
export const comparisonSize = (
  resizing: Resizing,
  name: string,
  height: number,
  width: number,
): Either<Failure, readonly [height: number, width: number]> => {
  if (resizing.kind === "truth") return E.right([height, width]);
  const side = (size: number): number => Math.floor(size * resizing.pixels / Math.min(height, width));
  return pipe(
    checkDimensions(name, side(height), side(width)),
    E.map(() => [side(height), side(width)]),
  );
};

/** For one output pixel of an axis: its two neighbours in the input, and how much the second one weighs. */
const neighbours = (from: number, to: number) =>
  Array.from({ length: to }, (_, at) => {
    const position = Math.min(Math.max((at + 0.5) * from / to - 0.5, 0), from - 1);
    const first = Math.floor(position);
    return { first, second: Math.min(first + 1, from - 1), weight: position - first };
  });

/**
 * A prediction at another size: bilinear at half-pixel centres, edges clamped, without antialiasing. Ground truth,
 * which has holes, must not be resized so.
 */
export const resizePrediction = (prediction: DepthImage, height: number, width: number): DepthImage => {
  if (prediction.height === height && prediction.width === width) return prediction;
  const [rows, columns] = [neighbours(prediction.height, height), neighbours(prediction.width, width)];
  const metres = new Float32Array(height * width);
  const at = (row: number, column: number): number => prediction.metres[row * prediction.width + column]!;
  rows.forEach((row, down) =>
    columns.forEach(({ first, second, weight }, across) => {
      const upper = at(row.first, first) * (1 - weight) + at(row.first, second) * weight;
      const lower = at(row.second, first) * (1 - weight) + at(row.second, second) * weight;
      metres[down * width + across] = upper * (1 - row.weight) + lower * row.weight;
    })
  );
  return { height, width, metres };
};

/** A size in words. */
export const describeResizing = (resizing: Resizing): string =>
  resizing.kind === "truth"
    ? "that of the ground truth, to which predictions are resized bilinearly"
    : `${resizing.pixels} pixels along the shorter side, to which pictures and predictions are resized bilinearly and ` +
      "ground truth by the nearest pixel";
