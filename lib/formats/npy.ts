import { E, type Either, pipe } from "../dependencies/fp.ts";
import { type Failure, failure } from "../errors.ts";
import { bytesOf, charactersAt, concatenate, reverseElements, viewOf } from "./bytes.ts";
import { otherKind } from "./file_kinds.ts";

/** An array of numbers: `values` in C order (the last dimension varies fastest), as many as the product of `shape`.
 * @category Files */
export interface NpyArray {
  /** The size of each dimension, slowest first; empty for a single number. */
  readonly shape: readonly number[];
  /** The numbers; 64-bit floats where 32 bits would round what the file holds. */
  readonly values: Float32Array | Float64Array;
  /** What the file stores them as: floating-point numbers, or whole ones of so many bits. */
  readonly elements: "float" | 8 | 16 | 32 | 64;
}

const signature = "\x93NUMPY";

const product = (shape: readonly number[]): number => shape.reduce((size, side) => size * side, 1);

/**
 * Encodes float32 values as an NPY file, version 1.0: little-endian, C order, any shape (`[]` is a single number).
 * Throws a RangeError where `values` does not hold the product of `shape`. Source: NumPy's `numpy.lib.format`.
 * @category Files
 */
export const encodeNpy = (
  { shape, values }: { readonly shape: readonly number[]; readonly values: Float32Array },
): Uint8Array => {
  if (product(shape) !== values.length) {
    throw new RangeError(`${values.length} values are no array of shape [${shape}]`);
  }
  const sides = shape.length === 1 ? `${shape[0]},` : shape.join(", ");
  const fields = `{'descr': '<f4', 'fortran_order': False, 'shape': (${sides}), }`;
  const dataStart = Math.ceil((10 + fields.length + 1) / 64) * 64;
  const header = fields.padEnd(dataStart - 11) + "\n";
  const version = Uint8Array.of(1, 0, header.length & 0xff, header.length >> 8);
  const data = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  return concatenate([bytesOf(signature), version, bytesOf(header), data]);
};

interface ElementType {
  readonly size: 1 | 2 | 4 | 8;
  readonly isFloat: boolean;
  readonly read: (data: ArrayBuffer) => Float32Array | Float64Array;
}

const floats = (size: ElementType["size"], read: ElementType["read"]): ElementType => ({ size, isFloat: true, read });

const whole = (size: ElementType["size"], read: ElementType["read"]): ElementType => ({ size, isFloat: false, read });

/** What can be read, by the letter and the size of its `descr`; each as the narrowest float that holds its values. */
const elementTypes: ReadonlyMap<string, ElementType> = new Map([
  ["f2", floats(2, (data) => Float32Array.from(new Float16Array(data)))],
  ["f4", floats(4, (data) => new Float32Array(data))],
  ["f8", floats(8, (data) => new Float64Array(data))],
  ["u1", whole(1, (data) => Float32Array.from(new Uint8Array(data)))],
  ["u2", whole(2, (data) => Float32Array.from(new Uint16Array(data)))],
  ["u4", whole(4, (data) => Float64Array.from(new Uint32Array(data)))],
  ["u8", whole(8, (data) => Float64Array.from(new BigUint64Array(data), Number))],
  ["i1", whole(1, (data) => Float32Array.from(new Int8Array(data)))],
  ["i2", whole(2, (data) => Float32Array.from(new Int16Array(data)))],
  ["i4", whole(4, (data) => Float64Array.from(new Int32Array(data)))],
  ["i8", whole(8, (data) => Float64Array.from(new BigInt64Array(data), Number))],
]);

interface NpyHeader {
  readonly type: ElementType;
  readonly isBigEndian: boolean;
  readonly isFortran: boolean;
  readonly shape: readonly number[];
  readonly dataStart: number;
}

const wrong = (name: string, found: string, expected: string, advice?: string) =>
  E.left(failure("format", name, found, expected, advice));

