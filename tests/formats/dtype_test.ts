import fc from "fast-check";
import { bytesOfFloat32, type Dtype, dtypeSize, float32From, isDtype } from "../../lib/formats/bytes.ts";
import { assert, assertEquals, assertThrows } from "../std.ts";

const dtypes = Object.keys(dtypeSize).filter(isDtype);

/** The bytes of numbers, each written by a method of DataView. */
const bytesOf = <A>(values: readonly A[], size: number, write: (view: DataView, at: number, value: A) => void) => {
  const bytes = new Uint8Array(values.length * size);
  const view = new DataView(bytes.buffer);
  values.forEach((value, index) => write(view, index * size, value));
  return bytes;
};

const bitsOf = (values: Float32Array): readonly number[] => [...new Uint32Array(values.slice().buffer)];

/** Compares as `Object.is` does: NaN is NaN, and zeros have signs. */
const assertSame = (actual: Float32Array, expected: readonly number[]): void => {
  assertEquals(actual.length, expected.length);
  const odd = expected.findIndex((value, index) => !Object.is(actual[index], value));
  assert(odd === -1, `element ${odd} is ${actual[odd]} instead of ${expected[odd]}`);
};

const all16: readonly number[] = Array.from({ length: 0x10000 }, (_, bits) => bits);
const bytes16 = bytesOf(all16, 2, (view, at, bits) => view.setUint16(at, bits, true));

/** A binary16 by its definition: 1 bit of sign, 5 of exponent with bias 15, 10 of fraction. */
const half = (bits: number): number => {
  const [sign, exponent, fraction] = [bits >> 15 === 1 ? -1 : 1, (bits >> 10) & 31, bits & 1023];
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
  return sign * (exponent === 0 ? fraction * 2 ** -24 : (1024 + fraction) * 2 ** (exponent - 25));
};

Deno.test("every F16 has the value that its bits define", () => {
  assertSame(float32From("F16", bytes16), all16.map(half));
});

Deno.test("every BF16 is the F32 whose lower half is zero, bit by bit", () => {
  assertEquals(bitsOf(float32From("BF16", bytes16)), all16.map((bits) => bits * 0x10000));
});

Deno.test("F16 and BF16 keep subnormals, infinities, NaN and negative zero", () => {
  const halves = Uint16Array.of(0x0001, 0x03ff, 0x7bff, 0x7c00, 0xfc00, 0x7e00, 0x8000);
  assertSame(float32From("F16", new Uint8Array(halves.buffer)), [
    2 ** -24,
    1023 * 2 ** -24,
    65504,
    Infinity,
    -Infinity,
    NaN,
    -0,
  ]);
  const brains = Uint16Array.of(0x0001, 0x3f80, 0x7f80, 0xff80, 0x7fc0, 0x8000);
  assertSame(float32From("BF16", new Uint8Array(brains.buffer)), [2 ** -133, 1, Infinity, -Infinity, NaN, -0]);
});

Deno.test("F32 keeps every bit, also of NaN", () => {
  fc.assert(fc.property(fc.uint32Array({ maxLength: 20 }), (bits) => {
    assertEquals(bitsOf(float32From("F32", new Uint8Array(bits.buffer))), [...bits]);
  }));
});

Deno.test("F64 is rounded to the nearest 32-bit float", () => {
  const special = [0.1, 1 + 2 ** -24, 1 + 3 * 2 ** -24, 2 ** -149, 2 ** -150, 1e300, -1e300, Infinity, NaN, -0, 3.4e38];
  fc.assert(fc.property(fc.oneof(fc.constant(special), fc.array(fc.double(), { maxLength: 20 })), (values) => {
    const bytes = bytesOf(values, 8, (view, at, value) => view.setFloat64(at, value, true));
    assertSame(float32From("F64", bytes), values.map(Math.fround));
  }));
});

Deno.test("I64 is the 32-bit float of its number, also beyond 2⁵³", () => {
  const edges = [
    0n,
    -1n,
    2n ** 32n,
    -(2n ** 32n) - 1n,
    2n ** 53n + 1n,
    -(2n ** 53n) - 1n,
    2n ** 63n - 1n,
    -(2n ** 63n),
  ];
  const long = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
  fc.assert(fc.property(fc.oneof(fc.constant(edges), fc.array(long, { maxLength: 20 })), (values) => {
    const bytes = bytesOf(values, 8, (view, at, value) => view.setBigInt64(at, value, true));
    assertSame(float32From("I64", bytes), values.map((value) => Math.fround(Number(value))));
  }));
});

Deno.test("I32 is rounded to the nearest 32-bit float; I16, I8 and U8 are exact", () => {
  const cases: readonly (readonly [Dtype, (view: DataView, at: number, value: number) => void, number, number])[] = [
    ["I32", (view, at, value) => view.setInt32(at, value, true), -(2 ** 31), 2 ** 31 - 1],
    ["I16", (view, at, value) => view.setInt16(at, value, true), -(2 ** 15), 2 ** 15 - 1],
    ["I8", (view, at, value) => view.setInt8(at, value), -128, 127],
    ["U8", (view, at, value) => view.setUint8(at, value), 0, 255],
  ];
  for (const [dtype, write, min, max] of cases) {
    fc.assert(fc.property(fc.array(fc.integer({ min, max }), { maxLength: 20 }), (drawn) => {
      const values = [min, max, ...drawn];
      const bytes = bytesOf(values, dtypeSize[dtype], write);
      assertSame(float32From(dtype, bytes), values.map(Math.fround));
    }));
  }
});

Deno.test("a BOOL is 0 or 1, whatever its byte", () => {
  assertSame(float32From("BOOL", Uint8Array.of(0, 1, 2, 255)), [0, 1, 1, 1]);
});

Deno.test("the bytes may start anywhere in memory, and those after them do not matter", () => {
  fc.assert(fc.property(
    fc.constantFrom(...dtypes),
    fc.uint8Array({ minLength: 32, maxLength: 32 }),
    fc.nat({ max: 8 }),
    (dtype, bytes, start) => {
      const memory = new Uint8Array(48).fill(0x55);
      memory.set(bytes, start);
      const values = float32From(dtype, memory.subarray(start, start + 32));
      assertEquals(bitsOf(values), bitsOf(float32From(dtype, bytes)));
      assertEquals(values.length, 32 / dtypeSize[dtype]);
      assertEquals(memory.subarray(start, start + 32), bytes);
    },
  ));
});

Deno.test("32-bit floats share memory with their bytes, in both directions", () => {
  const values = Float32Array.of(9, 1, -2).subarray(1);
  const bytes = bytesOfFloat32(values);
  assertEquals(bytes, Uint8Array.of(0, 0, 0x80, 0x3f, 0, 0, 0, 0xc0));
  assert(bytes.buffer === values.buffer);
  const back = float32From("F32", bytes);
  assert(back.buffer === values.buffer && back.byteOffset === 4);
});

Deno.test("no elements are no floats, and a part of an element is a bug", () => {
  for (const dtype of dtypes) {
    assertEquals(float32From(dtype, new Uint8Array(0)).length, 0);
    if (dtypeSize[dtype] > 1) assertThrows(() => float32From(dtype, new Uint8Array(dtypeSize[dtype] + 1)));
  }
});

Deno.test("only the names of the element types are such", () => {
  assertEquals(["F16", "BOOL", "f16", "toString", "", "F8_E4M3"].map(isDtype), [
    true,
    true,
    false,
    false,
    false,
    false,
  ]);
});
