import { drawNormal, drawTensors, drawUniform } from "../../lib/tensor/draw.ts";
import { keyOf, normals, uniforms } from "../../lib/tensor/key.ts";
import { scope } from "../../lib/tensor/scope.ts";
import { assert, assertAlmostEquals, assertEquals, assertNotEquals } from "../std.ts";
import { onBackend } from "../support.ts";

const numbersOf = async (draw: () => { data: () => Promise<ArrayLike<number>>; dispose: () => void }) => {
  const tensor = scope(draw);
  const values = Array.from(await tensor.data());
  tensor.dispose();
  return values;
};

onBackend("draws are those of the key, on every backend, and other keys give others", async () => {
  const drawn = await numbersOf(() => drawUniform(keyOf(3), [2, 5], -1, 3));
  const expected = uniforms(keyOf(3), 10);
  drawn.forEach((value, at) => assertAlmostEquals(value, -1 + 4 * (expected[at] ?? NaN), 1e-6));
  assertEquals(await numbersOf(() => drawUniform(keyOf(3), [2, 5], -1, 3)), drawn);
  assertNotEquals(await numbersOf(() => drawUniform(keyOf(4), [2, 5], -1, 3)), drawn);
  assertEquals(await numbersOf(() => drawNormal(keyOf(3), [7])), Array.from(normals(keyOf(3), 7)));
});

onBackend("uniform draws stay below their end in 32 bits, and integers stay integers", async () => {
  const drawn = await numbersOf(() => drawUniform(keyOf(1), [40_000]));
  assert(drawn.every((value) => value >= 0 && value < 1));
  const { places } = scope(() =>
    drawTensors(keyOf(0), () => ({ places: { shape: [3], values: Int32Array.of(2, 0, 1) } }))
  );
  assertEquals([places.dtype, places.shape, Array.from(await places.data())], ["int32", [3], [2, 0, 1]]);
  places.dispose();
});
