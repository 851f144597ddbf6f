import type { Sample } from "../../lib/data/dataset.ts";
import { E } from "../../lib/dependencies/fp.ts";
import { reconstructionBatch } from "../../lib/embedding/reconstruction.ts";
import { classOf, sceneBatch } from "../../lib/embedding/scene.ts";
import { describe, orThrow } from "../../lib/errors.ts";
import { disposeTree } from "../../lib/tensor/tree.ts";
import { depthBatch } from "../../lib/train/depth_network.ts";
import { assertClose } from "../backend/support.ts";
import { assert, assertEquals, assertStringIncludes } from "../std.ts";
import { onBackend, onWasm, readTree } from "../support.ts";

const sampleOf = (name: string, scene: string | null, red: number, metres: readonly number[]): Sample => ({
  name,
  image: { height: 1, width: 3, pixels: Uint8Array.from([red, 2, 3, 4, 5, 6, 7, 8, 255]) },
  depth: { height: 1, width: 3, metres: Float32Array.from(metres) },
  scene,
  intrinsics: null,
});

const samples = [sampleOf("one", "hall", 51, [1.5, 0, 2]), sampleOf("two", "kitchen", 102, [4, 8, 0])];
const scenes = ["kitchen", "office", "hall"];

onBackend("pictures are scaled to 0…1, depth stays in metres, and its holes are not valid", async () => {
  const batch = await readTree(() => depthBatch(samples));
  assertEquals([...batch].map(([path, { shape }]) => [path, ...shape]), [
    ["images", 2, 1, 3, 3],
    ["depth", 2, 1, 3, 1],
    ["mask", 2, 1, 3, 1],
  ]);
  const pixels = samples.flatMap(({ image }) => [...image.pixels].map((value) => value / 255));
  assertClose(batch.get("images")?.values ?? [], pixels, 1e-6);
  assertEquals(batch.get("depth")?.values, Float32Array.from([1.5, 0, 2, 4, 8, 0]));
  assertEquals(batch.get("mask")?.values, Float32Array.from([1, 0, 1, 1, 1, 0]));
});

onBackend("for HEG-R holes hold the nearest measurement, and the mask still says that they were holes", async () => {
  const batch = await readTree(() => reconstructionBatch(samples));
  const [, first, , , , last] = batch.get("filled")?.values ?? [];
  assert(first === 1.5 || first === 2);
  assertEquals(last, 8);
  assertEquals(batch.get("mask")?.values, Float32Array.from([1, 0, 1, 1, 1, 0]));
});

onBackend("for HEG-S scenes are rows with a 1 in the place of their label", async () => {
  const batch = await readTree(() => orThrow(sceneBatch(scenes)(samples)));
  assertEquals(batch.get("scenes")?.shape, [2, 3]);
  assertEquals(batch.get("scenes")?.values, Float32Array.from([0, 0, 1, 1, 0, 0]));
  assert(batch.get("filled")?.values.every((metres) => metres > 0));
});

onWasm("a sample without a label, or with an unknown one, is refused by its name", () => {
  for (const [scene, found] of [[null, "no scene label"], ["garden", '"garden"']] as const) {
    const odd = sampleOf("frame 7", scene, 1, [1, 1, 1]);
    for (const result of [classOf(scenes, odd), sceneBatch(scenes)([...samples, odd])]) {
      assert(E.isLeft(result));
      assertEquals([result.left.kind, result.left.where], ["data", "frame 7"]);
      [found, ...scenes].forEach((word) => assertStringIncludes(describe(result.left), word));
    }
  }
});

onWasm("labels are counted in the order of the list", () => {
  assertEquals(samples.map((sample) => classOf(scenes, sample)), [E.right(2), E.right(0)]);
});

onWasm("a batch is its caller's to free", () => {
  disposeTree(depthBatch(samples));
  disposeTree(reconstructionBatch(samples));
  disposeTree(orThrow(sceneBatch(scenes)(samples)));
});
