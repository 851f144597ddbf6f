import { tf } from "../../lib/dependencies/tensorflow.ts";
import { multiScaleSobel, sobel } from "../../lib/embedding/embedding.ts";
import { asFeatures, type Features } from "../../lib/tensor/features.ts";
import { assertClose, centralDifferences, noise } from "../backend/support.ts";
import { assertEquals } from "../std.ts";
import { featuresOf, onBackend, readTree, valuesOf } from "../support.ts";

const [height, width] = [17, 10];
const depth = noise(2 * height * width, 4).map((value) => 3 + value);

const leavesOf = (levels: readonly Features<number>[]) =>
  Object.fromEntries(levels.map((level, index) => [`G${index + 1}`, level]));

/** The means over squares of `side` pixels; what is left over at the borders is left out. */
const means = (values: readonly number[], side: number): readonly number[] => {
  const [rows, columns] = [Math.floor(height / side), Math.floor(width / side)];
  return Array.from({ length: 2 * rows * columns }, (_, at) => {
    const [image, row, column] = [Math.floor(at / (rows * columns)), Math.floor(at / columns) % rows, at % columns];
    const own = Array.from({ length: side * side }, (_, k) => {
      const [y, x] = [row * side + Math.floor(k / side), column * side + k % side];
      return values[(image * height + y) * width + x] ?? NaN;
    });
    return own.reduce((sum, value) => sum + value, 0) / own.length;
  });
};

onBackend("each scale is Sobel of the means over 1, 2, 4 and 8 pixels", async () => {
  const levels = await readTree(() => leavesOf(multiScaleSobel(4)(featuresOf([2, height, width, 1], depth))));
  assertEquals([...levels.values()].map(({ shape }) => shape), [[2, 17, 10, 2], [2, 8, 5, 2], [2, 4, 2, 2], [
    2,
    2,
    1,
    2,
  ]]);
  for (const [index, { values, shape }] of [...levels.values()].entries()) {
    const side = 2 ** index;
    const [, rows = 0, columns = 0] = shape;
    const expected = await readTree(() => leavesOf(sobel(featuresOf([2, rows, columns, 1], means(depth, side)))));
    assertClose(values, expected.get("G1")?.values ?? [], 1e-5, `side ${side}`);
  }
});

onBackend("a slope answers twice as much at each coarser scale, away from the borders", async () => {
  const plane = Array.from({ length: 32 * 32 }, (_, at) => 0.25 * (at % 32) - 0.125 * Math.floor(at / 32));
  const levels = await readTree(() => leavesOf(multiScaleSobel(3)(featuresOf([1, 32, 32, 1], plane))));
  [...levels.values()].forEach(({ values, shape: [, , columns = 0] }, index) => {
    const at = 2 * (3 * columns + 3);
    assertClose(values.subarray(at, at + 2), [-8 * 0.25 * 2 ** index, 8 * 0.125 * 2 ** index], 1e-5);
  });
});

onBackend("the gradient flows through every scale", async () => {
  const small = depth.slice(0, 36);
  const gradient = await valuesOf(() =>
    tf.grad((x: tf.Tensor) => tf.addN(multiScaleSobel(3)(asFeatures(1, x)).map((level) => tf.sum(tf.square(level)))))(
      featuresOf([1, 6, 6, 1], small),
    )
  );
  const taps = [[-1, 1], [0, 2], [1, 1]] as const;
  const squares = (values: readonly number[]): number =>
    [1, 2, 4].reduce((total, side) => {
      const count = Math.floor(6 / side);
      const at = (row: number, column: number): number => {
        if (row < 0 || column < 0 || row >= count || column >= count) return 0;
        const own = Array.from(
          { length: side * side },
          (_, k) => values[(row * side + Math.floor(k / side)) * 6 + column * side + k % side] ?? NaN,
        );
        return own.reduce((sum, value) => sum + value, 0) / own.length;
      };
      const responses = Array.from({ length: count * count }, (_, k) => {
        const [row, column] = [Math.floor(k / count), k % count];
        const across = taps.reduce((sum, [d, w]) => sum + w * (at(row + d, column - 1) - at(row + d, column + 1)), 0);
        const down = taps.reduce((sum, [d, w]) => sum + w * (at(row - 1, column + d) - at(row + 1, column + d)), 0);
        return across ** 2 + down ** 2;
      });
      return total + responses.reduce((sum, value) => sum + value, 0);
    }, 0);
  assertClose(gradient, centralDifferences(squares, small), 1e-4);
});
