/** Bilinear resizing with half-pixel centres, between the sizes of the pyramid and others. */
import { resizeBilinear } from "../../../lib/nn/resize.ts";
import { resize } from "../reference.ts";
import { featuresOf } from "./convolution.ts";
import { linear, type Operation, operation } from "./operation.ts";

type Four = readonly [number, number, number, number];

/** A place among n pixels is rounded as a number of up to n, and so are the shares of its neighbours. */
const resizing = (from: Four, to: readonly [number, number]): Operation =>
  operation(
    `resizing of [${from}] to ${to}`,
    [linear(from, Math.ceil(2 * to[0] / from[1]) * Math.ceil(2 * to[1] / from[2]))],
    (x) => resizeBilinear(featuresOf(x), to),
    ({ values }) => ({ shape: [from[0], ...to, from[3]], values: resize(from, to, values, []).y }),
    { condition: Math.max(from[1], from[2]) },
  );

/** Up through the pyramid's sizes and to the picture's, down, one way each, and to the same size. */
export const resizings: readonly Operation[] = [
  resizing([3, 8, 10, 5], [15, 19]),
  resizing([1, 15, 19, 8], [29, 38]),
  resizing([3, 29, 38, 2], [57, 76]),
  resizing([1, 57, 76, 1], [228, 304]),
  resizing([1, 57, 76, 3], [29, 38]),
  resizing([3, 29, 38, 1], [15, 19]),
  resizing([1, 15, 19, 4], [8, 10]),
  resizing([3, 5, 9, 2], [9, 4]),
  resizing([3, 3, 4, 1], [7, 31]),
  resizing([1, 1, 1, 3], [4, 5]),
  resizing([3, 6, 7, 2], [1, 1]),
  resizing([3, 6, 7, 2], [6, 7]),
];
