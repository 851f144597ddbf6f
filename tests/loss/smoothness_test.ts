import { tf } from "../../lib/dependencies/tensorflow.ts";
import { lossContext } from "../../lib/loss/loss.ts";
import { edgeAwareSmoothness } from "../../lib/loss/smoothness.ts";
import { asFeatures } from "../../lib/tensor/features.ts";
import { keyOf } from "../../lib/tensor/key.ts";
import { assertAlmostEquals } from "../std.ts";
import { onBackend, onWasm } from "../support.ts";
import { comparison, meanOf, measure, type Oracle, testAgainst, withPrediction } from "./oracle.ts";
import { coloursOf, numberOf, tensorOf } from "./support.ts";

/** Pair by pair of neighbours, in double precision. */
const oracle: Oracle = ({ mask }, prediction) => {
  const [batch, height, width] = mask.shape;
  const colours = coloursOf(mask.shape);
  const valid = (at: number) => mask.values[at] === 1;
  const means = Array.from({ length: batch }, (_, image) => {
    const first = image * height * width;
    return meanOf(prediction.slice(first, first + height * width).filter((_, at) => valid(first + at)).map(Math.abs));
  });
  const along = (rows: number, columns: number): number => {
    const values: number[] = [];
    for (let at = 0; at < batch * height * width; at++) {
      const [row, column] = [Math.floor(at / width) % height, at % width];
      const next = at + rows * width + columns;
      if (row + rows >= height || column + columns >= width || !valid(at) || !valid(next)) continue;
      const edge = meanOf(
        [0, 1, 2].map((c) => Math.abs((colours[3 * next + c] ?? NaN) - (colours[3 * at + c] ?? NaN))),
      );
      const slope = Math.abs((prediction[next] ?? NaN) - (prediction[at] ?? NaN));
      values.push(slope / (means[Math.floor(at / (height * width))] ?? NaN) * Math.exp(-edge));
    }
    return meanOf(values);
  };
  return along(1, 0) + along(0, 1);
};

testAgainst("edge-aware smoothness", edgeAwareSmoothness, oracle, [
  comparison([2, 7, 9]),
  comparison([1, 6, 5], (at) => at % 4 === 0, 31),
]);

onBackend("it sees neither the scale of a prediction nor the truth", async () => {
  const given = comparison([2, 7, 9]);
  const { value } = await measure(edgeAwareSmoothness, given);
  const twice = withPrediction(given, given.prediction.values.map((depth) => 2 * depth));
  assertAlmostEquals((await measure(edgeAwareSmoothness, twice)).value, value, 1e-5);
  const other = { ...given, target: { ...given.target, values: given.target.values.map((depth) => depth * 3) } };
  assertAlmostEquals((await measure(edgeAwareSmoothness, other)).value, value, 1e-7);
});

onWasm("an edge of depth costs less where the picture has one, by exp(−1) between black and white", () => {
  const shape = [1, 2, 4] as const;
  const depth = { shape, values: [1, 1, 3, 3, 1, 1, 3, 3] };
  const mask = { shape, values: depth.values.map(() => 1) };
  const of = (colours: readonly number[]): number =>
    numberOf(() => {
      const images = asFeatures(3, tf.tensor4d(colours.flatMap((grey) => [grey, grey, grey]), [1, 2, 4, 3]));
      return edgeAwareSmoothness(tensorOf(depth), tensorOf(depth), tensorOf(mask), lossContext(images, 0, keyOf(0)));
    });
  const [plain, edged] = [of([0, 0, 0, 0, 0, 0, 0, 0]), of([0, 0, 1, 1, 0, 0, 1, 1])];
  assertAlmostEquals(plain, 1 / 3, 1e-6);
  assertAlmostEquals(edged, plain * Math.exp(-1), 1e-6);
  // Edges of the picture where depth is flat save nothing.
  assertAlmostEquals(of([0, 1, 1, 0, 0, 1, 1, 0]), plain, 1e-6);
});
