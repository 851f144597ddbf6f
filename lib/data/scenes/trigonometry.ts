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
