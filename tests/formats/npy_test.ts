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
    assertEquals(decoded, { shape: [2, 3], values: sixValues });
  }
});

Deno.test("every element type is read without rounding", () => {
  const cases = [
    ["<f8", fromBase64("AAAAAAAAAAAAAAAAAADwPwAAAAAAAGlA"), Float64Array.of(0, 1, 200)],
    ["|u1", Uint8Array.of(0, 1, 200), Float32Array.of(0, 1, 200)],
    ["<u2", Uint8Array.of(0, 0, 1, 0, 200, 255), Float32Array.of(0, 1, 0xffc8)],
    ["<i4", Uint8Array.of(255, 255, 255, 255, 1, 0, 0, 0, 255, 255, 255, 127), Float64Array.of(-1, 1, 2 ** 31 - 1)],
  ] as const;
  for (const [descr, data, values] of cases) {
    assertEquals(rightOf(decodeNpy("a.npy", npy(fieldsOf(descr, "(3,)"), data))), { shape: [3], values });
  }
});

Deno.test("arrays of any shape survive, and their data start at a multiple of 64", () => {
  const array = fc.array(fc.nat({ max: 4 }), { maxLength: 5 }).chain((shape) => {
    const length = shape.reduce((product, side) => product * side, 1);
    return fc.float32Array({ minLength: length, maxLength: length }).map((values) => ({ shape, values }));
  });
  fc.assert(fc.property(array, (original) => {
    const bytes = encodeNpy(original);
    assertEquals((bytes.length - original.values.byteLength) % 64, 0);
    assertEquals(rightOf(decodeNpy("a.npy", bytes)), original);
  }));
});

Deno.test("bytes that start anywhere in their buffer are read", () => {
  const bytes = encodeNpy({ shape: [6], values: sixValues });
  const shifted = concatenate(new Uint8Array(3), bytes).subarray(3);
  assertEquals(rightOf(decodeNpy("a.npy", shifted)).values, sixValues);
});

Deno.test("what cannot be read is named", () => {
  const found = (bytes: Uint8Array) => leftOf(decodeNpy("a.npy", bytes)).found;
  assertStringIncludes(found(npy(fieldsOf(">f4", "(6,)"), sixFloats)), ">f4");
  assertStringIncludes(found(npy(fieldsOf("<f4", "(2, 3)", "True"), sixFloats)), "Fortran");
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
