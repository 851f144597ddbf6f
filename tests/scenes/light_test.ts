import type { SceneDescription } from "../../lib/scenes/description.ts";
import { kindAt, sceneKinds } from "../../lib/scenes/kinds.ts";
import { describeScene, renderDescription, renderScene, sceneKey } from "../../lib/scenes/render.ts";
import { inShadow, lightBufferOf, shadowCorners } from "../../lib/scenes/shadows.ts";
import { box } from "../../lib/scenes/solids.ts";
import { solidEntry, tracerOf, unitOrigins, unitRay } from "../../lib/scenes/tracer.ts";
import { assert, assertEquals } from "../std.ts";
import { grey, key, roomWith } from "./support.ts";

Deno.test("the light buffer finds the same shadows as asking every solid", () => {
  let shadows = 0;
  for (let index = 0; index < sceneKinds.length; index++) {
    const scene = describeScene(kindAt(6, index), sceneKey(6, index));
    const tracer = tracerOf(scene);
    const light = scene.lights[0]?.centre ?? [1, 1, 1];
    const corners = shadowCorners(scene.solids);
    const buffer = lightBufferOf(tracer, corners, light);
    const origins = unitOrigins(tracer, light);
    const ray = unitRay();
    for (let at = 0; at < 500; at++) {
      const point = {
        x: scene.room.size[0] * ((at * 0.618) % 1),
        y: scene.room.size[1] * ((at * 0.414) % 1),
        z: scene.room.size[2] * ((at * 0.732) % 1),
      };
      const aim = {
        x: point.x - light[0],
        y: point.y - light[1],
        z: point.z - light[2],
      };
      const dark = scene.solids.some((solid, id) =>
        solid.material.glow === 0 &&
        solidEntry(tracer, origins, id, aim, ray) < 0.9999
      );
      assertEquals(inShadow(tracer, buffer, -1, point), dark);
      shadows += dark ? 1 : 0;
    }
  }
  assert(shadows > 100);
});

Deno.test("a table under a lamp darkens the floor below it", () => {
  const scene = roomWith([box(grey, [1.5, 2.5], [0.7, 0.75], [3.5, 4.5])]);
  const open = scene.lights.map((light) => ({ ...light, shadows: false }));
  const pixels = (one: SceneDescription): Uint8Array =>
    renderDescription(one, { height: 48, width: 64 }, key).image.pixels;
  const lit = pixels({ ...scene, lights: open });
  const darker = pixels(scene).filter((value, at) => value < (lit[at] ?? 0));
  assert(darker.length > 30);
});

/** The share of the variance of depth that the best quadratic function of red, green and blue explains. */
const explainedByColour = (count: number): number => {
  const size = 10;
  const moments = Array.from(
    { length: size },
    () => new Float64Array(size + 1),
  );
  let [total, sum, squares] = [0, 0, 0];
  for (let index = 0; index < count; index++) {
    const { image, depth } = renderScene(
      { seed: 21, height: 24, width: 32 },
      index,
    );
    depth.metres.forEach((metres, at) => {
      const [r = 0, g = 0, b = 0] = image.pixels.subarray(3 * at, 3 * at + 3)
        .values().map((value) => value / 255);
      const row = [1, r, g, b, r * r, g * g, b * b, r * g, r * b, g * b];
      for (let i = 0; i < size; i++) {
        const into = moments[i] ?? new Float64Array();
        for (let j = 0; j < size; j++) {
          into[j] = (into[j] ?? 0) + (row[i] ?? 0) * (row[j] ?? 0);
        }
        into[size] = (into[size] ?? 0) + (row[i] ?? 0) * metres;
      }
      total++;
      sum += metres;
      squares += metres * metres;
    });
  }
  const right = moments.map((row) => row[size] ?? 0);
  const solution = solve(moments);
  const explained = solution.reduce(
    (so, value, at) => so + value * (right[at] ?? 0),
    0,
  );
  const mean = sum * sum / total;
  return (explained - mean) / (squares - mean);
};

/** Gauss and Jordan on rows that end with the right-hand side. */
const solve = (system: readonly Float64Array[]): readonly number[] => {
  const rows = system.map((row) => row.slice());
  rows.forEach((row, at) => {
    const pivot = row[at] ?? 1;
    row.forEach((value, column) => row[column] = value / pivot);
    rows.forEach((other, index) => {
      if (index === at) return;
      const factor = other[at] ?? 0;
      other.forEach((value, column) => other[column] = value - factor * (row[column] ?? 0));
    });
  });
  return rows.map((row) => row[row.length - 1] ?? 0);
};

Deno.test("colour does not give depth away", () => {
  const share = explainedByColour(300);
  assert(share > 0 && share < 0.15);
});
