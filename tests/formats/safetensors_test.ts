import fc from "fast-check";
import { type ByteSource, openSource, sourceOfBytes } from "../../lib/formats/byte_source.ts";
import { type Dtype, dtypeSize, isDtype } from "../../lib/formats/bytes.ts";
import { writeBytes } from "../../lib/formats/files.ts";
import {
  encodeSafetensors,
  readSafetensors,
  safetensorsHeader,
  safetensorsParts,
} from "../../lib/formats/safetensors.ts";
import { storedFloat32, type StoredTensor, type TensorFile } from "../../lib/formats/tensor_file.ts";
import { assert, assertEquals, assertStringIncludes, assertThrows, join } from "../std.ts";
import { assertTagged, concatenate, damaged, leftOf, rightOf } from "./support.ts";

const open = (bytes: Uint8Array) => readSafetensors(sourceOfBytes("m.safetensors", bytes))();

const readAll = async (file: TensorFile): Promise<readonly StoredTensor[]> => {
  const tensors = [];
  for (const { name } of file.entries) tensors.push(rightOf(await file.read(name)()));
  return tensors;
};

const assertBug = (run: () => unknown, ...texts: readonly string[]): void => {
  const reason = String(assertThrows(run));
  for (const text of texts) assertStringIncludes(reason, text);
};

