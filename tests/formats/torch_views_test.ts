import fc from "fast-check";
import { type ByteSource, sourceOfBytes } from "../../lib/formats/byte_source.ts";
import { dtypeSize, isDtype } from "../../lib/formats/bytes.ts";
import { readTorchFile } from "../../lib/formats/open_tensor_file.ts";
import { assert, assertEquals, assertStringIncludes } from "../std.ts";
import { leftOf, rightOf } from "./support.ts";
import {
  call,
  counting,
  dict,
  float,
  global,
  int,
  long,
  matrix,
  named,
  none,
  open,
  raw,
  readAll,
  reference,
  refusal,
  type Steps,
  storageClass,
  tensorOf,
  type TestStorage,
  text,
  torchLegacy,
  torchZip,
  truth,
  tuple,
  weights,
  writers,
} from "./torch_support.ts";

const dtypes = Object.keys(storageClass).filter(isDtype);

/** A view, and how many elements its storage must have. */
const view = fc.record({
  dtype: fc.constantFrom(...dtypes),
  offset: fc.nat({ max: 3 }),
  dimensions: fc.array(fc.tuple(fc.nat({ max: 4 }), fc.nat({ max: 6 })), { maxLength: 4 }),
}).map(({ dtype, offset, dimensions }) => {
  const [shape, strides] = [dimensions.map(([side]) => side), dimensions.map(([, stride]) => stride)];
  const isEmpty = shape.includes(0);
  const last = dimensions.reduce((sum, [side, stride]) => sum + (side - 1) * stride, offset);
  return { dtype, offset, shape, strides, needed: isEmpty ? 0 : last + 1 };
});

/** The bytes of a view by its definition: the place of every index, from the last dimension to the first. */
const viewBytes = (
  { bytes, dtype }: TestStorage,
  offset: number,
  shape: readonly number[],
  strides: readonly number[],
): readonly number[] => {
  const count = shape.reduce((product, side) => product * side, 1);
  const size = dtypeSize[dtype];
  return Array.from({ length: count }, (_, index) => {
    let [rest, place] = [index, offset];
    for (const [i, side] of [...shape.entries()].toReversed()) {
      place += (rest % side) * (strides[i] ?? 0);
      rest = Math.floor(rest / side);
    }
    return [...bytes.subarray(place * size, (place + 1) * size)];
  }).flat();
};

Deno.test("every view of a storage is read in C order, in both formats and all types", async () => {
  await fc.assert(
    fc.asyncProperty(view, fc.nat({ max: 3 }), async ({ dtype, offset, shape, strides, needed }, spare) => {
      const storage = counting("7", dtype, needed + spare);
      // A tensor may not be larger than its file.
      const padding = counting("8", "U8", 4 ** 4 * 8);
      const object = named({ t: tensorOf(reference(storage), offset, shape, strides), p: reference(padding) });
      for (const [, write] of writers) {
        const [tensor] = await readAll(write(object, [storage, padding]));
        assertEquals([tensor?.name, tensor?.dtype, tensor?.shape], ["t", dtype, shape]);
        assertEquals([...tensor?.bytes ?? []], viewBytes(storage, offset, shape, strides));
      }
    }),
    { numRuns: 300 },
  );
});

Deno.test("a view that needs one element more than its storage has is refused", async () => {
  const partial = view.filter(({ needed }) => needed > 0);
  await fc.assert(
    fc.asyncProperty(partial, async ({ dtype, offset, shape, strides, needed }) => {
      const storage = counting("7", dtype, needed - 1);
      const padding = counting("8", "U8", 4 ** 4 * 8);
      const object = named({ t: tensorOf(reference(storage), offset, shape, strides), p: reference(padding) });
      assertStringIncludes(await refusal(object, [storage, padding]), `elements up to ${needed}`);
    }),
    { numRuns: 100 },
  );
});

Deno.test("parameters, older and newer ways to write tensors, and lone tensors are read", async () => {
  const old = call("torch._utils", "_rebuild_tensor", reference(weights), int(0), tuple(int(6)), tuple(int(1)));
  const untyped = raw(
    tuple(text("storage"), global("torch.storage", "UntypedStorage"), text("0"), text("cpu"), int(24)),
    "Q",
  );
  const values = [untyped, int(0), tuple(int(3)), tuple(int(1)), truth(false), none, global("torch", "float64")];
  const typed = call("torch._utils", "_rebuild_tensor_v3", ...values);
  const parameter = call("torch._utils", "_rebuild_parameter", old, truth(true), none);
  const subclass = call(
    "torch._tensor",
    "_rebuild_from_type_v2",
    global("torch._utils", "_rebuild_tensor"),
    global("torch", "Tensor"),
    tuple(reference(weights), int(0), tuple(int(6)), tuple(int(1))),
    dict(),
  );
  for (const object of [old, typed, parameter, subclass, matrix, reference(weights)]) {
    const [tensor] = await readAll(torchZip(object, [weights]));
    assertEquals([tensor?.name, tensor?.bytes], ["tensor", weights.bytes]);
    assertEquals(tensor?.dtype, object === typed ? "F64" : "F32");
  }
});

