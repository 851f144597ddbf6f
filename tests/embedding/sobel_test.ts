import { sobel } from "../../lib/embedding/embedding.ts";
import type { Tensor } from "../../lib/tensor/features.ts";
import { assertClose, noise } from "../backend/support.ts";
import { assert, assertEquals } from "../std.ts";
import { featuresOf, onBackend, read } from "../support.ts";

const only = (levels: readonly Tensor[]): Tensor => {
  const [level] = levels;
  assert(level !== undefined && levels.length === 1);
  return level;
};

const respond = async (shape: readonly [number, number, number], values: ArrayLike<number>) =>
  (await read(() => ({ level: only(sobel(featuresOf([...shape, 1], values))) }))).level;

onBackend("Sobel's responses are weighted differences of columns and of rows, with zeros around the map", async () => {
  const [height, width] = [4, 5];
  const values = noise(2 * height * width, 1);
  const level = await respond([2, height, width], values);
  assertEquals(level.shape, [2, height, width, 2]);
  const expected = values.flatMap((_, at) => {
    const [image, row, column] = [Math.floor(at / 20), Math.floor(at / 5) % 4, at % 5];
    const d = (down: number, right: number): number => {
      const [y, x] = [row + down, column + right];
      return y < 0 || y >= height || x < 0 || x >= width ? 0 : values[image * 20 + y * width + x] ?? NaN;
    };
    const side = (right: number) => d(-1, right) + 2 * d(0, right) + d(1, right);
    const line = (down: number) => d(down, -1) + 2 * d(down, 0) + d(down, 1);
    return [side(-1) - side(1), line(-1) - line(1)];
  });
  assertClose(level.values, expected, 1e-6);
});

onBackend("inside a slope of a along x and b along y the responses are −8a and −8b", async () => {
  const [a, b] = [0.25, -0.5];
  const plane = Array.from({ length: 25 }, (_, at) => 3 + a * (at % 5) + b * Math.floor(at / 5));
  const { values } = await respond([1, 5, 5], plane);
  const inside = [6, 7, 8, 11, 12, 13, 16, 17, 18].flatMap((at) => [...values.subarray(2 * at, 2 * at + 2)]);
  assertClose(inside, Array.from({ length: 9 }, () => [-8 * a, -8 * b]).flat(), 1e-5);
});