const withFile = async (bytes: Uint8Array, run: (path: string) => Promise<void>): Promise<void> => {
  const folder = await Deno.makeTempDir();
  try {
    const path = join(folder, "m.safetensors");
    rightOf(await writeBytes(path, bytes)());
    await run(path);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
};

/** A file with this header, as it stands, and this many bytes of data, counting from 0. */
const file = (header: string, dataSize: number): Uint8Array => {
  const json = new TextEncoder().encode(header);
  const length = new Uint8Array(8);
  new DataView(length.buffer).setUint32(0, json.length, true);
  return concatenate(length, json, Uint8Array.from({ length: dataSize }, (_, i) => i));
};

const entry = (begin: number, end: number, shape = `[${(end - begin) / 4}]`, dtype = "F32") =>
  `{"dtype":"${dtype}","shape":${shape},"data_offsets":[${begin},${end}]}`;

const dtypes = Object.keys(dtypeSize).filter(isDtype);

const name = fc.string({ maxLength: 6, unit: "grapheme" }).filter((text) => text !== "__metadata__");
const shape = fc.array(fc.nat({ max: 3 }), { maxLength: 4 });

const tensorOf = (dtype: Dtype): fc.Arbitrary<StoredTensor> =>
  fc.record({ name, shape }).chain(({ name, shape }) => {
    const length = shape.reduce((product, side) => product * side, dtypeSize[dtype]);
    return fc.uint8Array({ minLength: length, maxLength: length }).map((bytes) => ({ name, dtype, shape, bytes }));
  });

const tensors = fc.uniqueArray(fc.constantFrom(...dtypes).chain(tensorOf), {
  selector: ({ name }) => name,
  maxLength: 6,
});
const metadata = fc.dictionary(fc.string({ maxLength: 5 }), fc.string(), { maxKeys: 4, noNullPrototype: true });

const example: readonly StoredTensor[] = [
  storedFloat32("weight", [2, 1], Float32Array.of(1, -2)),
  { name: "step", dtype: "I32", shape: [], bytes: Uint8Array.of(7, 0, 0, 0) },
];

Deno.test("a file is written byte for byte as the format says", () => {
  const header = '{"__metadata__":{"format":"pt"},"weight":{"dtype":"F32","shape":[2,1],"data_offsets":[0,8]},' +
    '"step":{"dtype":"I32","shape":[],"data_offsets":[8,12]}}';
  const padded = header.padEnd(Math.ceil(header.length / 8) * 8);
  const data = Uint8Array.of(0, 0, 0x80, 0x3f, 0, 0, 0, 0xc0, 7, 0, 0, 0);
  const expected = concatenate(file(padded, 0), data);
  assertEquals(encodeSafetensors(example, { format: "pt" }), expected);
});

Deno.test("a file made by hand is read, also where its data start at an odd byte", async () => {
  for (const space of ["", " ", "  ", "   "]) {
    const read = rightOf(await open(file(`{"a":${entry(0, 4, "[1,1]", "I32")}}${space}`, 4)));
    assertEquals(read.entries, [{ name: "a", dtype: "I32", shape: [1, 1] }]);
    assertEquals(rightOf(await read.read("a")()).bytes, Uint8Array.of(0, 1, 2, 3));
    assertEquals([read.path, read.format, read.metadata, read.values], ["m.safetensors", "safetensors", {}, []]);
  }
});

Deno.test("tensors of any names, element types, shapes and bytes survive, in their order, with their metadata", () =>
  fc.assert(fc.asyncProperty(tensors, metadata, async (tensors, metadata) => {
    const read = rightOf(await open(encodeSafetensors(tensors, metadata)));
    const order = (list: readonly StoredTensor[]) => list.filter(({ bytes }) => bytes.length > 0);
    const all = await readAll(read);
    assertEquals(order(all), order(tensors));
    assertEquals(new Set(all), new Set(tensors));
    assertEquals(Object.entries(read.metadata), Object.entries(metadata));
  })));

for (const dtype of dtypes) {
  Deno.test(`a tensor of ${dtype} survives bit by bit`, () =>
    fc.assert(
      fc.asyncProperty(tensorOf(dtype), async (tensor) => {
        assertEquals(await readAll(rightOf(await open(encodeSafetensors([tensor], {})))), [tensor]);
      }),
      { numRuns: 30 },
    ));
}

Deno.test("the header ends at a multiple of 8", () => {
  fc.assert(fc.property(tensors, metadata, (tensors, metadata) => {
    assertEquals((safetensorsParts(tensors, metadata)[0]?.length ?? 1) % 8, 0);
  }));
});

Deno.test("the parts of a file are the whole file, and copy no tensor", () => {
  const parts = safetensorsParts(example, { a: "b" });
  assertEquals(concatenate(...parts), encodeSafetensors(example, { a: "b" }));
  assert(parts[1]?.buffer === example[0]?.bytes.buffer);
  assertEquals(
    parts[0],
    safetensorsHeader(example.map(({ name, dtype, shape }) => ({ name, dtype, shape })), { a: "b" }),
  );
});

/** A source that notes which bytes are read. */
const watched = (source: ByteSource, ranges: (readonly [offset: number, length: number])[]): ByteSource => ({
  ...source,
  read: (offset, length) => {
    ranges.push([offset, length]);
    return source.read(offset, length);
  },
});

Deno.test("only the header is read at first, and then only the tensors that are asked for", () =>
  withFile(encodeSafetensors(example, { format: "pt" }), async (path) => {
    const ranges: (readonly [number, number])[] = [];
    const read = rightOf(await readSafetensors(watched(rightOf(await openSource(path)()), ranges))());
    const header = safetensorsHeader(example, { format: "pt" }).length;
    assertEquals(ranges.splice(0), [[0, 8], [8, header - 8]]);
    assertEquals([rightOf(await read.read("step")())], example.slice(1));
    assertEquals([rightOf(await read.read("weight")())], example.slice(0, 1));
    assertEquals(ranges, [[header + 8, 4], [header, 8]]);
    assertEquals([read.path, read.metadata], [path, { format: "pt" }]);
  }));

Deno.test("a name that the file does not have is a bug of the caller", async () => {
  const read = rightOf(await open(encodeSafetensors(example, {})));
  for (const name of ["bias", "__proto__", "__metadata__", ""]) assertBug(() => read.read(name), "Error", "no tensor");
});

Deno.test("a file that shrinks after it was opened is refused when a tensor is read", () =>
  withFile(encodeSafetensors(example, {}), async (path) => {
    const read = rightOf(await readSafetensors(rightOf(await openSource(path)()))());
    await Deno.truncate(path, 20);
    const problem = leftOf(await read.read("weight")());
    assertEquals([problem.kind, problem.where], ["file", path]);
  }));

Deno.test("a header of names that JavaScript knows itself is read as any other", async () => {
  const read = rightOf(await open(file(`{"__proto__":${entry(0, 4)},"constructor":${entry(4, 8)}}`, 8)));
  assertEquals((await readAll(read)).map(({ name, bytes }) => [name, bytes[0]]), [["__proto__", 0], [
    "constructor",
    4,
  ]]);
});

Deno.test("a header longer than the file or than the format allows is refused before it is read", async () => {
  const cases = [[43n, 50], [100n, 107], [100_000_001n, 2 ** 40], [2n ** 53n, 2 ** 40], [2n ** 64n - 1n, 50]] as const;
  for (const [length, size] of cases) {
    const bytes = new Uint8Array(8);
    new DataView(bytes.buffer).setBigUint64(0, length, true);
    const ranges: (readonly [number, number])[] = [];
    const source = { ...watched(sourceOfBytes("a", bytes), ranges), size };
    assertStringIncludes(leftOf(await readSafetensors(source)()).found, `header of ${length} bytes`);
    assertEquals(ranges, [[0, 8]]);
  }
});

Deno.test("every truncation and every extra byte is refused", async () => {
  const bytes = encodeSafetensors(example, { format: "pt" });
  for (let length = 0; length < bytes.length; length++) {
    assertEquals(leftOf(await open(bytes.subarray(0, length))).kind, "format");
  }
  leftOf(await open(concatenate(bytes, Uint8Array.of(0))));
});

const assertReadsTagged = async (source: ByteSource, bytes: Uint8Array): Promise<void> => {
  const read = await readSafetensors(source)();
  assertTagged(read, source.name);
  if (read._tag === "Left") return;
  const sizes = (await readAll(read.right)).map(({ bytes }) => bytes.length);
  assert(sizes.reduce((sum, size) => sum + size, 0) < bytes.length);
};

Deno.test("damaged files give tensors or a failure", () =>
  fc.assert(
    fc.asyncProperty(damaged(encodeSafetensors(example, { format: "pt" })), async (bytes) => {
      await assertReadsTagged(sourceOfBytes("a", bytes), bytes);
    }),
    { numRuns: 2000 },
  ));

Deno.test("damaged files on the disk give tensors or a failure", () =>
  fc.assert(
    fc.asyncProperty(damaged(encodeSafetensors(example, {})), (bytes) =>
      withFile(bytes, async (path) => {
        await assertReadsTagged(rightOf(await openSource(path)()), bytes);
      })),
    { numRuns: 50 },
  ));

Deno.test("names that repeat or are reserved, and bytes that do not fit, are not encoded", () => {
  const one = storedFloat32("a", [1], Float32Array.of(1));
  assertBug(() => encodeSafetensors([one, one], {}), "RangeError", "names");
  assertBug(() => encodeSafetensors([{ ...one, name: "__metadata__" }], {}), "RangeError", "names");
  assertBug(() => encodeSafetensors([{ ...one, shape: [2] }], {}), "RangeError", "4 bytes for F32 [2]");
  assertBug(() => encodeSafetensors([{ ...one, dtype: "I64" }], {}), "RangeError", "4 bytes for I64 [1]");
  for (const shape of [[-1, -1], [0.5, 2], [NaN], [2 ** 53]]) {
    assertBug(() => safetensorsHeader([{ ...one, shape }], {}), "RangeError", "no tensor can be F32");
  }
});

Deno.test("a header beyond the format's limit is not encoded", () => {
  assertBug(() => safetensorsHeader([], { note: "x".repeat(100_000_000) }), "RangeError", "at most 100000000");
});
