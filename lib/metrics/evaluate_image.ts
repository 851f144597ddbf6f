import { E, type Either, pipe } from "../dependencies/fp.ts";
import type { Failure } from "../errors.ts";
import type { DepthImage } from "../formats/raster.ts";
import { type BoundarySums, boundarySumsOf } from "./boundary_sums.ts";
import { compare } from "./comparison.ts";
import { type DepthMetrics, metricsOf } from "./depth_metrics.ts";
import { type PixelSums, pixelSumsOf } from "./pixel_sums.ts";
import type { Protocol } from "./protocol.ts";

/** What a protocol measures of one image: sums, from which averages over images and over pixels follow. */
export interface ImageResult {
  /** The image's name. */
  readonly name: string;
  /** What its prediction was multiplied by, 1 without median scaling. */
  readonly scale: number;
  /** Sums over its valid pixels; their count is 0 if it has none. */
  readonly pixels: PixelSums;
  /** Sums over its boundary pixels. */
  readonly boundaries: BoundarySums;
  /** The metrics of the image alone; null without a valid pixel. */
  readonly metrics: DepthMetrics | null;
}

/**
 * Compares a prediction, of any size, with the ground truth of its image by a protocol, in double precision. The flip
 * test is the business of who predicts.
 *
 * Errors: "data" if the crop is for another size, "numeric" if a prediction that counts is not finite, or the median
 * that scales is not above 0, "format" if the size of comparison is too large, all naming the image; "configuration"
 * for a protocol that makes no sense.
 *
 * @param name The image's name, for messages and tables.
 */
export const evaluateImage = (
  protocol: Protocol,
  name: string,
  prediction: DepthImage,
  truth: DepthImage,
): Either<Failure, ImageResult> =>
  pipe(
    compare(protocol, name, prediction, truth),
    E.map((comparison) => {
      const pixels = pixelSumsOf(comparison);
      const boundaries = boundarySumsOf(comparison, protocol.boundaries);
      const metrics = metricsOf(pixels, boundaries, protocol.boundaries.reach);
      return { name, scale: comparison.scale, pixels, boundaries, metrics };
    }),
  );
