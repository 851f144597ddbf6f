/** Plain float64 references of convolution, pooling and resizing, written for the tests from their definitions. */

type Four = readonly [number, number, number, number];

/** A convolution: `padding` is [top, bottom, left, right]. */
export interface Convolution {
  readonly input: Four;
  readonly filter: Four;
  readonly stride: readonly [number, number];
  readonly padding: Four;
}

/** The shape of a convolution's result. */
export const convolutionShape = (
  { input: [n, h, w], filter: [r, s, , k], stride, padding }: Convolution,
): [number, number, number, number] => [
  n,
  Math.floor((h + padding[0] + padding[1] - r) / stride[0]) + 1,
  Math.floor((w + padding[2] + padding[3] - s) / stride[1]) + 1,
  k,
];

/** Calls `visit` with the places in y, x and the filter of every product that a convolution sums. */
const eachProduct = (
  convolution: Convolution,
  visit: (y: number, x: number, w: number) => void,
): void => {
  const { input, filter, stride, padding } = convolution;
  const [, height, width, channels] = input;
  const [r, s, , k] = filter;
  const [batch, rows, columns] = convolutionShape(convolution);
  for (let y = 0; y < batch * rows * columns * k; y++) {
    const out = y % k;
    const j = Math.floor(y / k) % columns;
    const i = Math.floor(y / (k * columns)) % rows;
    const n = Math.floor(y / (k * columns * rows));
    for (let tap = 0; tap < r * s; tap++) {
      const h = i * stride[0] + Math.floor(tap / s) - padding[0];
      const w = j * stride[1] + tap % s - padding[2];
      if (h < 0 || h >= height || w < 0 || w >= width) continue;
      for (let c = 0; c < channels; c++) {
        const x = ((n * height + h) * width + w) * channels + c;
        visit(y, x, (tap * channels + c) * k + out);
      }
    }
  }
};

const size = (shape: readonly number[]): number => shape.reduce((product, length) => product * length, 1);

/** The result of a convolution, and the gradients of its input and filter for the gradient `dy` of its result. */
export const convolve = (
  convolution: Convolution,
  x: ArrayLike<number>,
  w: ArrayLike<number>,
  dy: ArrayLike<number>,
): { y: Float64Array; dx: Float64Array; dw: Float64Array } => {
  const y = new Float64Array(size(convolutionShape(convolution)));
  const dx = new Float64Array(size(convolution.input));
  const dw = new Float64Array(size(convolution.filter));
  eachProduct(convolution, (atY, atX, atW) => {
    y[atY] = (y[atY] ?? 0) + (x[atX] ?? 0) * (w[atW] ?? 0);
    dx[atX] = (dx[atX] ?? 0) + (dy[atY] ?? 0) * (w[atW] ?? 0);
    dw[atW] = (dw[atW] ?? 0) + (dy[atY] ?? 0) * (x[atX] ?? 0);
  });
  return { y, dx, dw };
};

/** 3×3 maximum, stride 2, padding 1, and its gradient, which goes to the first or last maximum in row-major order. */
export const maxPool = (
  [batch, height, width, channels]: Four,
  x: ArrayLike<number>,
  dy: ArrayLike<number>,
  tie: "first" | "last",
): { y: number[]; dx: Float64Array } => {
  const rows = Math.floor((height - 1) / 2) + 1;
  const columns = Math.floor((width - 1) / 2) + 1;
  const dx = new Float64Array(x.length);
  const y = Array.from({ length: batch * rows * columns * channels }, (_, k) => {
    const c = k % channels;
    const j = Math.floor(k / channels) % columns;
    const i = Math.floor(k / (channels * columns)) % rows;
    const n = Math.floor(k / (channels * columns * rows));
    const window = [0, 1, 2].flatMap((r) => [0, 1, 2].map((s) => [2 * i + r - 1, 2 * j + s - 1] as const)).filter((
      [h, w],
    ) => h >= 0 && h < height && w >= 0 && w < width)
      .map(([h, w]) => ((n * height + h) * width + w) * channels + c);
    const values = window.map((at) => x[at] ?? 0);
    const most = Math.max(...values);
    const at = window[tie === "first" ? values.indexOf(most) : values.lastIndexOf(most)] ?? -1;
    dx[at] = (dx[at] ?? 0) + (dy[k] ?? 0);
    return most;
  });
  return { y, dx };
};

/** The triangle 1 − |t|, 0 outside: bilinear interpolation as a kernel. */
const triangle = (t: number): number => Math.max(0, 1 - Math.abs(t));

const clamp = (value: number, most: number): number => Math.min(Math.max(value, 0), most);

/** Bilinear resizing with half-pixel centres and clamped edges, and its adjoint applied to `dy`. */
export const resize = (
  [batch, height, width, channels]: Four,
  [rows, columns]: readonly [number, number],
  x: ArrayLike<number>,
  dy: ArrayLike<number>,
): { y: Float64Array; dx: Float64Array } => {
  const y = new Float64Array(batch * rows * columns * channels);
  const dx = new Float64Array(x.length);
  for (let k = 0; k < y.length; k++) {
    const c = k % channels;
    const j = Math.floor(k / channels) % columns;
    const i = Math.floor(k / (channels * columns)) % rows;
    const n = Math.floor(k / (channels * columns * rows));
    const v = clamp((i + 0.5) * height / rows - 0.5, height - 1);
    const u = clamp((j + 0.5) * width / columns - 0.5, width - 1);
    for (let h = Math.floor(v); h <= Math.ceil(v); h++) {
      for (let w = Math.floor(u); w <= Math.ceil(u); w++) {
        const weight = triangle(v - h) * triangle(u - w);
        const at = ((n * height + h) * width + w) * channels + c;
        y[k] = (y[k] ?? 0) + weight * (x[at] ?? 0);
        dx[at] = (dx[at] ?? 0) + weight * (dy[k] ?? 0);
      }
    }
  }
  return { y, dx };
};
