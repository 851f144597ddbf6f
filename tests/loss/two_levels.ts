/** An embedding of two levels and its oracle in double precision, for the tests of what is built on embeddings. */
import { tf } from "../../lib/dependencies/tensorflow.ts";
import type { Embedding } from "../../lib/embedding/embedding.ts";
import { asFeatures } from "../../lib/tensor/features.ts";
import { type Comparison, scattered } from "./support.ts";

/** Batch, height and width of the comparisons. */
export const shape = [2, 4, 4] as const;
/** How many pixels they have. */
export const pixels = 32;

/** The weights of a 2×2 convolution of stride 2. */
const taps = [0.7, -0.4, 0.3, 0.9];

/** Two levels, neither of them linear: [d², d³/3] of every pixel, and the square of a weighted sum of 2×2 pixels. */
export const embedding: Embedding = (depth) => {
  const cube = tf.div(tf.mul(depth, tf.square(depth)), 3);
  const first = asFeatures(2, tf.concat([tf.square(depth), cube], 3));
  const mixed = tf.conv2d<tf.Tensor4D>(depth, tf.tensor4d(taps, [2, 2, 1, 1]), 2, "valid");
  return [first, asFeatures(1, tf.square(mixed))];
};

/** The same levels in double precision, from loops. */
export const referenceLevels = (depth: readonly number[]): readonly (readonly number[])[] => {
  const first = depth.flatMap((d) => [d * d, d ** 3 / 3]);
  const second: number[] = [];
  for (let image = 0; image < 2; image++) {
    for (let row = 0; row < 4; row += 2) {
      for (let column = 0; column < 4; column += 2) {
        const at = image * 16 + row * 4 + column;
        const mixed = [at, at + 1, at + 4, at + 5].reduce(
          (sum, from, tap) => sum + (taps[tap] ?? NaN) * (depth[from] ?? NaN),
          0,
        );
        second.push(mixed * mixed);
      }
    }
  }
  return [first, second];
};

const meanDistance = (first: readonly number[], second: readonly number[]): number =>
  first.reduce((sum, value, at) => sum + Math.abs(value - (second[at] ?? NaN)), 0) / first.length;

/** The paper's formula; `holes` holds what stands in holes on both sides. */
export const reference = (
  weights: readonly number[],
  { target, mask }: Comparison,
  prediction: readonly number[],
  holes: readonly number[],
): number => {
  const filled = (depth: readonly number[]) => depth.map((d, at) => (mask.values[at] === 1 ? d : holes[at]) ?? NaN);
  const [truth, guess] = [filled(target.values), filled(prediction)];
  const count = mask.values.filter((valid) => valid === 1).length;
  const pixelTerm = truth.reduce((sum, g, at) => sum + Math.abs(g - (guess[at] ?? NaN)), 0) / Math.max(count, 1);
  const [truthLevels, guessLevels] = [referenceLevels(truth), referenceLevels(guess)];
  const [w0 = 0, ...others] = weights;
  return others.reduce(
    (sum, weight, level) => sum + weight * meanDistance(truthLevels[level] ?? [], guessLevels[level] ?? []),
    w0 * pixelTerm,
  );
};

/** A comparison of scattered depths; ground truth and mask are 0 in holes. */
export const withHoles = (isHole: (at: number) => boolean): Comparison => {
  const mask = Array.from({ length: pixels }, (_, at) => isHole(at) ? 0 : 1);
  const target = scattered(pixels, 0.5, 3).map((depth, at) => isHole(at) ? 0 : depth);
  return {
    target: { shape, values: target },
    prediction: { shape, values: scattered(pixels, 0.5, 3, 1000) },
    mask: { shape, values: mask },
  };
};

/** A comparison without holes. */
export const whole = withHoles(() => false);
/** A comparison with scattered holes and a row of them. */
export const holed = withHoles((at) => at % 5 === 0 || (at > 20 && at < 25));
