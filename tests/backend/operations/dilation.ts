/** Convolutions with holes in the filter, and of each channel by itself, as TensorFlow.js names them. */
import { tf } from "../../../lib/dependencies/tensorflow.ts";
import { at, generate, type Numbers, sumOver } from "./numbers.ts";
import { linear, type Operation, operation } from "./operation.ts";

type Four = readonly [number, number, number, number];
type Pair = readonly [number, number];
/** As TensorFlow.js is given it: by name, at every side, or above and below, left and right. */
type Pad = "valid" | "same" | number | readonly [Pair, Pair];

interface Window {
  readonly stride: Pair;
  readonly dilation: Pair;
  readonly pad: Pad;
}

/** Zeros before the first pixel of an axis, and how many windows it has. */
interface Along {
  readonly before: number;
  readonly count: number;
}

/** TensorFlow's definitions of the paddings. */
const along = (pad: Pad, axis: 0 | 1, pixels: number, taps: number, stride: number, dilation: number): Along => {
  const extent = dilation * (taps - 1) + 1;
  if (pad === "same") {
    const count = Math.ceil(pixels / stride);
    return { count, before: Math.floor(Math.max(0, (count - 1) * stride + extent - pixels) / 2) };
  }
  const [before, after] = pad === "valid" ? [0, 0] : typeof pad === "number" ? [pad, pad] : pad[axis];
  return { before, count: Math.floor((pixels + before + after - extent) / stride) + 1 };
};

/** Σ over taps of what `term` makes of the tap and of the pixel that it reads, where there is one. */
const windowSums = (
  [batch, height, width]: readonly number[],
  [rows, columns]: readonly [number, number],
  channels: number,
  { stride, dilation, pad }: Window,
  term: (n: number, row: number, column: number, r: number, s: number, k: number) => number,
): Numbers => {
  const down = along(pad, 0, height ?? NaN, rows, stride[0], dilation[0]);
  const across = along(pad, 1, width ?? NaN, columns, stride[1], dilation[1]);
  return generate([batch ?? NaN, down.count, across.count, channels], (n, i, j, k) =>
    sumOver(rows * columns, (tap) => {
      const [r, s] = [Math.floor(tap / columns), tap % columns];
      const row = i * stride[0] - down.before + r * dilation[0];
      const column = j * stride[1] - across.before + s * dilation[1];
      const inside = row >= 0 && row < (height ?? NaN) && column >= 0 && column < (width ?? NaN);
      return inside ? term(n, row, column, r, s, k) : 0;
    }));
};

const asGiven = (pad: Pad): "valid" | "same" | number | [[0, 0], [number, number], [number, number], [0, 0]] =>
  typeof pad === "object" ? [[0, 0], [...pad[0]], [...pad[1]], [0, 0]] : pad;

const rounding = (pad: Pad): "floor" | undefined => typeof pad === "string" ? undefined : "floor";

const title = (input: Four, filter: Four, { stride, dilation, pad }: Window): string =>
  `of [${input}] with [${filter}], stride ${stride}, dilation ${dilation}, padding ${JSON.stringify(pad)}`;

const dilated = (input: Four, filter: Four, dilation: Pair, pad: Pad): Operation => {
  const window: Window = { stride: [1, 1], dilation, pad };
  const [rows, columns, inputs, outputs] = filter;
  return operation(
    `convolution ${title(input, filter, window)}`,
    [linear(input, rows * columns * outputs), linear(filter, input[0] * input[1] * input[2])],
    (x, w) => tf.conv2d(x as tf.Tensor4D, w as tf.Tensor4D, 1, asGiven(pad), "NHWC", [...dilation], rounding(pad)),
    (x, w) =>
      windowSums(
        input,
        [rows, columns],
        outputs,
        window,
        (n, row, column, r, s, k) => sumOver(inputs, (c) => at(x, n, row, column, c) * at(w, r, s, c, k)),
      ),
    { terms: rows * columns * inputs },
  );
};

