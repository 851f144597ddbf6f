/** The maximum of 3×3 pixels around every second one, and the mean of all pixels. */
import { globalAveragePool, maxPool } from "../../../lib/nn/operations.ts";
import { maxPool as reference } from "../reference.ts";
import { featuresOf } from "./convolution.ts";
import { at, generate, sumOver } from "./numbers.ts";
import { curved, linear, type Operand, type Operation, operation } from "./operation.ts";

type Four = readonly [number, number, number, number];

const nothing = { params: {}, statistics: {} };

const maximum = (what: string, shape: Four, values?: Operand["values"]): Operation =>
  operation(
    `maximum of 3×3 of [${shape}], ${what}`,
    [curved(shape, 4, values)],
    (x) => maxPool(shape[3]).apply(nothing, featuresOf(x), "training")[0],
    ({ values }) => ({
      shape: [shape[0], Math.ceil(shape[1] / 2), Math.ceil(shape[2] / 2), shape[3]],
      values: Float64Array.from(reference(shape, values, [], "first").y),
    }),
  );

const average = (shape: Four): Operation =>
  operation(
    `mean over height and width of [${shape}]`,
    [linear(shape)],
    (x) => globalAveragePool(shape[3]).apply(nothing, featuresOf(x), "training")[0],
    (x) =>
      generate([shape[0], shape[3]], (n, c) => {
        const pixel = (k: number): number => at(x, n, Math.floor(k / shape[2]), k % shape[2], c);
        return sumOver(shape[1] * shape[2], pixel) / (shape[1] * shape[2]);
      }),
    { terms: shape[1] * shape[2] },
  );

const negative = (noise: number): number => noise - 2;

/** Odd and even sizes, and numbers that are all below the padding's 0. */
export const poolings: readonly Operation[] = [
  maximum("of both signs", [1, 57, 76, 4]),
  maximum("of both signs", [3, 29, 38, 1]),
  maximum("all negative", [3, 15, 19, 3], negative),
  maximum("all negative", [1, 8, 10, 5], negative),
  maximum("of both signs", [3, 1, 7, 2]),
  average([3, 29, 38, 5]),
  average([1, 8, 10, 1]),
  average([3, 15, 19, 16]),
];
