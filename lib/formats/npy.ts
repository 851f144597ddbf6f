import { E, type Either, pipe } from "../dependencies/fp.ts";
import { type Failure, failure } from "../errors.ts";
import { bytesOf, charactersAt, concatenate, viewOf } from "./bytes.ts";
import { otherKind } from "./file_kinds.ts";

/** An array of numbers: `values` in C order (the last dimension varies fastest), as many as the product of `shape`. */
export interface NpyArray {
  /** The size of each dimension, slowest first; empty for a single number. */
  readonly shape: readonly number[];
  /** The numbers; 64-bit floats where 32 bits would round what the file holds. */
  readonly values: Float32Array | Float64Array;
}

const signature = "\x93NUMPY";

const product = (shape: readonly number[]): number => shape.reduce((size, side) => size * side, 1);

/**
 * Encodes float32 values as an NPY file, version 1.0: little-endian, C order, any shape (`[]` is a single number).
 * Throws a RangeError where `values` does not hold the product of `shape`. Source: NumPy's `numpy.lib.format`.
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
  readonly size: number;
  readonly read: (data: ArrayBuffer) => Float32Array | Float64Array;
}

/** What can be read; each as the narrowest float that holds every one of its values. */
const elementTypes: ReadonlyMap<string, ElementType> = new Map<string, ElementType>([
  ["<f4", { size: 4, read: (data) => new Float32Array(data) }],
  ["<f8", { size: 8, read: (data) => new Float64Array(data) }],
  ["|u1", { size: 1, read: (data) => Float32Array.from(new Uint8Array(data)) }],
  ["<u2", { size: 2, read: (data) => Float32Array.from(new Uint16Array(data)) }],
  ["<i4", { size: 4, read: (data) => Float64Array.from(new Int32Array(data)) }],
]);

interface NpyHeader {
  readonly type: ElementType;
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
  const type = elementTypes.get(descr);
  if (type === undefined) {
    return wrong(name, `elements of type ${JSON.stringify(descr)}`, `one of ${[...elementTypes.keys()].join(", ")}`);
  }
  if (order === "True") {
    const advice = "Save numpy.ascontiguousarray(array) instead.";
    return wrong(name, "an array in Fortran order", "C order", advice);
  }
  const shape = sides.split(",").map((side) => side.trim()).filter((side) => side !== "").map(Number);
  return E.right({ type, shape, dataStart });
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

/**
 * Decodes an NPY file, version 1.0 or 2.0, of little-endian float32, float64, uint8, uint16 or int32 in C order.
 * float32, uint8 and uint16 give a Float32Array, float64 and int32 a Float64Array, so that no value is rounded. Left
 * with kind `format` for other element types, Fortran order, and where the data are shorter or longer than the shape
 * says. `name` is the file's, for messages.
 */
export const decodeNpy = (name: string, bytes: Uint8Array): Either<Failure, NpyArray> =>
  pipe(
    readHeader(name, bytes),
    E.chain(({ type, shape, dataStart }) => {
      const found = bytes.length - dataStart;
      const expected = product(shape) * type.size;
      if (found !== expected) {
        return wrong(name, `${found} bytes of data`, `${expected} for shape [${shape}]`);
      }
      // A copy, because the data may start where a typed array cannot.
      const data = new Uint8Array(bytes.subarray(dataStart)).buffer;
      return E.right({ shape, values: type.read(data) });
    }),
  );
