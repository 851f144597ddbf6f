import fc from "fast-check";
import { duplicateKey } from "../../lib/formats/json_keys.ts";
import {
  decodeSafetensors,
  encodeSafetensors,
  type NamedArray,
  safetensorsParts,
} from "../../lib/formats/safetensors.ts";
import { assert, assertEquals, assertStringIncludes, assertThrows } from "../../tasks/std.ts";
import { assertTagged, concatenate, damaged, leftOf, rightOf } from "./support.ts";

/** A file with this header, as it stands, and this many bytes of data, counting from 0. */
const file = (header: string, dataSize: number): Uint8Array => {
  const json = new TextEncoder().encode(header);
  const length = new Uint8Array(8);
  new DataView(length.buffer).setUint32(0, json.length, true);
  return concatenate(length, json, Uint8Array.from({ length: dataSize }, (_, i) => i));
};

const entry = (begin: number, end: number, shape = `[${(end - begin) / 4}]`, dtype = "F32") =>
  `{"dtype":"${dtype}","shape":${shape},"data_offsets":[${begin},${end}]}`;

const refusal = (header: string, dataSize: number) =>
  leftOf(decodeSafetensors("m.safetensors", file(header, dataSize)));

const name = fc.string({ maxLength: 6, unit: "grapheme" }).filter((text) => text !== "__metadata__");

const tensor: fc.Arbitrary<NamedArray> = fc.record({ name, shape: fc.array(fc.nat({ max: 3 }), { maxLength: 4 }) })
  .chain(({ name, shape }) => {
    const length = shape.reduce((product, side) => product * side, 1);
    const range = { minLength: length, maxLength: length };
    const values: fc.Arbitrary<Float32Array | Int32Array> = fc.oneof(fc.float32Array(range), fc.int32Array(range));
    return values.map((values) => ({ name, shape, values }));
  });

const tensors = fc.uniqueArray(tensor, { selector: (array) => array.name, maxLength: 6 });
const metadata = fc.dictionary(fc.string({ maxLength: 5 }), fc.string(), { maxKeys: 4, noNullPrototype: true });

const example: readonly NamedArray[] = [
  { name: "weight", shape: [2, 1], values: Float32Array.of(1, -2) },
  { name: "step", shape: [], values: Int32Array.of(7) },
];

Deno.test("a file is written byte for byte as the format says", () => {
  const header = '{"__metadata__":{"format":"pt"},"weight":{"dtype":"F32","shape":[2,1],"data_offsets":[0,8]},' +
    '"step":{"dtype":"I32","shape":[],"data_offsets":[8,12]}}';
  const padded = header.padEnd(Math.ceil(header.length / 8) * 8);
  const data = Uint8Array.of(0, 0, 0x80, 0x3f, 0, 0, 0, 0xc0, 7, 0, 0, 0);
  const expected = concatenate(file(padded, 0), data);
  assertEquals(encodeSafetensors(example, { format: "pt" }), expected);
});

Deno.test("a file made by hand is read, also where its data start at an odd byte", () => {
  for (const space of ["", " ", "  ", "   "]) {
    const { tensors, metadata } = rightOf(
      decodeSafetensors("a", file(`{"a":${entry(0, 4, "[1,1]", "I32")}}${space}`, 4)),
    );
    assertEquals(tensors.get("a"), { name: "a", shape: [1, 1], values: Int32Array.of(0x03020100) });
    assertEquals(metadata, {});
  }
});

Deno.test("tensors and metadata of any names, shapes and values survive", () => {
  fc.assert(fc.property(tensors, metadata, (tensors, metadata) => {
    const decoded = rightOf(decodeSafetensors("a", encodeSafetensors(tensors, metadata)));
    assertEquals([...decoded.tensors.keys()].sort(), tensors.map(({ name }) => name).sort());
    for (const tensor of tensors) assertEquals(decoded.tensors.get(tensor.name), tensor);
    assertEquals(Object.entries(decoded.metadata), Object.entries(metadata));
  }));
});

Deno.test("the header ends at a multiple of 8", () => {
  fc.assert(fc.property(tensors, metadata, (tensors, metadata) => {
    assertEquals((safetensorsParts(tensors, metadata)[0]?.length ?? 1) % 8, 0);
  }));
});

Deno.test("the parts of a file are the whole file, and copy no tensor", () => {
  const parts = safetensorsParts(example, { a: "b" });
  assertEquals(concatenate(...parts), encodeSafetensors(example, { a: "b" }));
  assert(parts[1]?.buffer === example[0]?.values.buffer);
});

