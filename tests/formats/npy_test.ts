import fc from "fast-check";
import { decodeNpy, encodeNpy } from "../../lib/formats/npy.ts";
import { assert, assertEquals, assertStringIncludes, assertThrows } from "../std.ts";
import { assertTagged, concatenate, damaged, fromBase64, leftOf, rightOf } from "./support.ts";

/** An NPY header as NumPy writes it, with data after it. */
const npy = (fields: string, data: Uint8Array, version = 1): Uint8Array => {
  const start = version === 1 ? 10 : 12;
  const text = fields.padEnd(127 - start) + "\n";
  const length = version === 1 ? [text.length, 0] : [text.length, 0, 0, 0];
  const signature = [0x93, ...new TextEncoder().encode("NUMPY"), version, 0, ...length];
  return concatenate(Uint8Array.from(signature), new TextEncoder().encode(text), data);
};

const fieldsOf = (descr: string, shape: string, order = "False") =>
  `{'descr': '${descr}', 'fortran_order': ${order}, 'shape': ${shape}, }`;

// numpy.arange(6, dtype="<f4") * 0.5 - 1, as written by NumPy in the shape (2, 3).
const sixFloats = fromBase64("AACAvwAAAL8AAAAAAAAAPwAAgD8AAMA/");
const sixValues = Float32Array.of(-1, -0.5, 0, 0.5, 1, 1.5);

Deno.test("an array is written byte for byte as NumPy writes it", () => {
  const expected = npy(fieldsOf("<f4", "(2, 3)"), sixFloats);
  assertEquals(encodeNpy({ shape: [2, 3], values: sixValues }), expected);
});

Deno.test("versions 1.0 and 2.0 of NumPy's bytes are read", () => {
  for (const version of [1, 2]) {
    const decoded = rightOf(decodeNpy("a.npy", npy(fieldsOf("<f4", "(2, 3)"), sixFloats, version)));
    assertEquals(decoded, { shape: [2, 3], values: sixValues, elements: "float" });
  }
});

Deno.test("every element type is read without rounding", () => {
  const cases = [
    ["<f2", Uint8Array.of(0, 0, 0, 60, 0, 252), Float32Array.of(0, 1, -Infinity), "float"],
    ["<f8", fromBase64("AAAAAAAAAAAAAAAAAADwPwAAAAAAAGlA"), Float64Array.of(0, 1, 200), "float"],
    ["|u1", Uint8Array.of(0, 1, 200), Float32Array.of(0, 1, 200), 8],
    ["|i1", Uint8Array.of(0, 1, 200), Float32Array.of(0, 1, -56), 8],
    ["<u2", Uint8Array.of(0, 0, 1, 0, 200, 255), Float32Array.of(0, 1, 0xffc8), 16],
    [">u2", Uint8Array.of(0, 0, 0, 1, 255, 200), Float32Array.of(0, 1, 0xffc8), 16],
    ["<i2", Uint8Array.of(0, 0, 1, 0, 200, 255), Float32Array.of(0, 1, -56), 16],
    ["<i4", Uint8Array.of(255, 255, 255, 255, 1, 0, 0, 0, 255, 255, 255, 127), Float64Array.of(-1, 1, 2 ** 31 - 1), 32],
    [">u4", Uint8Array.of(255, 255, 255, 255, 0, 0, 0, 1, 1, 0, 0, 0), Float64Array.of(2 ** 32 - 1, 1, 2 ** 24), 32],
    ["<i8", new Uint8Array(BigInt64Array.of(-1n, 1n, 2n ** 53n).buffer), Float64Array.of(-1, 1, 2 ** 53), 64],
    ["<u8", new Uint8Array(BigInt64Array.of(7n, 1n, 2n ** 53n).buffer), Float64Array.of(7, 1, 2 ** 53), 64],
  ] as const;
  for (const [descr, data, values, elements] of cases) {
    assertEquals(rightOf(decodeNpy("a.npy", npy(fieldsOf(descr, "(3,)"), data))), { shape: [3], values, elements });
  }
});

