import { scaleAndShiftInvariant } from "../../lib/loss/scale_invariant.ts";
import { assert, assertAlmostEquals } from "../std.ts";
import { onBackend } from "../support.ts";
import { comparison, measure, type Oracle, testAgainst, withPrediction } from "./oracle.ts";

/** Scale and shift from the normal equations by Cramer's rule, then loops over every scale's pixels. */
const oracle = (scales: number, weight: number): Oracle => ({ target, mask }, prediction) => {
  const [batch, height, width] = target.shape;
  const residuals = target.values.map(() => 0);
  let [sum, count] = [0, 0];
  for (let image = 0; image < batch; image++) {
    const pixels = Array.from({ length: height * width }, (_, at) => image * height * width + at)
      .filter((at) => mask.values[at] === 1);
    if (pixels.length === 0) continue;
    const total = (f: (d: number, g: number) => number) =>
      pixels.reduce((all, at) => all + f(prediction[at] ?? NaN, target.values[at] ?? NaN), 0);
    const [dd, d, one, dg, g] = [
      total((d) => d * d),
      total((d) => d),
      pixels.length,
      total((d, g) => d * g),
      total((_, g) => g),
    ];
    const determinant = dd * one - d * d;
    const [scale, shift] = [(one * dg - d * g) / determinant, (dd * g - d * dg) / determinant];
    for (const at of pixels) {
      residuals[at] = scale * (prediction[at] ?? NaN) + shift - (target.values[at] ?? NaN);
      sum += Math.abs(residuals[at] ?? NaN);
      count++;
    }
  }
  let loss = sum / count;
  for (let step = 1; step < 2 ** scales; step *= 2) {
    let [steps, valid] = [0, 0];
    for (let image = 0; image < batch; image++) {
      for (let row = 0; row < height; row += step) {
        for (let column = 0; column < width; column += step) {
          const at = (image * height + row) * width + column;
          if (mask.values[at] !== 1) continue;
          valid++;
          const neighbours = [
            ...(row + step < height ? [at + step * width] : []),
            ...(column + step < width ? [at + step] : []),
          ];
          for (const other of neighbours) {
            if (mask.values[other] === 1) steps += Math.abs((residuals[other] ?? NaN) - (residuals[at] ?? NaN));
          }
        }
      }
    }
    loss += weight * steps / Math.max(valid, 1);
  }
  return loss;
};

const given = comparison([2, 11, 13]);
const emptyImage = comparison([3, 9, 10], (at) => at % 4 === 1 || (at >= 90 && at < 180), 300);

testAgainst("scale and shift invariance", scaleAndShiftInvariant(), oracle(4, 0.5), [given, emptyImage]);
testAgainst("its distance alone", scaleAndShiftInvariant({ scales: 0 }), oracle(0, 0), [given]);
testAgainst(
  "two scales of weight 2",
  scaleAndShiftInvariant({ scales: 2, gradientWeight: 2 }),
  oracle(2, 2),
  [given],
);

onBackend("neither scale nor shift of a prediction is seen, image by image", async () => {
  const loss = scaleAndShiftInvariant();
  const { value } = await measure(loss, given);
  for (const [scale, shift] of [[3, 0], [1, -8], [0.2, 40], [-1, 2]] as const) {
    const changed = withPrediction(
      given,
      given.prediction.values.map((depth, at) => at < 143 ? scale * depth + shift : depth),
    );
    assertAlmostEquals((await measure(loss, changed)).value, value, 1e-3 * value);
  }
});

onBackend("a prediction that is right but for scale and shift has no loss", async () => {
  const right = withPrediction(given, given.target.values.map((depth) => 0.5 * depth + 1));
  assertAlmostEquals((await measure(scaleAndShiftInvariant(), right)).value, 0, 1e-4);
});

onBackend("a constant prediction has the loss of the mean depth, and a finite gradient", async () => {
  const constant = withPrediction(given, given.target.values.map(() => 2));
  const { value, gradient } = await measure(scaleAndShiftInvariant({ scales: 0 }), constant);
  assert(gradient.every(Number.isFinite));
  const images = [0, 1].map((image) =>
    given.target.values.slice(143 * image, 143 * image + 143).filter((depth) => depth > 0)
  );
  const deviations = images.flatMap((depths) => {
    const mean = depths.reduce((sum, depth) => sum + depth, 0) / depths.length;
    return depths.map((depth) => Math.abs(depth - mean));
  });
  const expected = deviations.reduce((sum, each) => sum + each, 0) / deviations.length;
  assertAlmostEquals(value, expected, 1e-5);
});