Deno.test("what is no safetensors header is refused", () => {
  const cases: readonly (readonly [string, string])[] = [
    ["[]", "header"],
    ["1", "header"],
    ["null", "header"],
    ["{", "no JSON"],
    ["\xff", "no JSON"],
    ['{"__metadata__":{"a":1}}', "{"],
    ['{"__metadata__":[]}', "[]"],
    ['{"a":1}', "1"],
    ['{"a":{"shape":[],"data_offsets":[0,4]}}', "dtype"],
    ['{"a":{"dtype":"F32","data_offsets":[0,4]}}', "shape nothing"],
    ['{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}', "shape [-1]"],
    ['{"a":{"dtype":"F32","shape":[1.5],"data_offsets":[0,4]}}', "shape [1.5]"],
    ['{"a":{"dtype":"F32","shape":[1],"data_offsets":[0]}}', "data_offsets [0]"],
    ['{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}', "data_offsets [4,0]"],
    ['{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4,4]}}', "data_offsets [0,4,4]"],
  ];
  for (const [header, found] of cases) {
    const problem = refusal(header, 4);
    assertEquals(problem.kind, "format");
    assertStringIncludes(problem.where, "m.safetensors");
    assertStringIncludes(problem.found, found);
  }
});

Deno.test("overlaps, holes, rests and data beyond the file are refused with the tensor's name", () => {
  const two = (a: string, b: string) => `{"first":${a},"second":${b}}`;
  const overlap = refusal(two(entry(0, 8), entry(4, 12)), 12);
  assertStringIncludes(overlap.found, "overlap");
  assertStringIncludes(overlap.where, "second");
  assertStringIncludes(refusal(two(entry(0, 4), entry(8, 12)), 12).found, "hole");
  assertStringIncludes(refusal(two(entry(4, 8), entry(8, 12)), 12).where, "first");
  assertStringIncludes(refusal(two(entry(0, 4), entry(4, 8)), 12).found, "4 bytes after the last");
  assertStringIncludes(refusal(two(entry(0, 4), entry(4, 12)), 8).advice ?? "", "truncated");
  assertStringIncludes(refusal("{}", 1).found, "1 bytes after");
});

Deno.test("sizes that do not fit the shape and unknown element types are refused", () => {
  assertStringIncludes(refusal(`{"a":${entry(0, 8, "[3]")}}`, 8).expected, "12 for F32 of shape [3]");
  assertStringIncludes(refusal(`{"a":${entry(0, 8, "[9007199254740991,9007199254740991]")}}`, 8).found, "8 bytes");
  const half = refusal(`{"a":${entry(0, 8, "[4]", "F16")}}`, 8);
  assertStringIncludes(half.found, "F16");
  assertEquals(half.expected, "one of F32, I32");
});

Deno.test("a name that is there twice is refused, however it is written", () => {
  const twice = refusal(`{"a":${entry(0, 4)},"\\u0061":${entry(0, 4)}}`, 4);
  assertStringIncludes(twice.found, '"a" twice');
  assertEquals(duplicateKey('{"a":{"b":1},"c":[{"b":2},{"b":"a"}],"d":"\\"c\\":"}'), undefined);
  assertEquals(duplicateKey('{"a":[{"b":1, "b" : 2}]}'), "b");
});

Deno.test("no valid JSON of different keys has a duplicate", () => {
  fc.assert(fc.property(fc.jsonValue(), (value) => {
    for (const space of [0, 2]) assertEquals(duplicateKey(JSON.stringify(value, null, space)), undefined);
  }));
});

Deno.test("a header longer than the file or than the format allows is refused before it is read", () => {
  for (const length of [100n, 100_000_001n, 2n ** 64n - 1n]) {
    const bytes = new Uint8Array(50);
    new DataView(bytes.buffer).setBigUint64(0, length, true);
    assertStringIncludes(leftOf(decodeSafetensors("a", bytes)).found, `header of ${length} bytes`);
  }
});

Deno.test("every truncation and every extra byte is refused", () => {
  const bytes = encodeSafetensors(example, { format: "pt" });
  for (let length = 0; length < bytes.length; length++) leftOf(decodeSafetensors("a", bytes.subarray(0, length)));
  leftOf(decodeSafetensors("a", concatenate(bytes, Uint8Array.of(0))));
});

Deno.test("damaged files give tensors or a failure", () => {
  const files = damaged(encodeSafetensors(example, { format: "pt" }));
  fc.assert(fc.property(files, (bytes) => assertTagged(decodeSafetensors("a", bytes), "a")), { numRuns: 2000 });
});

Deno.test("names that repeat or are reserved, and values that do not fit, are not encoded", () => {
  const one = { name: "a", shape: [1], values: Float32Array.of(1) };
  assertThrows(() => encodeSafetensors([one, one], {}));
  assertThrows(() => encodeSafetensors([{ ...one, name: "__metadata__" }], {}));
  assertThrows(() => encodeSafetensors([{ ...one, shape: [2] }], {}));
});
