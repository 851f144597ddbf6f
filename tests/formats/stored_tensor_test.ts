import {
  byteCount,
  describeEntry,
  elementCount,
  float32Values,
  storedFloat32,
  type TensorEntry,
} from "../../lib/formats/tensor_file.ts";
import { assert, assertEquals } from "../std.ts";

Deno.test("a shape's elements are the product of its sides, and one where it has none", () => {
  assertEquals([[], [3], [2, 3, 4], [5, 0, 2]].map(elementCount), [1, 3, 24, 0]);
});

Deno.test("a tensor's bytes are its elements times their size", () => {
  const entry = (dtype: TensorEntry["dtype"]): TensorEntry => ({ name: "a", dtype, shape: [2, 3] });
  const dtypes = ["F64", "F32", "F16", "BF16", "I64", "I32", "I16", "I8", "U8", "BOOL"] as const;
  assertEquals(dtypes.map((dtype) => byteCount(entry(dtype))), [48, 24, 12, 12, 48, 24, 12, 6, 6, 6]);
});

Deno.test("32-bit floats become a tensor and values again without a copy", () => {
  const values = Float32Array.of(0, 1.5, -0, NaN).subarray(1);
  const tensor = storedFloat32("bias", [3], values);
  assertEquals([tensor.name, tensor.dtype, tensor.shape, tensor.bytes.length], ["bias", "F32", [3], 12]);
  assertEquals(float32Values(tensor), values);
  assert(float32Values(tensor).buffer === values.buffer);
});

Deno.test("values of other element types are converted", () => {
  const bytes = Uint8Array.of(0x00, 0x3c, 0x00, 0xc0);
  assertEquals(float32Values({ name: "a", dtype: "F16", shape: [2], bytes }), Float32Array.of(1, -2));
  assertEquals(float32Values({ name: "a", dtype: "I16", shape: [2], bytes }), Float32Array.of(0x3c00, -0x4000));
});

Deno.test("a tensor is described by its element type and shape", () => {
  assertEquals(describeEntry({ name: "a", dtype: "F32", shape: [64, 3, 7, 7] }), "F32 [64, 3, 7, 7]");
  assertEquals(describeEntry({ name: "a", dtype: "I64", shape: [] }), "I64 []");
});
