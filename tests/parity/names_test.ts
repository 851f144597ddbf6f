/** Published names and layouts against this library's paths and layouts. */
import fc from "fast-check";
import { openDevice } from "../../lib/backend/device.ts";
import { ownPath, ownStagePath, publishedName, publishedStageName } from "../../lib/cliffnet/published_names.ts";
import { sceneStages } from "../../lib/embedding/scene.ts";
import { orThrow } from "../../lib/errors.ts";
import { channelsLast, fromTorch, type ShapedValues, shapeToTorch, toTorch } from "../../lib/formats/torch_layout.ts";
import { keyOf } from "../../lib/tensor/key.ts";
import { type Leaf, leaves } from "../../lib/tensor/tree.ts";
import { assertEquals, assertThrows } from "../../tasks/std.ts";
import { narrowness, narrowVariables } from "./filled.ts";
import { readPublishedShapes, referencePresent } from "./reference.ts";

orThrow(await openDevice("wasm")());

const networkLeaves = (): readonly Leaf[] => {
  const { params, statistics } = narrowVariables();
  return [...leaves(params), ...leaves(statistics)];
};

Deno.test("every parameter and statistic has a published name of its own, which leads back to it", () => {
  const paths = networkLeaves().map(({ path }) => path);
  const names = paths.map(publishedName);
  assertEquals(names.map(ownPath), paths);
  assertEquals(new Set(names).size, paths.length);
});

Deno.test({
  name: "names and shapes are exactly those of the published network",
  ignore: !referencePresent,
  fn: async () => {
    const published = await readPublishedShapes();
    const all = networkLeaves();
    assertEquals(all.map(({ path }) => publishedName(path)).sort(), [...published.keys()].sort());
    const narrow = (size: number, axis: number) => axis < 2 && size % narrowness === 0 ? size / narrowness : size;
    all.forEach(({ path, tensor }) => {
      const name = publishedName(path);
      assertEquals(shapeToTorch(tensor.shape), published.get(name)?.map(narrow), name);
    });
    const learned = [...published].filter(([name]) => !name.includes("running_"));
    const count = learned.reduce((sum, [, shape]) => sum + shape.reduce((product, size) => product * size, 1), 0);
    assertEquals(count, 36_892_481);
  },
});

Deno.test("the stages of HEG-S have the names of its features", () => {
  const { params, statistics } = sceneStages([16, 32]).init(keyOf(1));
  const paths = [...leaves(params), ...leaves(statistics)].map(({ path }) => path);
  assertEquals(paths.map(publishedStageName).map(ownStagePath), paths);
  assertEquals(publishedStageName("stage1/first/conv/kernel"), "features.0.weight");
  assertEquals(publishedStageName("stage2/second/norm/variance"), "features.10.running_var");
});

Deno.test("names that the published network does not have lead nowhere", () => {
  const names = ["res_backbone.conv1.bn1.num_batches_tracked", "fpn.fpn_p6.0.weight", "xfcn.score.3.bias", ""];
  assertEquals(names.map(ownPath), names.map(() => undefined));
  assertEquals(ownPath("res_backbone.res2.layers.00.conv1.weight"), undefined);
  assertThrows(() => publishedName("backbone/stage2/block0/reduce/conv/kernel"));
});

const sizesOf = (rank: number) => fc.array(fc.integer({ min: 1, max: 5 }), { minLength: rank, maxLength: rank });

const counted = (shape: readonly number[]): ShapedValues => ({
  shape,
  values: Float32Array.from({ length: shape.reduce((product, size) => product * size, 1) }, (_, index) => index),
});

Deno.test("weights come back from PyTorch's layout as they were, whatever their rank", () => {
  fc.assert(fc.property(fc.integer({ min: 0, max: 4 }).chain(sizesOf), (shape) => {
    assertEquals(toTorch(fromTorch(counted(shape))), counted(shape));
    assertEquals(fromTorch(toTorch(counted(shape))), counted(shape));
  }));
});

Deno.test("each weight of a convolution and each pixel goes to its place", () => {
  fc.assert(fc.property(sizesOf(4), fc.nat(), (shape, seed) => {
    const [a = 1, b = 1, c = 1, d = 1] = shape;
    const [i, j, k, l] = [seed % a, (seed >> 3) % b, (seed >> 6) % c, (seed >> 9) % d];
    const { values } = counted(shape);
    const value = values[((i * b + j) * c + k) * d + l];
    const kernel = fromTorch({ shape, values });
    assertEquals(kernel.shape, [c, d, b, a]);
    assertEquals(kernel.values[((k * d + l) * b + j) * a + i], value);
    const pictures = channelsLast({ shape, values });
    assertEquals(pictures.shape, [a, c, d, b]);
    assertEquals(pictures.values[((i * c + k) * d + l) * b + j], value);
  }));
});
