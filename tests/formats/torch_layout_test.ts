import { channelsLast, fromTorch, toTorch } from "../../lib/formats/torch_layout.ts";
import { assertEquals, assertThrows } from "../std.ts";

const counted = (length: number): Float32Array => Float32Array.from({ length }, (_, index) => index);

Deno.test("values that are not as many as the shape has places are refused, and not filled up with zeros", () => {
  for (const layout of [fromTorch, toTorch, channelsLast]) {
    for (const length of [0, 47, 49]) assertThrows(() => layout({ shape: [2, 3, 4, 2], values: counted(length) }));
  }
  for (const layout of [fromTorch, toTorch]) {
    assertThrows(() => layout({ shape: [2, 3], values: counted(5) }));
  }
});

Deno.test("pictures have four dimensions", () => {
  for (const shape of [[], [2, 3], [2, 3, 4], [2, 3, 4, 1, 1]]) {
    assertThrows(() => channelsLast({ shape, values: counted(24) }));
  }
  const { shape, values } = channelsLast({ shape: [1, 2, 1, 3], values: counted(6) });
  assertEquals([shape, [...values]], [[1, 1, 3, 2], [0, 3, 1, 4, 2, 5]]);
});
