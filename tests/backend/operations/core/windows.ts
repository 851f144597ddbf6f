/** TensorFlow.js's functions of windows of pixels: convolutions, their transposes, poolings, and of neighbouring channels. */
import { tf } from "../../../../lib/dependencies/tensorflow.ts";
import type { Numbers } from "../numbers.ts";
import { curved, linear, type Operation, operation, shapesText } from "../operation.ts";
import { sizeOf } from "../../support.ts";
import { type Covered, covered } from "./covered.ts";
import { fillPlaces, type Place, placesOf, sumOf, valueAt } from "./places.ts";

/** Windows over the pixels: their sizes, their distances, and how many pixels the first one begins before the picture. */
interface Windows {
  readonly sizes: Place;
  readonly strides: Place;
  readonly before: Place;
  readonly counts: Place;
}

const windows = (sizes: Place, strides: Place, before: Place, counts: Place): Windows => ({
  sizes,
  strides,
  before,
  counts,
});

const pixelOf = ({ strides, before }: Windows, window: Place, tap: Place): Place =>
  window.map((at, axis) => at * (strides[axis] ?? NaN) - (before[axis] ?? NaN) + (tap[axis] ?? NaN));

const orZero = (value: number): number => Number.isNaN(value) ? 0 : value;

/** Σ x · w over taps and channels, of one or more spatial dimensions. */
const convolve = (x: Numbers, w: Numbers, form: Windows): Numbers => {
  const taps = placesOf(form.sizes);
  const [channels, made] = [w.shape.at(-2) ?? NaN, w.shape.at(-1) ?? NaN];
  return fillPlaces([x.shape[0] ?? NaN, ...form.counts, made], (place) => {
    const [n = NaN, k = NaN] = [place[0], place.at(-1)];
    return sumOf(taps.flatMap((tap) => {
      const pixel = pixelOf(form, place.slice(1, -1), tap);
      return Array.from(
        { length: channels },
        (_, c) => orZero(valueAt(x, [n, ...pixel, c])) * valueAt(w, [...tap, c, k]),
      );
    }));
  });
};

/** What a convolution's windows read of a picture of these pixels, turned around: each adds to the pixels it would read. */
const transposed = (y: Numbers, w: Numbers, form: Windows, pixels: Place): Numbers => {
  const [taps, places] = [placesOf(form.sizes), placesOf(form.counts)];
  const made = w.shape.at(-2) ?? NaN;
  const read = w.shape.at(-1) ?? NaN;
  return fillPlaces([y.shape[0] ?? NaN, ...pixels, made], (place) => {
    const [n = NaN, c = NaN] = [place[0], place.at(-1)];
    return sumOf(
      places.flatMap((window) =>
        taps.filter((tap) => pixelOf(form, window, tap).every((at, axis) => at === place[axis + 1])).flatMap((tap) =>
          Array.from({ length: read }, (_, k) => valueAt(y, [n, ...window, k]) * valueAt(w, [...tap, c, k]))
        )
      ),
    );
  });
};

/** A number from the pixels that each window holds, of each channel. */
const pooled = (x: Numbers, form: Windows, of: (values: readonly number[]) => number): Numbers =>
  fillPlaces([x.shape[0] ?? NaN, ...form.counts, x.shape.at(-1) ?? NaN], (place) =>
    of(
      placesOf(form.sizes).map((tap) =>
        valueAt(x, [place[0] ?? NaN, ...pixelOf(form, place.slice(1, -1), tap), place.at(-1) ?? NaN])
      ).filter((value) => !Number.isNaN(value)),
    ));

const meanOf = (values: readonly number[]): number => sumOf(values) / values.length;
const maximumOf = (values: readonly number[]): number => Math.max(...values);

const convolution = (
  x: Place,
  w: Place,
  tensors: (x: tf.Tensor, w: tf.Tensor) => tf.Tensor,
  form: Windows,
): Operation =>
  operation(
    shapesText(x, w),
    [linear(x, sizeOf(form.sizes) * (w.at(-1) ?? NaN)), linear(w, (x[0] ?? NaN) * sizeOf(form.counts))],
    tensors,
    (a, b) => convolve(a, b, form),
    { terms: sizeOf(form.sizes) * (w.at(-2) ?? NaN) },
  );

