import { type CameraOfSize, cameraOfView, virtualNormal } from "../../lib/loss/virtual_normal.ts";
import { keyOf, permutation } from "../../lib/tensor/key.ts";
import { assert, assertAlmostEquals, assertEquals, assertNotEquals } from "../std.ts";
import { onBackend } from "../support.ts";
import { assertGradient, comparison, meanOf, measure, type Oracle, testAgainst, withPrediction } from "./oracle.ts";

type Point = readonly [number, number, number];

const camera: CameraOfSize = (height, width) => ({ fx: 20, fy: 24, cx: 0.45 * width, cy: 0.6 * height });

const minus = (a: Point, b: Point): Point => [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
const lengthOf = (a: Point): number => Math.hypot(...a);
const normalOf = ([a, b, c]: readonly [Point, Point, Point]): Point => {
  const [[p, q, r], [s, t, u]] = [minus(b, a), minus(c, a)];
  const cross: Point = [q * u - r * t, r * s - p * u, p * t - q * s];
  const length = lengthOf(cross);
  return [cross[0] / length, cross[1] / length, cross[2] / length];
};

/** The angles of a triangle in degrees, by the law of cosines. */
const anglesOf = ([a, b, c]: readonly [Point, Point, Point]): readonly number[] => {
  const [x, y, z] = [lengthOf(minus(b, c)), lengthOf(minus(a, c)), lengthOf(minus(a, b))];
  const angle = (o: number, p: number, q: number) => Math.acos((p * p + q * q - o * o) / (2 * p * q)) * 180 / Math.PI;
  return [angle(x, y, z), angle(y, x, z), angle(z, x, y)];
};

/** Group by group: pixel k of the first third of the shuffled image with those of the others. */
const oracle = (seed: number, distance: number, angle: number): Oracle => ({ target, mask }, prediction) => {
  const [batch, height, width] = target.shape;
  const { fx, fy, cx, cy } = camera(height, width);
  const order = permutation(keyOf(seed), height * width);
  const third = Math.floor(height / 3) * width;
  const values: number[] = [];
  for (let image = 0; image < batch; image++) {
    for (let k = 0; k < third; k++) {
      const pixels = [k, k + third, k + 2 * third].map((place) => order[place] ?? NaN);
      const points = (depth: readonly number[]): [Point, Point, Point] => {
        const [a, b, c] = pixels.map((pixel): Point => {
          const z = depth[image * height * width + pixel] ?? NaN;
          return [(pixel % width + 0.5 - cx) / fx * z, (Math.floor(pixel / width) + 0.5 - cy) / fy * z, z];
        });
        assert(a !== undefined && b !== undefined && c !== undefined);
        return [a, b, c];
      };
      if (pixels.some((pixel) => mask.values[image * height * width + pixel] !== 1)) continue;
      const truth = points(target.values);
      const [a, b, c] = truth;
      if ([minus(a, b), minus(b, c), minus(a, c)].some((side) => lengthOf(side) <= distance)) continue;
      if (anglesOf(truth).some((each) => each <= angle)) continue;
      const [n, m] = [normalOf(truth), normalOf(points(prediction))];
      values.push(Math.abs(n[0] - m[0]) + Math.abs(n[1] - m[1]) + Math.abs(n[2] - m[2]));
    }
  }
  assert(values.length > 3 && values.length < batch * third, `${values.length} groups`);
  return meanOf(values);
};

const given = comparison([2, 11, 13]);

testAgainst("virtual normals", virtualNormal({ camera }), oracle(0, 0.6, 30), [given]);
testAgainst(
  "virtual normals of other groups",
  virtualNormal({ camera, key: keyOf(5), distance: 1, angle: 10 }),
  oracle(5, 1, 10),
  [given],
);

onBackend("virtual normals do not see the scale of a prediction", async () => {
  const loss = virtualNormal();
  const { value, gradient } = await measure(loss, given);
  const twice = await measure(loss, withPrediction(given, given.prediction.values.map((depth) => 2 * depth)));
  assertAlmostEquals(twice.value, value, 1e-5);
  assertGradient(twice.gradient.map((slope) => 2 * slope), gradient, 1e-3);
});

onBackend("another key draws other groups, the same key the same ones", async () => {
  const values = await Promise.all(
    [1, 1, 2].map(async (seed) => (await measure(virtualNormal({ key: keyOf(seed) }), given)).value),
  );
  assertEquals(values[0], values[1]);
  assertNotEquals(values[0], values[2]);
});

onBackend("predictions of 0, of which no triangle is one, have a finite loss and gradient", async () => {
  for (const depth of [0, -2, 1e-6]) {
    const { value, gradient } = await measure(
      virtualNormal(),
      withPrediction(given, given.mask.values.map(() => depth)),
    );
    assert(Number.isFinite(value) && gradient.every(Number.isFinite));
  }
});

Deno.test("a camera of a view sees it along the longer side, around the middle", () => {
  for (const [height, width] of [[48, 64], [64, 48]] as const) {
    const { fx, fy, cx, cy } = cameraOfView(90)(height, width);
    [fx, fy].forEach((focal) => assertAlmostEquals(focal, 32, 1e-9));
    assertEquals([cx, cy], [width / 2, height / 2]);
  }
});
