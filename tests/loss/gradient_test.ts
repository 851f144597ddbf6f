import { multiScaleSobel, sobel } from "../../lib/embedding/embedding.ts";
import { gradientLoss, hierarchical, multiScaleGradientLoss } from "../../lib/loss/hierarchical.ts";
import { scope } from "../../lib/tensor/scope.ts";
import { assert, assertAlmostEquals, assertEquals } from "../std.ts";
import { onBackend } from "../support.ts";
import { assertGradient, comparison, meanOf, measure, type Oracle, testAgainst, withPrediction } from "./oracle.ts";
import { tensorOf } from "./support.ts";

type Grid = readonly (readonly number[])[];

const taps: readonly (readonly [row: number, column: number, weight: number])[] = [
  ...[[-1, -1, 1], [0, -1, 2], [1, -1, 1], [-1, 1, -1], [0, 1, -2], [1, 1, -1]] as const,
];

/** The Sobel responses of a map in a border of zeros: along x, and along y as that of the transposed map. */
const responses = (map: Grid): readonly number[] =>
  map.flatMap((line, row) =>
    line.flatMap((_, column) => {
      const sum = (at: (r: number, c: number) => number) => taps.reduce((all, [r, c, w]) => all + w * at(r, c), 0);
      return [
        sum((r, c) => map[row + r]?.[column + c] ?? 0),
        sum((c, r) => map[row + r]?.[column + c] ?? 0),
      ];
    })
  );

const halved = (map: Grid): Grid =>
  Array.from(
    { length: map.length >> 1 },
    (_, row) =>
      Array.from({ length: (map[0]?.length ?? 0) >> 1 }, (_, column) =>
        meanOf([0, 1].flatMap((r) => [0, 1].map((c) => map[2 * row + r]?.[2 * column + c] ?? NaN)))),
  );

const oracle = (scales: number): Oracle => ({ target, mask }, prediction) => {
  const [batch, height, width] = target.shape;
  let maps: readonly Grid[] = Array.from(
    { length: batch },
    (_, image) =>
      Array.from({ length: height }, (_, row) =>
        Array.from({ length: width }, (_, column) => {
          const at = (image * height + row) * width + column;
          return mask.values[at] === 1 ? (prediction[at] ?? NaN) - (target.values[at] ?? NaN) : 0;
        })),
  );
  const means: number[] = [];
  for (let scale = 0; scale < scales; scale++) {
    means.push(meanOf(maps.flatMap(responses).map(Math.abs)));
    maps = maps.map(halved);
  }
  return meanOf(means);
};

const given = comparison([2, 9, 11]);

testAgainst("the gradient loss", gradientLoss, oracle(1), [given]);
testAgainst("the gradient loss of 4 scales", multiScaleGradientLoss(), oracle(4), [given]);
testAgainst("the gradient loss of 2 scales", multiScaleGradientLoss(2), oracle(2), [given]);

onBackend("the gradient losses are the hierarchical losses of Sobel filters", async () => {
  const pairs = [
    [gradientLoss, hierarchical(sobel, [0, 1])],
    [multiScaleGradientLoss(), hierarchical(multiScaleSobel(4), [0, 0.25, 0.25, 0.25, 0.25])],
    [multiScaleGradientLoss(1), gradientLoss],
  ] as const;
  for (const [one, other] of pairs) {
    const [first, second] = [await measure(one, given), await measure(other, given)];
    assertAlmostEquals(first.value, second.value, 1e-5 * second.value);
    assertGradient(first.gradient, second.gradient, 1e-3);
  }
});

onBackend("levels of odd sizes leave their last row or column out", async () => {
  const levels = scope(() => multiScaleSobel(4)(tensorOf(given.prediction)));
  assertEquals(levels.map(({ shape }) => shape), [[2, 9, 11, 2], [2, 4, 5, 2], [2, 2, 2, 2], [2, 1, 1, 2]]);
  await Promise.all(levels.map((level) => level.data()));
  levels.forEach((level) => level.dispose());
});

onBackend("a constant offset is seen at the border alone", async () => {
  // Sixty-fourths, so that adding is exact.
  const values = comparison([1, 8, 8], () => false).target.values.map((depth) => Math.round(64 * depth) / 64);
  const whole = comparison([1, 8, 8], () => false);
  const target = { ...whole.target, values };
  const shifted = withPrediction({ ...whole, target }, values.map((depth) => depth + 0.5));
  const { gradient } = await measure(gradientLoss, shifted);
  gradient.forEach((slope, at) => {
    const [row, column] = [at >> 3, at & 7];
    if (Math.min(row, column, 7 - row, 7 - column) >= 2) assert(slope === 0, `pixel ${at} has gradient ${slope}`);
  });
  assert(gradient.some((slope) => Math.abs(slope) > 1e-3));
});