/** A transposed convolution to a picture of these pixels. */
const wider = (
  name: string,
  y: Place,
  w: Place,
  tensors: (y: tf.Tensor, w: tf.Tensor) => tf.Tensor,
  form: Windows,
  pixels: Place,
): Operation =>
  operation(
    `${name} ${shapesText(y, w)} to [${pixels}]`,
    [linear(y, sizeOf(form.sizes) * (w.at(-2) ?? NaN)), linear(w, (y[0] ?? NaN) * sizeOf(form.counts))],
    tensors,
    (a, b) => transposed(a, b, form, pixels),
    { terms: sizeOf(form.sizes) * (w.at(-1) ?? NaN) },
  );

const convolutions: readonly Covered[] = [
  covered("conv1d", [
    convolution(
      [2, 7, 3],
      [3, 3, 2],
      (x, w) => tf.conv1d(x as tf.Tensor3D, w as tf.Tensor3D, 2, "same"),
      windows([3], [2], [1], [4]),
    ),
  ]),
  covered("conv2d", [
    convolution(
      [2, 7, 5, 3],
      [3, 2, 3, 4],
      (x, w) => tf.conv2d(x as tf.Tensor4D, w as tf.Tensor4D, [2, 1], "valid"),
      windows([3, 2], [2, 1], [0, 0], [3, 4]),
    ),
  ]),
  covered("conv2dTranspose", [
    wider(
      "same,",
      [2, 4, 3, 2],
      [3, 3, 5, 2],
      (y, w) => tf.conv2dTranspose(y as tf.Tensor4D, w as tf.Tensor4D, [2, 7, 6, 5], 2, "same"),
      windows([3, 3], [2, 2], [1, 0], [4, 3]),
      [7, 6],
    ),
    wider(
      "valid,",
      [1, 3, 2, 3],
      [2, 3, 1, 3],
      (y, w) => tf.conv2dTranspose(y as tf.Tensor4D, w as tf.Tensor4D, [1, 4, 4, 1], 1, "valid"),
      windows([2, 3], [1, 1], [0, 0], [3, 2]),
      [4, 4],
    ),
  ]),
  covered("conv3d", [
    convolution(
      [2, 3, 5, 4, 2],
      [2, 3, 1, 2, 3],
      (x, w) => tf.conv3d(x as tf.Tensor5D, w as tf.Tensor5D, [1, 2, 1], "same"),
      windows([2, 3, 1], [1, 2, 1], [0, 1, 0], [3, 3, 4]),
    ),
    convolution(
      [1, 3, 4, 3, 1],
      [2, 2, 2, 1, 2],
      (x, w) => tf.conv3d(x as tf.Tensor5D, w as tf.Tensor5D, 1, "valid"),
      windows([2, 2, 2], [1, 1, 1], [0, 0, 0], [2, 3, 2]),
    ),
  ]),
  covered("conv3dTranspose", [
    wider(
      "valid,",
      [1, 2, 2, 3, 2],
      [2, 2, 1, 3, 2],
      (y, w) => tf.conv3dTranspose(y as tf.Tensor5D, w as tf.Tensor5D, [1, 3, 4, 3, 3], [1, 2, 1], "valid"),
      windows([2, 2, 1], [1, 2, 1], [0, 0, 0], [2, 2, 3]),
      [3, 4, 3],
    ),
  ]),
];

const pooling = (
  x: Place,
  tensors: (x: tf.Tensor) => tf.Tensor,
  form: Windows,
  of: (values: readonly number[]) => number,
  values?: (noise: number) => number,
): Operation =>
  operation(
    `[${x}]`,
    [curved(x, sizeOf(form.sizes), values)],
    tensors,
    (a) => pooled(a, form, of),
    { terms: sizeOf(form.sizes) },
  );

const negative = (noise: number): number => noise - 2;
const same2 = windows([3, 2], [2, 2], [1, 0], [4, 3]);
const same3 = windows([2, 3, 1], [1, 2, 1], [0, 1, 0], [3, 3, 4]);
const valid3 = windows([2, 2, 2], [2, 1, 1], [0, 0, 0], [1, 4, 3]);

