/** A number in [0, 1) for a point of the integer lattice. */
export const lattice = (x: number, y: number, grain: number): number => {
  let hash = Math.imul(x | 0, 0x27D4EB2D) ^ Math.imul(y | 0, 0x165667B1) ^
    grain;
  hash = Math.imul(hash ^ (hash >>> 15), 0x85EBCA6B);
  hash = Math.imul(hash ^ (hash >>> 13), 0xC2B2AE35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 4294967296;
};

/** Smooth noise in [0, 1) with period about 1: the lattice, interpolated ("value noise"). */
export const smoothNoise = (x: number, y: number, grain: number): number => {
  const column = Math.floor(x);
  const row = Math.floor(y);
  const fx = x - column;
  const fy = y - row;
  const sx = fx * fx * (3 - 2 * fx);
  const sy = fy * fy * (3 - 2 * fy);
  const a = lattice(column, row, grain);
  const b = lattice(column + 1, row, grain);
  const c = lattice(column, row + 1, grain);
  const d = lattice(column + 1, row + 1, grain);
  const low = a + (b - a) * sx;
  return low + (c + (d - c) * sx - low) * sy;
};
