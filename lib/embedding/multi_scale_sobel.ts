import { tf } from "../dependencies/tensorflow.ts";
import { asFeatures, type DepthMaps } from "../tensor/features.ts";
import type { Embedding } from "./embedding.ts";
import { sobel } from "./sobel.ts";

/** Means of 2×2 pixels; a last row or column of odd sizes is left out. As a convolution, whose gradient is exact. */
const halved = (depth: DepthMaps): DepthMaps =>
  asFeatures(1, tf.tidy(() => tf.conv2d<tf.Tensor4D>(depth, tf.fill([2, 2, 1, 1], 0.25), 2, "valid")));

/** The depth map and its halves of halves, `count` in all. */
const halvings = (depth: DepthMaps, count: number): readonly DepthMaps[] =>
  count <= 1 ? [depth] : [depth, ...halvings(halved(depth), count - 1)];

/**
 * The fixed generator of the multi-scale gradient loss: level k, counted from 0, has the Sobel responses along x and y
 * of the depth map averaged over 2^k × 2^k pixels, (batch, ⌊height / 2^k⌋, ⌊width / 2^k⌋, 2), in metres.
 * `hierarchical(multiScaleSobel(4), [0, 1, 1, 1, 1])` is a loss; `multiScaleSobel(1)` is {@link sobel}.
 *
 * @param count How many levels, at least 1; depth maps need at least 2^(count − 1) rows and columns.
 */
export const multiScaleSobel = (count: number): Embedding => (depth) => halvings(depth, count).flatMap(sobel);