const poolings: readonly Covered[] = [
  covered("avgPool", [
    pooling([2, 7, 5, 3], (x) => tf.avgPool(x as tf.Tensor4D, [3, 2], 2, "same"), same2, meanOf),
  ], "with padding TensorFlow.js's gradient is wrong"),
  covered("maxPool", [
    pooling([2, 7, 5, 3], (x) => tf.maxPool(x as tf.Tensor4D, [3, 2], 2, "same"), same2, maximumOf, negative),
  ], "of equal maxima the first one has the gradient"),
  covered("pool", [
    pooling([2, 7, 5, 3], (x) => tf.pool(x as tf.Tensor4D, [3, 2], "avg", "same", 1, 2), same2, meanOf),
    pooling([1, 5, 6, 1], (x) => tf.pool(x as tf.Tensor4D, 2, "max", "valid", 2, 1), {
      ...windows([2, 2], [1, 1], [0, 0], [3, 4]),
      sizes: [3, 3],
    }, (values) => Math.max(...[0, 2, 6, 8].map((k) => values[k] ?? NaN))),
  ]),
  covered("avgPool3d", [
    pooling([2, 3, 5, 4, 2], (x) => tf.avgPool3d(x as tf.Tensor5D, [2, 3, 1], [1, 2, 1], "same"), same3, meanOf),
    pooling([1, 3, 5, 4, 1], (x) => tf.avgPool3d(x as tf.Tensor5D, 2, [2, 1, 1], "valid"), valid3, meanOf),
  ]),
  covered(
    "maxPool3d",
    [
      pooling(
        [2, 3, 5, 4, 2],
        (x) => tf.maxPool3d(x as tf.Tensor5D, [2, 3, 1], [1, 2, 1], "same"),
        same3,
        maximumOf,
        negative,
      ),
      pooling([1, 3, 5, 4, 1], (x) => tf.maxPool3d(x as tf.Tensor5D, 2, [2, 1, 1], "valid"), valid3, maximumOf),
    ],
    "",
    {
      webgpu: "expected windows as high as wide: take the wasm backend, or tf.maximum of tf.maxPool of its planes",
      row: "[2,3,5,4,2]",
    },
  ),
  covered("maxPoolWithArgmax", [
    pooling(
      [2, 7, 5, 3],
      (x) => tf.maxPoolWithArgmax(x as tf.Tensor4D, [3, 2], 2, "same").result ?? x,
      same2,
      maximumOf,
      negative,
    ),
  ]),
];

const others: readonly Covered[] = [
  covered("dilation2d", [
    operation(
      "[2,5,4,3] by [3,2,3]",
      [curved([2, 5, 4, 3], 6), curved([3, 2, 3], 40)],
      (x, w) => tf.dilation2d(x as tf.Tensor4D, w as tf.Tensor3D, [2, 1], "valid", 1),
      (x, w) =>
        fillPlaces(
          [2, 2, 3, 3],
          ([n = 0, i = 0, j = 0, c = 0]) =>
            Math.max(
              ...placesOf([3, 2]).map(([a = 0, b = 0]) => valueAt(x, [n, 2 * i + a, j + b, c]) + valueAt(w, [a, b, c])),
            ),
        ),
    ),
  ]),
  covered("localResponseNormalization", [
    operation(
      "[2,3,2,5]",
      [curved([2, 3, 2, 5], 5)],
      (x) => tf.localResponseNormalization(x as tf.Tensor4D, 2, 1.5, 0.5, 0.75),
      (x) =>
        fillPlaces([2, 3, 2, 5], ([n = 0, i = 0, j = 0, c = 0]) => {
          const near = [-2, -1, 0, 1, 2].map((k) => orZero(valueAt(x, [n, i, j, c + k])) ** 2);
          return valueAt(x, [n, i, j, c]) * (1.5 + 0.5 * sumOf(near)) ** -0.75;
        }),
      { terms: 5 },
    ),
  ]),
];

/** Every function of windows. */
export const windowed: readonly Covered[] = [...convolutions, ...poolings, ...others];
