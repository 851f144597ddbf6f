import { openDevice, readValues } from "../../lib/backend/device.ts";
import { depthTensor, imagesTensor } from "../../lib/data/tensors.ts";
import { orThrow } from "../../lib/errors.ts";
import { validMask } from "../../lib/tensor/features.ts";
import { scope } from "../../lib/tensor/scope.ts";
import { assertEquals } from "../std.ts";
import { sampleOf } from "./support.ts";

orThrow(await openDevice("wasm")());

const samples = [0, 1].map((which) =>
  sampleOf(
    2,
    3,
    (row, column, channel) => 100 * which + 50 * row + 10 * column + channel,
    (row, column) => (which + row) * column,
  )
);

Deno.test("pictures become a batch in the order R, G, B, with 255 as 1", async () => {
  const tensor = imagesTensor(samples.map(({ image }) => image));
  assertEquals(tensor.shape, [2, 2, 3, 3]);
  const expected = samples.flatMap(({ image }) => Array.from(image.pixels, (level) => Math.fround(level / 255)));
  assertEquals(Array.from(await readValues(tensor)), expected);
  tensor.dispose();
});

Deno.test("depth maps become a batch in metres, valid where depth is above 0", async () => {
  const [tensor, mask] = scope(() => {
    const depth = depthTensor(samples.map(({ depth }) => depth));
    return [depth, validMask(depth)] as const;
  });
  assertEquals(tensor.shape, [2, 2, 3, 1]);
  assertEquals(Array.from(await readValues(tensor)), [0, 0, 0, 0, 1, 2, 0, 1, 2, 0, 2, 4]);
  assertEquals(Array.from(await readValues(mask)), [0, 0, 0, 0, 1, 1, 0, 1, 1, 0, 1, 1]);
  [tensor, mask].forEach((each) => each.dispose());
});
