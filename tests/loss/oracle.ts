/** Losses on every backend against plain float64 functions. */
import { tf } from "../../lib/dependencies/tensorflow.ts";
import type { Loss } from "../../lib/loss/loss.ts";
import { asFeatures } from "../../lib/tensor/features.ts";
import { keyOf } from "../../lib/tensor/key.ts";
import { scope } from "../../lib/tensor/scope.ts";
import { assert } from "../std.ts";
import { onBackend } from "../support.ts";
import { centralDifferences, type Comparison, contextOf, scattered, tensorOf } from "./support.ts";

/** A loss as numbers: its value, and its gradient by each pixel of the prediction. */
export interface Measured {
  readonly value: number;
  readonly gradient: readonly number[];
}

/** The loss and its gradient on the current backend, be it one that cannot read back at once. */
export const measure = async (
  loss: Loss,
  { target, prediction, mask }: Comparison,
  key = keyOf(0),
): Promise<Measured> => {
  const { value, grad } = scope(() => {
    const [truth, valid] = [tensorOf(target), tensorOf(mask)];
    const at = contextOf(target.shape, key);
    return tf.valueAndGrad((x: tf.Tensor) => loss(truth, asFeatures(1, x), valid, at))(tensorOf(prediction));
  });
  const [values, gradient] = await Promise.all([value.data(), grad.data()]);
  tf.dispose([value, grad]);
  return { value: values[0] ?? NaN, gradient: Array.from(gradient) };
};

/**
 * Depth maps of 0.5…6 m that look random, with a prediction that is wrong by up to a metre and holes; the same each
 * time.
 */
export const comparison = (
  [batch, height, width]: readonly [number, number, number],
  isHole: (at: number) => boolean = (at) => at % 7 === 3,
  offset = 0,
): Comparison => {
  const shape = [batch, height, width] as const;
  const count = batch * height * width;
  const errors = scattered(count, -1, 1, offset + 7777).map((error, at) => error * ((at * 7) % 5) / 4);
  const target = scattered(count, 0.5, 6, offset);
  return {
    target: { shape, values: target.map((depth, at) => isHole(at) ? 0 : depth) },
    prediction: { shape, values: target.map((depth, at) => Math.max(depth + (errors[at] ?? NaN), 0.2)) },
    mask: { shape, values: target.map((_, at) => isHole(at) ? 0 : 1) },
  };
};

/** The same with another prediction. */
export const withPrediction = (given: Comparison, values: readonly number[]): Comparison => ({
  ...given,
  prediction: { ...given.prediction, values },
});

/** The loss of a prediction in float64; what is a constant for its gradient may be taken from `given.prediction`. */
export type Oracle = (given: Comparison, prediction: readonly number[]) => number;

/** The largest |value|. */
const largest = (values: readonly number[]): number => values.reduce((most, each) => Math.max(most, Math.abs(each)), 0);

/** Fails unless the gradients differ by at most `tolerance` times the largest of those expected. */
export const assertGradient = (found: readonly number[], expected: readonly number[], tolerance: number): void => {
  const most = largest(expected);
  assert(most > 0, "a gradient that is 0 everywhere shows nothing");
  found.forEach((value, at) => {
    const wanted = expected[at] ?? NaN;
    assert(Math.abs(value - wanted) <= tolerance * most, `pixel ${at}: found ${value}, expected ${wanted}`);
  });
};

/** Declares tests that a loss and its gradient are those of the oracle, on each backend. */
export const testAgainst = (
  name: string,
  loss: Loss,
  oracle: Oracle,
  givens: readonly Comparison[],
  tolerance = 1e-4,
): void =>
  onBackend(`${name} and its gradient are those of the formula in float64`, async () => {
    for (const given of givens) {
      const { values } = given.prediction;
      const { value, gradient } = await measure(loss, given);
      const expected = oracle(given, values);
      assert(expected > 0, "a loss of 0 shows nothing");
      assert(Math.abs(value - expected) <= tolerance * expected, `found ${value}, expected ${expected}`);
      assertGradient(gradient, centralDifferences((moved) => oracle(given, moved), values), 5 * tolerance);
    }
  });

/** The valid pixels as pairs of truth and prediction, image by image. */
export const validPairs = (
  { target, mask }: Comparison,
  prediction: readonly number[],
): readonly (readonly (readonly [truth: number, prediction: number])[])[] => {
  const [batch, height, width] = target.shape;
  return Array.from(
    { length: batch },
    (_, image) =>
      Array.from({ length: height * width }, (_, at) => image * height * width + at)
        .filter((at) => mask.values[at] === 1)
        .map((at) => [target.values[at] ?? NaN, prediction[at] ?? NaN] as const),
  );
};

/** The mean of numbers, 0 of none. */
export const meanOf = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / Math.max(values.length, 1);