const readFields = (name: string, text: string, dataStart: number): Either<Failure, NpyHeader> => {
  const descr = /'descr'\s*:\s*'([^']*)'/.exec(text)?.[1];
  const order = /'fortran_order'\s*:\s*(True|False)/.exec(text)?.[1];
  const sides = /'shape'\s*:\s*\(([\d\s,]*)\)/.exec(text)?.[1];
  if (descr === undefined || order === undefined || sides === undefined) {
    return wrong(
      name,
      "an NPY header without a readable element type, order and shape",
      "descr, fortran_order and shape",
      "Structured arrays cannot be read.",
    );
  }
  const [endian = "", code = ""] = [descr.slice(0, 1), descr.slice(1)];
  const type = /^[<>|]$/.test(endian) ? elementTypes.get(code) : undefined;
  if (type === undefined) {
    const expected = `one of ${[...elementTypes.keys()].join(", ")}`;
    return wrong(name, `elements of type ${JSON.stringify(descr)}`, expected, "Convert the array with astype.");
  }
  const shape = sides.split(",").map((side) => side.trim()).filter((side) => side !== "").map(Number);
  return E.right({ type, isBigEndian: endian === ">", isFortran: order === "True", shape, dataStart });
};

/** The longest header, in bytes, that is read; a longer one is no array of numbers. */
const maximumHeader = 65536;

const readHeader = (name: string, bytes: Uint8Array): Either<Failure, NpyHeader> => {
  if (charactersAt(bytes, 0, 6) !== signature) return E.left(otherKind(name, bytes, "a NumPy array (.npy)"));
  if (bytes.length < 12) return wrong(name, `a file of ${bytes.length} bytes`, "a whole NPY header");
  const [major, minor] = bytes.subarray(6, 8);
  if ((major !== 1 && major !== 2) || minor !== 0) {
    return wrong(name, `NPY version ${major}.${minor}`, "version 1.0 or 2.0");
  }
  const view = viewOf(bytes);
  const length = major === 1 ? view.getUint16(8, true) : view.getUint32(8, true);
  const start = major === 1 ? 10 : 12;
  if (length > maximumHeader || start + length > bytes.length) {
    return wrong(name, `a header of ${length} bytes`, `at most ${maximumHeader}, inside the file`);
  }
  const text = charactersAt(bytes, start, start + length);
  return readFields(name, text, start + length);
};

/** The values of an array whose first dimension varies fastest, so that the last does. */
const inOrderOfC = (values: NpyArray["values"], shape: readonly number[]): NpyArray["values"] => {
  const ordered = values.slice();
  const sides = Uint32Array.from(shape);
  const steps = Uint32Array.from(shape, (_, at) => product(shape.slice(0, at)));
  const place = new Uint32Array(shape.length);
  let from = 0;
  for (let to = 0; to < values.length; to++) {
    ordered[to] = values[from]!;
    for (let side = sides.length - 1; side >= 0; side--) {
      from += steps[side]!;
      if (++place[side]! < sides[side]!) break;
      from -= steps[side]! * sides[side]!;
      place[side] = 0;
    }
  }
  return ordered;
};

const readArray = ({ type, isBigEndian, isFortran, shape }: NpyHeader, data: Uint8Array<ArrayBuffer>): NpyArray => {
  if (isBigEndian) reverseElements(data, type.size);
  const values = type.read(data.buffer);
  const bits = ({ 1: 8, 2: 16, 4: 32, 8: 64 } as const)[type.size];
  return {
    shape,
    values: isFortran && shape.length > 1 ? inOrderOfC(values, shape) : values,
    elements: type.isFloat ? "float" : bits,
  };
};

/**
 * Decodes an NPY file, version 1.0 or 2.0, of floating-point numbers (16, 32 or 64 bits) or whole ones (8 to 64 bits, with or
 * without sign), of either byte order, in C or Fortran order. Numbers of up to 16 bits and float32 give a Float32Array, others
 * a Float64Array, so that no value is rounded but whole ones beyond 2⁵³. Left with kind `format` for other element types, and
 * where the data are shorter or longer than the shape says. `name` is the file's, for messages.
 * @category Files
 */
export const decodeNpy = (name: string, bytes: Uint8Array): Either<Failure, NpyArray> =>
  pipe(
    readHeader(name, bytes),
    E.chain((header) => {
      const found = bytes.length - header.dataStart;
      const expected = product(header.shape) * header.type.size;
      if (found !== expected) {
        return wrong(name, `${found} bytes of data`, `${expected} for shape [${header.shape}]`);
      }
      // A copy, because the data may start where a typed array cannot.
      return E.right(readArray(header, new Uint8Array(bytes.subarray(header.dataStart))));
    }),
  );
