/** The parts one after the other, in new memory. */
export const concatenate = (parts: readonly Uint8Array[]): Uint8Array => {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
};

/** A view through which numbers of either byte order can be read; offsets count from the first of the bytes. */
export const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** Bytes `start` up to `end`, or as many as there are, as characters of the same codes (Latin-1). For short ranges. */
export const charactersAt = (bytes: Uint8Array, start: number, end: number): string =>
  String.fromCharCode(...bytes.subarray(start, end));

/** The codes of characters in U+0000…U+00FF as bytes: the inverse of {@link charactersAt}. */
export const bytesOf = (characters: string): Uint8Array => Uint8Array.from(characters, (char) => char.charCodeAt(0));

/** Elements of so many bytes each, in place, from one byte order to the other. */
export const reverseElements = (bytes: Uint8Array, size: number): void => {
  for (let start = 0; start + size <= bytes.length; start += size) {
    for (let low = start, high = start + size - 1; low < high; low++, high--) {
      const byte = bytes[low]!;
      bytes[low] = bytes[high]!;
      bytes[high] = byte;
    }
  }
};

/**
 * The element types of stored tensors, by their names in safetensors files. All are little-endian; BF16 is the upper
 * half of an F32, and a BOOL is a byte, 0 or 1.
 */

/** The name of an element type.
 * @category Files */
export type Dtype = "F64" | "F32" | "F16" | "BF16" | "I64" | "I32" | "I16" | "I8" | "U8" | "BOOL";

/** Bytes of an element. */
export const dtypeSize: Readonly<Record<Dtype, number>> = {
  F64: 8,
  F32: 4,
  F16: 2,
  BF16: 2,
  I64: 8,
  I32: 4,
  I16: 2,
  I8: 1,
  U8: 1,
  BOOL: 1,
};

/** Whether a text names an element type. */
export const isDtype = (name: string): name is Dtype => Object.hasOwn(dtypeSize, name);

/** Elements of 32 bits from those of 16: a BF16 is the upper half of the F32 of the same value. */
const float32FromBrain = (elements: Uint16Array): Float32Array => {
  const bits = new Uint32Array(elements.length);
  for (let i = 0; i < elements.length; i++) bits[i] = elements[i]! << 16;
  return new Float32Array(bits.buffer);
};

/** Without a BigInt for each element, which takes several times as long. The sum is rounded as `Number(…)` would. */
const float32FromLong = (halves: Uint32Array): Float32Array => {
  const values = new Float32Array(halves.length / 2);
  for (let i = 0; i < values.length; i++) {
    const upper = halves[2 * i + 1]! | 0;
    values[i] = upper * 2 ** 32 + halves[2 * i]!;
  }
  return values;
};

const truth = (byte: number): number => byte === 0 ? 0 : 1;

/** How the elements from a byte of a buffer on, which are aligned, become 32-bit floats. */
type Conversion = (buffer: ArrayBufferLike, start: number, count: number) => Float32Array;

const conversions: Readonly<Record<Dtype, Conversion>> = {
  F64: (buffer, start, count) => new Float32Array(new Float64Array(buffer, start, count)),
  F32: (buffer, start, count) => new Float32Array(buffer, start, count),
  F16: (buffer, start, count) => new Float32Array(new Float16Array(buffer, start, count)),
  BF16: (buffer, start, count) => float32FromBrain(new Uint16Array(buffer, start, count)),
  I64: (buffer, start, count) => float32FromLong(new Uint32Array(buffer, start, 2 * count)),
  I32: (buffer, start, count) => new Float32Array(new Int32Array(buffer, start, count)),
  I16: (buffer, start, count) => new Float32Array(new Int16Array(buffer, start, count)),
  I8: (buffer, start, count) => new Float32Array(new Int8Array(buffer, start, count)),
  U8: (buffer, start, count) => new Float32Array(new Uint8Array(buffer, start, count)),
  BOOL: (buffer, start, count) => new Float32Array(new Uint8Array(buffer, start, count).map(truth)),
};

/**
 * Elements as 32-bit floats: exact for F32, F16, BF16, I16, I8, U8 and BOOL, rounded to the nearest for F64 and I32,
 * and for I64 first to the nearest 64-bit float (exact up to ±2⁵³). A BOOL that is not 0 is 1. Values of F32 share the
 * memory of `bytes` where a typed array can start there. Relies on little-endian memory, as all machines of Deno have.
 * @throws RangeError if the bytes are no whole number of elements.
 */
export const float32From = (dtype: Dtype, bytes: Uint8Array): Float32Array => {
  const size = dtypeSize[dtype];
  if (bytes.length % size !== 0) throw new RangeError(`${bytes.length} bytes are no whole number of ${dtype}`);
  const { buffer, byteOffset, length } = bytes.byteOffset % size === 0 ? bytes : new Uint8Array(bytes);
  return conversions[dtype](buffer, byteOffset, length / size);
};

/** 32-bit floats as the bytes of F32, sharing their memory. */
export const bytesOfFloat32 = (values: Float32Array): Uint8Array =>
  new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
