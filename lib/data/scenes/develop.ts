/** Linear up to a half, then ever flatter towards 1, so that bright lamps keep their colour. */
const shoulder = (value: number): number => value < 0.5 ? value : 1 - 0.25 / value;

/**
 * Linear light to 8-bit values as a camera with automatic exposure would: scaled so that the mean of the square roots
 * is `exposure`, compressed, and encoded with gamma 2 (a square root, the same on every platform).
 */
export const develop = (
  linear: Float32Array,
  exposure: number,
): Uint8Array => {
  let sum = 0;
  for (let at = 0; at < linear.length; at++) sum += Math.sqrt(linear[at]!);
  const mean = sum / linear.length;
  const ratio = mean === 0 ? 0 : exposure / mean;
  const gain = ratio * ratio;
  const pixels = new Uint8Array(linear.length);
  for (let at = 0; at < linear.length; at++) {
    const value = Math.sqrt(shoulder(linear[at]! * gain));
    pixels[at] = Math.floor(value * 255 + 0.5);
  }
  return pixels;
};
