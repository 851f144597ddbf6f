import { resizeDepth } from "../../lib/data/resize.ts";
import { orThrow } from "../../lib/errors.ts";
import { evaluateImage } from "../../lib/metrics/depth_metrics.ts";
import { ownSize } from "../../lib/metrics/protocols.ts";
import { metricSum, summarize, sumOfImage } from "../../lib/metrics/summary.ts";
import { castScene } from "../../lib/scenes/cast.ts";
import type { SceneDescription, Solid } from "../../lib/scenes/description.ts";
import { wallMirror } from "../../lib/scenes/furniture/wall_things.ts";
import { kindAt } from "../../lib/scenes/kinds.ts";
import { plain } from "../../lib/scenes/materials.ts";
import { describeScene, renderDescription, renderScene, sceneKey } from "../../lib/scenes/render.ts";
import { box } from "../../lib/scenes/solids.ts";
import { tracerOf } from "../../lib/scenes/tracer.ts";
import { assert, assertAlmostEquals } from "../std.ts";
import { key, roomWith } from "./support.ts";

const heldOut = 1_000_000_000;

const range = (from: number, size: number): readonly number[] => Array.from({ length: size }, (_, at) => from + at);

const describe = (index: number): SceneDescription => describeScene(kindAt(0, index), sceneKey(0, index));

const kindsOf = (indices: readonly number[]): ReadonlyMap<string, readonly number[]> =>
  Map.groupBy(indices, (index) => kindAt(0, index));

const placeOf = ({ shape, centre, half }: Solid): string =>
  [shape, ...centre, ...half].map((value) => typeof value === "number" ? value.toFixed(3) : value).join(" ");

Deno.test("held-out scenes share neither a room nor the place of their furniture with training scenes of their kind", () => {
  const training = kindsOf(range(0, 300));
  for (const [kind, indices] of kindsOf(range(heldOut, 30))) {
    const known = (training.get(kind) ?? []).map(describe);
    const places = new Set(known.flatMap(({ solids }) => solids.map(placeOf)));
    for (const { room, solids } of indices.map(describe)) {
      assert(known.every(({ room: { size } }) => size[0] !== room.size[0] || size[2] !== room.size[2]));
      const shared = solids.filter((solid) => places.has(placeOf(solid))).length;
      assert(shared < 0.05 * solids.length, `${kind}: ${shared} of ${solids.length}`);
    }
  }
});

/** Whether a solid is a rod or a slat: thinner than 5 cm both ways, and longer than 20 cm. */
const isThin = ({ half }: Solid): boolean => {
  const [least = 0, middle = 0, most = 0] = [...half].sort((a, b) => a - b);
  return least < 0.025 && middle < 0.025 && most > 0.1;
};

Deno.test("most scenes show legs, rails, stems or slats that are thinner than 5 cm", () => {
  const shown = range(0, 60).filter((index) => {
    const scene = describe(index);
    const { surface } = castScene(scene, tracerOf(scene), 114, 152);
    const thin = new Set(scene.solids.flatMap((solid, id) => isThin(solid) ? [id] : []));
    return surface.filter((id) => thin.has(id)).length >= 20;
  });
  assert(shown.length > 30, `${shown.length} of 60`);
});

Deno.test("a mirror has the depth of its surface and the picture of what it shows", () => {
  const size = { height: 25, width: 33 };
  const red = box(plain(key, [0.9, 0.02, 0.02]), [0, 4], [0, 3], [0, 0.1]);
  const glass = wallMirror(0.8, 0.6, key).filter(({ material }) => material.mirror > 0);
  const panes = glass.map((solid): Solid => ({ ...solid, centre: [2, 1.5, 6] }));
  const middle = 12 * size.width + 16;
  const seen = (solids: readonly Solid[]) => {
    const { image, depth } = renderDescription(roomWith(solids), size, key);
    const [r = 0, g = 0] = image.pixels.slice(3 * middle, 3 * middle + 2);
    return { redness: r / Math.max(g, 1), depth: depth.metres[middle] ?? 0 };
  };
  const before = seen([red, ...panes]);
  assertAlmostEquals(before.depth, 6 - 0.005 - 1, 1e-6);
  assert(before.redness > 2);
  assert(seen(panes).redness < 1.5);
});

const height = 36;
const width = 48;
const scenes = (from: number, size: number) =>
  range(from, size).map((index) => renderScene({ seed: 0, height, width }, index));

Deno.test("a quarter of the resolution, which the network works at, is too coarse for the boundaries of the scenes", () => {
  const sum = scenes(heldOut, 40).reduce((sum, { name, depth }) => {
    const coarse = resizeDepth(height / 4, width / 4)(depth);
    return metricSum.concat(sum, sumOfImage(orThrow(evaluateImage(ownSize, name, coarse, depth))));
  }, metricSum.empty);
  const metrics = summarize(ownSize, sum);
  assert(metrics !== null && metrics.rel < 0.1);
  assert((metrics.dbe_acc ?? 0) > 0.8 && (metrics.dbe_comp ?? 0) > 1.5);
});

const differenceOf = (a: Uint8Array, b: Uint8Array): number =>
  a.reduce((sum, value, at) => sum + Math.abs(value - (b[at] ?? 0)), 0);

Deno.test("a scene cannot be looked up: the most similar picture of many has another depth", () => {
  const training = scenes(0, 200);
  const sum = scenes(heldOut, 20).reduce((sum, { name, image, depth }) => {
    const [nearest] = training.map((other) => ({
      depth: other.depth,
      far: differenceOf(image.pixels, other.image.pixels),
    })).sort((a, b) => a.far - b.far);
    assert(nearest !== undefined && nearest.far > 0);
    return metricSum.concat(sum, sumOfImage(orThrow(evaluateImage(ownSize, name, nearest.depth, depth))));
  }, metricSum.empty);
  const metrics = summarize(ownSize, sum);
  assert(metrics !== null && metrics.rel > 0.2, String(metrics?.rel));
});
