/** A point or direction: x to the right, y up, z ahead, in metres. */
export type Vector = readonly [number, number, number];

/** A rotation as its three columns: where it takes the x, y and z axes. */
export type Rotation = readonly [Vector, Vector, Vector];

/** a + b. */
export const addVectors = (a: Vector, b: Vector): Vector => [
  a[0] + b[0],
  a[1] + b[1],
  a[2] + b[2],
];

/** a − b. */
export const subtractVectors = (a: Vector, b: Vector): Vector => [
  a[0] - b[0],
  a[1] - b[1],
  a[2] - b[2],
];

/** a times a number. */
export const scaleVector = (a: Vector, factor: number): Vector => [
  a[0] * factor,
  a[1] * factor,
  a[2] * factor,
];

/** The inner product. */
export const dot = (a: Vector, b: Vector): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];

/** The vector of length 1 in the same direction; the vector must not be 0. */
export const normalise = (a: Vector): Vector => scaleVector(a, 1 / Math.sqrt(dot(a, a)));

/** A rotation applied to a vector. */
export const rotateVector = (rotation: Rotation, a: Vector): Vector =>
  addVectors(
    addVectors(scaleVector(rotation[0], a[0]), scaleVector(rotation[1], a[1])),
    scaleVector(rotation[2], a[2]),
  );

/** `outer` after `inner`. */
export const composeRotations = (outer: Rotation, inner: Rotation): Rotation => [
  rotateVector(outer, inner[0]),
  rotateVector(outer, inner[1]),
  rotateVector(outer, inner[2]),
];

/** No rotation. */
export const upright: Rotation = [[1, 0, 0], [0, 1, 0], [0, 0, 1]];

/** A turn about the vertical; positive degrees take ahead (z) to the right (x). */
export const yaw = (degrees: number): Rotation => {
  const [c, s] = [cosine(degrees), sine(degrees)];
  return [[c, 0, -s], [0, 1, 0], [s, 0, c]];
};

/** A turn about the x axis; positive degrees take up (y) ahead (z). */
export const pitch = (degrees: number): Rotation => {
  const [c, s] = [cosine(degrees), sine(degrees)];
  return [[1, 0, 0], [0, c, s], [0, -s, c]];
};

/** A turn about the z axis; positive degrees take right (x) up (y). */
export const roll = (degrees: number): Rotation => {
  const [c, s] = [cosine(degrees), sine(degrees)];
  return [[c, s, 0], [-s, c, 0], [0, 0, 1]];
};

/**
 * Sine and cosine from additions and multiplications alone, which IEEE 754 rounds the same everywhere; `Math.sin` may
 * differ between engines, and the scenes must not.
 */
const sineSeries = (r: number): number => {
  const s = r * r;
  return r * (1 - s / 6 * (1 - s / 20 * (1 - s / 42 * (1 - s / 72 *
                  (1 - s / 110 * (1 - s / 156))))));
};

const cosineSeries = (r: number): number => {
  const s = r * r;
  return 1 - s / 2 * (1 - s / 12 * (1 - s / 30 * (1 - s / 56 *
                  (1 - s / 90 * (1 - s / 132 * (1 - s / 182))))));
};

/** The sine of an angle in degrees. */
export const sine = (degrees: number): number => {
  const quarter = Math.round(degrees / 90);
  const rest = (degrees - 90 * quarter) * (Math.PI / 180);
  const value = quarter % 2 === 0 ? sineSeries(rest) : cosineSeries(rest);
  return ((quarter % 4) + 4) % 4 < 2 ? value : -value;
};

/** The cosine of an angle in degrees. */
export const cosine = (degrees: number): number => sine(degrees + 90);