Deno.test("an array in Fortran order is given with its last dimension varying fastest", () => {
  // numpy.asfortranarray(numpy.arange(24).reshape(2, 3, 4)): element (i, j, k) is 12 i + 4 j + k, stored with i fastest.
  const stored = Uint8Array.from(
    { length: 24 },
    (_, at) => 12 * (at % 2) + 4 * (Math.floor(at / 2) % 3) + Math.floor(at / 6),
  );
  const array = rightOf(decodeNpy("a.npy", npy(fieldsOf("|u1", "(2, 3, 4)", "True"), stored)));
  assertEquals(array.shape, [2, 3, 4]);
  assertEquals([...array.values], Array.from({ length: 24 }, (_, at) => at));
  const row = rightOf(decodeNpy("a.npy", npy(fieldsOf("|u1", "(3,)", "True"), Uint8Array.of(1, 2, 3))));
  assertEquals([...row.values], [1, 2, 3]);
});

Deno.test("arrays of any shape survive, and their data start at a multiple of 64", () => {
  const array = fc.array(fc.nat({ max: 4 }), { maxLength: 5 }).chain((shape) => {
    const length = shape.reduce((product, side) => product * side, 1);
    return fc.float32Array({ minLength: length, maxLength: length }).map((values) => ({ shape, values }));
  });
  fc.assert(fc.property(array, (original) => {
    const bytes = encodeNpy(original);
    assertEquals((bytes.length - original.values.byteLength) % 64, 0);
    assertEquals(rightOf(decodeNpy("a.npy", bytes)), { ...original, elements: "float" as const });
  }));
});

Deno.test("bytes that start anywhere in their buffer are read", () => {
  const bytes = encodeNpy({ shape: [6], values: sixValues });
  const shifted = concatenate(new Uint8Array(3), bytes).subarray(3);
  assertEquals(rightOf(decodeNpy("a.npy", shifted)).values, sixValues);
});

Deno.test("what cannot be read is named", () => {
  const found = (bytes: Uint8Array) => leftOf(decodeNpy("a.npy", bytes)).found;
  assertStringIncludes(found(npy(fieldsOf("<c8", "(3,)"), sixFloats)), "<c8");
  assertStringIncludes(found(npy(fieldsOf("|O", "(3,)"), sixFloats)), "|O");
  assertStringIncludes(found(npy(fieldsOf("<f4", "(7,)"), sixFloats)), "24 bytes");
  assertStringIncludes(found(npy(fieldsOf("<f4", "(5,)"), sixFloats)), "24 bytes");
  assertStringIncludes(found(npy(fieldsOf("<f4", "(999999999999, 999999999999)"), sixFloats)), "24 bytes");
  assertStringIncludes(found(npy("{'descr': [('x', '<f4')]}", sixFloats)), "element type");
  assertStringIncludes(found(npy(fieldsOf("<f4", "(6,)"), sixFloats, 3)), "version 3");
  assertStringIncludes(found(new Uint8Array(0)), "empty");
});

Deno.test("every truncation and every extra byte is refused", () => {
  const bytes = encodeNpy({ shape: [2, 3], values: sixValues });
  for (let length = 0; length < bytes.length; length++) leftOf(decodeNpy("a.npy", bytes.subarray(0, length)));
  leftOf(decodeNpy("a.npy", concatenate(bytes, Uint8Array.of(0))));
});

Deno.test("damaged files give an array or a failure", () => {
  const files = damaged(encodeNpy({ shape: [2, 3], values: sixValues }));
  fc.assert(fc.property(files, (bytes) => assertTagged(decodeNpy("a.npy", bytes), "a.npy")), { numRuns: 1000 });
});

Deno.test("values that do not fit the shape are not encoded", () => {
  assertThrows(() => encodeNpy({ shape: [2, 2], values: sixValues }));
  assert(encodeNpy({ shape: [], values: Float32Array.of(2.5) }).length === 132);
});
