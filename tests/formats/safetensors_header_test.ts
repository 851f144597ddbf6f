import fc from "fast-check";
import { duplicateKey } from "../../lib/formats/json.ts";
import { readSafetensorsHeader } from "../../lib/formats/safetensors_header.ts";
import { assertEquals, assertStringIncludes } from "../std.ts";
import { leftOf } from "./support.ts";

const refusalOf = (header: Uint8Array, dataSize: number) =>
  leftOf(readSafetensorsHeader("m.safetensors", header, 8 + header.length + dataSize));

const refusal = (header: string, dataSize: number) => refusalOf(new TextEncoder().encode(header), dataSize);

const entry = (begin: number, end: number, shape = `[${(end - begin) / 4}]`, dtype = "F32") =>
  `{"dtype":"${dtype}","shape":${shape},"data_offsets":[${begin},${end}]}`;

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
  assertStringIncludes(refusal(two(entry(0, 4), entry(2 ** 52, 2 ** 52 + 4)), 8).found, "4503599627370500");
  assertStringIncludes(refusal(two(entry(0, 8), entry(0, 8)), 8).found, "overlap");
  assertStringIncludes(refusal("{}", 1).found, "1 bytes after");
});

Deno.test("sizes that do not fit the shape and unknown element types are refused", () => {
  const unfit = (end: number, shape: string, dtype?: string) => refusal(`{"a":${entry(0, end, shape, dtype)}}`, end);
  assertStringIncludes(unfit(8, "[3]").expected, "12 for F32 of shape [3]");
  assertStringIncludes(unfit(8, "[3]", "BF16").expected, "6 for BF16 of shape [3]");
  assertStringIncludes(unfit(8, "[2]", "F64").expected, "16 for F64 of shape [2]");
  const huge = unfit(8, "[9007199254740991,9007199254740991]");
  assertEquals([huge.found, huge.where], ["8 bytes of data", 'm.safetensors, tensor "a"']);
  assertStringIncludes(unfit(0, `[${"9007199254740991,".repeat(40)}0]`).expected, "more than");
  for (const dtype of ["F8_E4M3", "f32", "toString", ""]) {
    const unknown = unfit(8, "[8]", dtype);
    assertEquals(unknown.found, `dtype "${dtype}"`);
    assertEquals(unknown.expected, "one of F64, F32, F16, BF16, I64, I32, I16, I8, U8, BOOL");
  }
});

Deno.test("a name that is there twice is refused, however it is written", () => {
  const twice = refusal(`{"a":${entry(0, 4)},"\\u0061":${entry(0, 4)}}`, 4);
  assertStringIncludes(twice.found, '"a" twice');
  assertEquals(duplicateKey('{"a":{"b":1},"c":[{"b":2},{"b":"a"}],"d":"\\"c\\":"}'), undefined);
  assertEquals(duplicateKey('{"a":[{"b":1, "b" : 2}]}'), "b");
});

Deno.test("a deeply nested header is refused", () => {
  const depth = 100_000;
  for (const [left, right] of [["[", "]"], ['{"a":', "}"]] as const) {
    refusal(`{"a":${left.repeat(depth)}1${right.repeat(depth)}}`, 4);
  }
});

Deno.test("no valid JSON of different keys has a duplicate", () => {
  fc.assert(fc.property(fc.jsonValue(), (value) => {
    for (const space of [0, 2]) assertEquals(duplicateKey(JSON.stringify(value, null, space)), undefined);
  }));
});

Deno.test("a header that is no UTF-8 is refused", () => {
  assertStringIncludes(refusalOf(Uint8Array.of(0x7b, 0x22, 0xff, 0x22, 0x7d), 0).found, "no JSON");
});
