/**
 * Randomness as values: a key is split, never mutated. Draws are computed on the CPU from a counter with the block
 * cipher Threefry-2x32, 20 rounds (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC 2011), so that they
 * are equal on every backend.
 * @category Tensors
 */
export type Key = readonly [number, number];

/** Four rounds with their rotations, and then the key's injection, in place: `x` holds both words of the block. */
const fourRounds = (
  x: Int32Array,
  rotations: readonly [number, number, number, number],
  inject0: number,
  inject1: number,
): void => {
  let x0 = x[0]!;
  let x1 = x[1]!;
  const [a, b, c, d] = rotations;
  x0 = (x0 + x1) | 0;
  x1 = ((x1 << a) | (x1 >>> (32 - a))) ^ x0;
  x0 = (x0 + x1) | 0;
  x1 = ((x1 << b) | (x1 >>> (32 - b))) ^ x0;
  x0 = (x0 + x1) | 0;
  x1 = ((x1 << c) | (x1 >>> (32 - c))) ^ x0;
  x0 = (x0 + x1) | 0;
  x1 = ((x1 << d) | (x1 >>> (32 - d))) ^ x0;
  x[0] = (x0 + inject0) | 0;
  x[1] = (x1 + inject1) | 0;
};

const odd = [13, 15, 26, 6] as const;
const even = [17, 29, 16, 24] as const;

/** One block of the cipher, written to `x` without allocating: millions of weights are drawn with it. */
const encrypt = ([k0, k1]: Key, counter0: number, counter1: number, x: Int32Array): void => {
  const k2 = k0 ^ k1 ^ 0x1BD11BDA;
  x[0] = (counter0 + k0) | 0;
  x[1] = (counter1 + k1) | 0;
  fourRounds(x, odd, k1, k2 + 1);
  fourRounds(x, even, k2, k0 + 2);
  fourRounds(x, odd, k0, k1 + 3);
  fourRounds(x, even, k1, k2 + 4);
  fourRounds(x, odd, k2, k0 + 5);
};

/** One block of Threefry-2x32-20: two 32-bit words of output for a key and a 64-bit counter. */
export const threefry = (key: Key, counter0: number, counter1: number): readonly [number, number] => {
  const x = new Int32Array(2);
  encrypt(key, counter0, counter1, x);
  return [x[0]! >>> 0, x[1]! >>> 0];
};

/** The key of a seed, a non-negative integer.
 * @category Tensors */
export const keyOf = (
  seed: number,
): Key => [Math.floor(seed / 2 ** 32) >>> 0, seed >>> 0];

/** FNV-1a, 32 bit, of a string's UTF-8 bytes. */
export const hashName = (name: string): number =>
  new TextEncoder().encode(name).reduce(
    (hash, byte) => Math.imul(hash ^ byte, 0x01000193) >>> 0,
    0x811C9DC5,
  );

/**
 * A new key from a key and a name or a number; different names give independent keys. A key is for folding or for drawing,
 * not for both: they count alike.
 * @category Tensors
 */
export const foldIn = (key: Key, name: string | number): Key =>
  typeof name === "number"
    ? threefry(key, name, Math.floor(name / 2 ** 32))
    : threefry(key, hashName(name), 0x6E616D65);

/** `count` numbers in [0, 1), with 32 random bits each.
 * @category Tensors */
export const uniforms = (key: Key, count: number): Float64Array => {
  const values = new Float64Array(count);
  const x = new Int32Array(2);
  for (let index = 0; index < count; index += 2) {
    encrypt(key, index, 0, x);
    values[index] = (x[0]! >>> 0) / 2 ** 32;
    if (index + 1 < count) values[index + 1] = (x[1]! >>> 0) / 2 ** 32;
  }
  return values;
};

/** `count` draws from the standard normal distribution (Box and Muller 1958).
 * @category Tensors */
export const normals = (key: Key, count: number): Float32Array => {
  const values = new Float32Array(count);
  const x = new Int32Array(2);
  for (let index = 0; index < count; index += 2) {
    encrypt(key, index, 1, x);
    const radius = Math.sqrt(-2 * Math.log(((x[0]! >>> 0) + 1) / 2 ** 32));
    const angle = 2 * Math.PI * ((x[1]! >>> 0) / 2 ** 32);
    values[index] = radius * Math.cos(angle);
    if (index + 1 < count) values[index + 1] = radius * Math.sin(angle);
  }
  return values;
};

/** The integers 0 … count − 1 in random order (Fisher and Yates).
 * @category Tensors */
export const permutation = (key: Key, count: number): Uint32Array => {
  const order = Uint32Array.from({ length: count }, (_, index) => index);
  const draws = uniforms(key, count);
  for (let last = count - 1; last > 0; last--) {
    const chosen = Math.floor(draws[last]! * (last + 1));
    const kept = order[last]!;
    order[last] = order[chosen]!;
    order[chosen] = kept;
  }
  return order;
};
