/** How what was computed is compared with the published numbers. */
import { assert, assertEquals } from "../std.ts";
import type { Pass } from "./passes.ts";
import type { BackwardReference, Summary } from "./reference.ts";

/** The largest difference of moments and values, relative to the array's largest magnitude. */
const summaryError = (expected: Summary, values: Float32Array): number => {
  const { mean, abs_mean: absMean, rms, min, max } = expected;
  const sum = (f: (value: number) => number): number => values.reduce((total, value) => total + f(value), 0);
  const differences = [
    mean - sum((value) => value) / values.length,
    absMean - sum(Math.abs) / values.length,
    rms - rootMeanSquare(values),
    min - values.reduce((least, value) => Math.min(least, value), Infinity),
    max - values.reduce((most, value) => Math.max(most, value), -Infinity),
    ...expected.indices.map((index, k) => (values[index] ?? NaN) - (expected.values[k] ?? NaN)),
  ];
  return Math.max(...differences.map(Math.abs)) / Math.max(Math.abs(min), Math.abs(max));
};

/** √(mean of squares), summed in float64. */
const rootMeanSquare = (values: Float32Array): number => {
  let sum = 0;
  for (const value of values) sum += value * value;
  return Math.sqrt(sum / values.length);
};

/** |found − expected| / |expected|. */
const relativeError = (found: number, expected: number): number => Math.abs(found - expected) / Math.abs(expected);

/** Fails unless the error is at most the tolerance; NaN is not. */
export const assertError = (error: number, tolerance: number, label: string): void =>
  assert(error <= tolerance, `${label}: relative error ${error}, at most ${tolerance} is allowed`);

/** Fails unless each array's moments and values are within the tolerance, relative to the array's largest magnitude. */
export const assertSummaries = (
  expected: readonly Summary[],
  found: readonly Float32Array[],
  tolerance: number,
  label: string,
): void => {
  assertEquals(found.length, expected.length, label);
  expected.forEach((summary, index) => {
    const values = found[index] ?? new Float32Array();
    assertError(summaryError(summary, values), tolerance, `${label}, array ${index + 1} of ${expected.length}`);
  });
};

/** Fails unless the loss and its weighted terms are within the tolerance, relative. */
export const assertLoss = (expected: BackwardReference, { loss, terms }: Pass, tolerance: number): void => {
  const { l1 = NaN, embedding1 = NaN, embedding2 = NaN } = terms;
  assertError(relativeError(l1, expected.l1), tolerance, "L1");
  assertError(relativeError(embedding1, expected.embedding[0]), tolerance, "10 · E₁");
  assertError(relativeError(embedding2, expected.embedding[1]), tolerance, "15 · E₂");
  assertError(relativeError(loss, expected.loss), tolerance, "loss");
};

const gradientSize = ({ gradients }: Pass, name: string): number =>
  rootMeanSquare(gradients.get(name) ?? new Float32Array());

/** The relative error of one parameter's gradient. */
export interface GradientError {
  readonly name: string;
  readonly error: number;
}

/**
 * Fails unless every gradient that is not zero is within the tolerance, relative; gives the errors. The root mean
 * square is what is compared.
 */
export const assertGradients = (
  expected: BackwardReference,
  pass: Pass,
  tolerance: number,
): readonly GradientError[] => {
  const names = Object.keys(expected.grad_rms);
  assertEquals([...pass.gradients.keys()].sort(), names.toSorted());
  return names.filter((name) => !expected.zero_gradient.includes(name)).map((name) => {
    const error = relativeError(gradientSize(pass, name), expected.grad_rms[name] ?? NaN);
    assertError(error, tolerance, `gradient of ${name}`);
    return { name, error };
  });
};

/**
 * Fails unless the gradients that are zero but for rounding are under the tolerance, relative to the largest
 * gradient.
 */
export const assertZeroGradients = (expected: BackwardReference, pass: Pass, tolerance: number): void => {
  const largest = Math.max(...Object.values(expected.grad_rms));
  assert(expected.zero_gradient.length > 0);
  expected.zero_gradient.forEach((name) =>
    assertError(gradientSize(pass, name) / largest, tolerance, `gradient of ${name}, which is zero`)
  );
};

/** Tracked statistics by their published name. */
export const statisticOf = ({ statistics }: Pass, name: string): Float32Array =>
  statistics.get(name) ?? new Float32Array();