Deno.test("a part of a storage is read where the format before 1.6 says", async () => {
  const part = (offset: number, length: number) => reference(weights, tuple(text("part"), int(offset), int(length)));
  const [tensor] = await readAll(torchLegacy(named({ t: tensorOf(part(2, 3), 1, [2], [1]) }), [weights]));
  assertEquals(tensor?.bytes, weights.bytes.subarray(12, 20));
  const beyond = named({ t: tensorOf(part(2, 3), 2, [2], [1]) });
  assertStringIncludes(leftOf(await open(torchLegacy(beyond, [weights]))).found, "elements up to 4");
  const outside = named({ t: tensorOf(part(4, 3), 0, [1], [1]) });
  assertStringIncludes(leftOf(await open(torchLegacy(outside, [weights]))).found, "no sound length");
});

Deno.test("tensors that contradict themselves or the file are refused", async () => {
  const tensor = (...values: readonly Steps[]) => named({ t: call("torch._utils", "_rebuild_tensor_v2", ...values) });
  const storage = reference(weights);
  const [one, sides] = [tuple(int(1)), tuple(int(2), int(3))];
  assertStringIncludes(await refusal(tensor(storage, int(-1), one, one)), "offset -1");
  assertStringIncludes(await refusal(tensor(storage, int(0), tuple(int(-1)), one)), "shape or strides");
  assertStringIncludes(await refusal(tensor(storage, int(0), one, tuple(int(-1)))), "shape or strides");
  assertStringIncludes(await refusal(tensor(storage, int(0), sides, one)), "shape or strides");
  assertStringIncludes(await refusal(tensor(storage, int(0), one, tuple(float(0.5)))), "shape or strides");
  assertStringIncludes(await refusal(tensor(text("a"), int(0), one, one), []), '"a"');
  assertStringIncludes(await refusal(tensor(), []), "None");
  const many = tuple(...Array.from({ length: 65 }, () => int(1)));
  assertStringIncludes(await refusal(tensor(storage, int(0), many, many)), "shape or strides");
  const negated = [int(0), one, one, truth(false), none, named({ neg: truth(true) })];
  assertStringIncludes(await refusal(tensor(storage, ...negated)), "negated");
});

Deno.test("a tensor that repeats a few elements beyond the file's size is refused", async () => {
  for (const shape of [[1_000_000], [2 ** 30, 2 ** 30, 2 ** 30], [2 ** 31 - 1, 0, 2 ** 31 - 1]]) {
    const object = named({ t: tensorOf(reference(weights), 0, shape, shape.map(() => 0)) });
    const file = await open(torchZip(object, [weights]));
    if (shape.includes(0)) assertEquals(rightOf(file).entries[0]?.shape, shape);
    else assertStringIncludes(leftOf(file).expected, "bytes of the file");
  }
  // The product of these is no number.
  const sides = [...Array.from({ length: 40 }, () => long(2n ** 52n)), int(0)];
  const object = call("torch._utils", "_rebuild_tensor", reference(weights), int(0), tuple(...sides), tuple(...sides));
  assertStringIncludes(leftOf(await open(torchZip(object, [weights]))).expected, "bytes of the file");
});

Deno.test("opening reads no storage, and reading a row reads no more than the row", async () => {
  const large = counting("0", "F32", 1_000_000);
  const object = named({
    row: tensorOf(reference(large), 5000, [1000], [1]),
    column: tensorOf(reference(large), 7, [10], [100]),
  });
  for (const [, write] of writers) {
    let count = 0;
    const whole = sourceOfBytes("m.pth", write(object, [large]));
    const source: ByteSource = {
      ...whole,
      read: (offset, length) => {
        count += length;
        return whole.read(offset, length);
      },
    };
    const file = rightOf(await readTorchFile(source)());
    assert(count < 300_000, String(count));
    count = 0;
    rightOf(await file.read("row")());
    assert(count < 4200, String(count));
    rightOf(await file.read("column")());
    assert(count < 8400, String(count));
  }
});
