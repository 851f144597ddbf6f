/**
 * Randomness as values: a key is split, never mutated. Draws are computed on the CPU from a counter with the block
 * cipher Threefry-2x32, 20 rounds (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC 2011), so that they
 * are equal on every backend.
 */
export type Key = readonly [number, number];

const rotations = [13, 15, 26, 6, 17, 29, 16, 24] as const;

const rotate = (value: number, bits: number): number => (value << bits) | (value >>> (32 - bits));

/** One block of Threefry-2x32-20: two 32-bit words of output for a key and a 64-bit counter. */
export const threefry = (
  key: Key,
  counter0: number,
  counter1: number,
): readonly [number, number] => {
  const k0 = key[0] | 0;
  const k1 = key[1] | 0;
  const schedule = [k0, k1, k0 ^ k1 ^ 0x1BD11BDA] as const;
  let x0 = (counter0 + k0) | 0;
  let x1 = (counter1 + k1) | 0;
  for (let group = 0; group < 5; group++) {
    const first = group % 2 === 0 ? 0 : 4;
    for (let round = first; round < first + 4; round++) {
      x0 = (x0 + x1) | 0;
      x1 = rotate(x1, rotations[round] ?? 0) ^ x0;
    }
    x0 = (x0 + (schedule[(group + 1) % 3] ?? 0)) | 0;
    x1 = (x1 + (schedule[(group + 2) % 3] ?? 0) + group + 1) | 0;
  }
  return [x0 >>> 0, x1 >>> 0];
};

/** The key of a seed, a non-negative integer. */
export const keyOf = (
  seed: number,
): Key => [Math.floor(seed / 2 ** 32) >>> 0, seed >>> 0];

/** FNV-1a, 32 bit, of a string's UTF-8 bytes. */
export const hashName = (name: string): number =>
  new TextEncoder().encode(name).reduce(
    (hash, byte) => Math.imul(hash ^ byte, 0x01000193) >>> 0,
    0x811C9DC5,
  );

/** A new key from a key and a name or a number; different names give independent keys. */
export const fold = (key: Key, name: string | number): Key =>
  typeof name === "number"
    ? threefry(key, name, Math.floor(name / 2 ** 32))
    : threefry(key, hashName(name), 0x6E616D65);

/** `count` numbers in [0, 1), with 32 random bits each. */
export const uniforms = (key: Key, count: number): Float64Array => {
  const values = new Float64Array(count);
  for (let index = 0; index < count; index += 2) {
    const [a, b] = threefry(key, index, 0);
    values[index] = a / 2 ** 32;
    if (index + 1 < count) values[index + 1] = b / 2 ** 32;
  }
  return values;
};

/** `count` draws from the standard normal distribution (Box and Muller 1958). */
export const normals = (key: Key, count: number): Float32Array => {
  const values = new Float32Array(count);
  for (let index = 0; index < count; index += 2) {
    const [a, b] = threefry(key, index, 1);
    const radius = Math.sqrt(-2 * Math.log((a + 1) / 2 ** 32));
    const angle = 2 * Math.PI * (b / 2 ** 32);
    values[index] = radius * Math.cos(angle);
    if (index + 1 < count) values[index + 1] = radius * Math.sin(angle);
  }
  return values;
};

/** The integers 0 … count − 1 in random order (Fisher and Yates). */
export const permutation = (key: Key, count: number): Uint32Array => {
  const order = Uint32Array.from({ length: count }, (_, index) => index);
  const draws = uniforms(key, count);
  for (let last = count - 1; last > 0; last--) {
    const chosen = Math.floor((draws[last] ?? 0) * (last + 1));
    const kept = order[last] ?? 0;
    order[last] = order[chosen] ?? 0;
    order[chosen] = kept;
  }
  return order;
};