const depthwise = (input: Four, filter: Four, stride: Pair, dilation: Pair, pad: Pad): Operation => {
  const window: Window = { stride, dilation, pad };
  const [rows, columns, inputs, multiplier] = filter;
  return operation(
    `depthwise convolution ${title(input, filter, window)}`,
    [linear(input, rows * columns * multiplier), linear(filter, input[0] * input[1] * input[2])],
    (x, w) =>
      tf.depthwiseConv2d(
        x as tf.Tensor4D,
        w as tf.Tensor4D,
        [...stride],
        asGiven(pad),
        "NHWC",
        [...dilation],
        rounding(pad),
      ),
    (x, w) =>
      windowSums(input, [rows, columns], inputs * multiplier, window, (n, row, column, r, s, k) => {
        const [c, m] = [Math.floor(k / multiplier), k % multiplier];
        return at(x, n, row, column, c) * at(w, r, s, c, m);
      }),
    { terms: rows * columns },
  );
};

/**
 * Windows that fit, that are as large as the picture, and that are larger, so that some taps read nothing but padding;
 * channels that fill vectors and such that do not.
 */
export const windows: readonly Operation[] = [
  dilated([1, 15, 19, 8], [3, 3, 8, 8], [2, 2], "same"),
  dilated([2, 9, 11, 3], [3, 3, 3, 16], [2, 3], 2),
  dilated([1, 7, 8, 20], [3, 3, 20, 12], [6, 6], 6),
  dilated([1, 5, 4, 8], [3, 3, 8, 5], [12, 12], 12),
  dilated([2, 7, 9, 5], [3, 2, 5, 3], [3, 1], "valid"),
  dilated([1, 8, 6, 1], [3, 3, 1, 1], [2, 2], "same"),
  dilated([3, 6, 5, 16], [2, 3, 16, 9], [1, 2], [[1, 0], [2, 3]]),
  dilated([1, 5, 5, 12], [3, 3, 12, 8], [2, 2], "valid"),
  dilated([2, 1, 1, 4], [3, 3, 4, 8], [2, 4], "same"),
  dilated([1, 4, 3, 8], [1, 1, 8, 8], [2, 2], 0),
  depthwise([1, 15, 19, 8], [3, 3, 8, 1], [1, 1], [1, 1], "same"),
  depthwise([2, 9, 11, 3], [3, 3, 3, 1], [2, 2], [1, 1], 1),
  depthwise([2, 8, 10, 5], [3, 3, 5, 2], [1, 1], [2, 3], "same"),
  depthwise([1, 10, 7, 1], [5, 3, 1, 1], [1, 1], [1, 1], "valid"),
  depthwise([1, 10, 7, 1], [3, 3, 1, 5], [3, 2], [1, 1], "same"),
  depthwise([3, 6, 5, 4], [2, 3, 4, 1], [1, 1], [1, 2], [[1, 0], [2, 3]]),
  depthwise([1, 9, 13, 12], [3, 3, 12, 1], [2, 3], [1, 1], "valid"),
  depthwise([1, 5, 4, 8], [3, 3, 8, 1], [1, 1], [12, 6], 12),
  depthwise([2, 5, 3, 16], [7, 7, 16, 1], [2, 2], [1, 1], 3),
  depthwise([2, 1, 1, 3], [3, 3, 3, 4], [1, 1], [1, 1], 1),
  depthwise([1, 4, 6, 68], [1, 1, 68, 1], [3, 2], [1, 1], 0),
  depthwise([1, 4, 9, 8], [2, 2, 8, 1], [3, 3], [1, 1], "valid"),
  depthwise([2, 7, 6, 256], [3, 3, 256, 1], [1, 1], [1, 1], "same"),
  depthwise([1, 11, 9, 4], [3, 3, 4, 1], [2, 3], [2, 1], 2),
];
