/** Published names and layouts against this library's paths and layouts. */
import fc from "fast-check";
import { openDevice } from "../../lib/backend/device.ts";
import { orThrow } from "../../lib/errors.ts";
import { channelsLast, fromTorch, type ShapedValues, shapeToTorch, toTorch } from "../../lib/formats/torch_layout.ts";
import { type Leaf, leaves } from "../../lib/tensor/tree.ts";
import { assertEquals } from "../std.ts";
import { narrowness, narrowVariables } from "./filled.ts";
import { nameOf } from "./names.ts";
import { readPublishedShapes, referencePresent } from "./reference.ts";

orThrow(await openDevice("wasm")());

const networkLeaves = (): readonly Leaf[] => {
  const { params, statistics } = narrowVariables();
  return [...leaves(params), ...leaves(statistics)];
};

Deno.test({
  name: "names and shapes are exactly those of the published network",
  ignore: !referencePresent,
  fn: async () => {
    const published = await readPublishedShapes();
    const all = networkLeaves();
    assertEquals(all.map(({ path }) => nameOf(path)).sort(), [...published.keys()].sort());
    const narrow = (size: number, axis: number) => axis < 2 && size % narrowness === 0 ? size / narrowness : size;
    all.forEach(({ path, tensor }) => {
      const name = nameOf(path);
      assertEquals(shapeToTorch(tensor.shape), published.get(name)?.map(narrow), name);
    });
    const learned = [...published].filter(([name]) => !name.includes("running_"));
    const count = learned.reduce((sum, [, shape]) => sum + shape.reduce((product, size) => product * size, 1), 0);
    assertEquals(count, 36_892_481);
  },
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
