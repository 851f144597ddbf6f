/** TensorFlow.js's functions of pictures: resizing, crops and colours. */
import { tf } from "../../../../lib/dependencies/tensorflow.ts";
import type { Numbers } from "../numbers.ts";
import { curved, linear, type Operation, operation } from "../operation.ts";
import { type Covered, covered } from "./covered.ts";
import { fillPlaces, type Place, sumOf, valueAt } from "./places.ts";

/** Where the pixels of a resized picture lie in it. */
type Centres = "corners aligned" | "half-pixel centres" | "plain";

const scaleOf = (centres: Centres, from: number, to: number): number =>
  centres === "corners aligned" && to > 1 ? (from - 1) / (to - 1) : from / to;

/** The pixels that are read, and their shares. */
type Taps = (index: number, from: number, to: number) => readonly (readonly [pixel: number, share: number])[];

const bilinear = (centres: Centres): Taps => (index, from, to) => {
  const scale = scaleOf(centres, from, to);
  const position = centres === "half-pixel centres" ? (index + 0.5) * scale - 0.5 : index * scale;
  const clamped = Math.min(Math.max(position, 0), from - 1);
  const below = Math.floor(clamped);
  return [[below, 1 - (clamped - below)], [Math.min(below + 1, from - 1), clamped - below]];
};

const nearest = (centres: Centres): Taps => (index, from, to) => {
  const scale = scaleOf(centres, from, to);
  const position = centres === "half-pixel centres" ? (index + 0.5) * scale : index * scale;
  const pixel = centres === "corners aligned" ? Math.floor(position + 0.5) : Math.floor(position);
  return [[Math.min(pixel, from - 1), 1]];
};

const resized = (x: Numbers, [rows, columns]: readonly [number, number], taps: Taps): Numbers => {
  const [batch = 1, height = 1, width = 1, channels = 1] = x.shape;
  return fillPlaces(
    [batch, rows, columns, channels],
    ([n = 0, i = 0, j = 0, c = 0]) =>
      sumOf(
        taps(i, height, rows).flatMap(([row, down]) =>
          taps(j, width, columns).map(([column, across]) => down * across * valueAt(x, [n, row, column, c]))
        ),
      ),
  );
};

type Four = readonly [number, number, number, number];

const resizing = (
  tensors: (x: tf.Tensor4D, size: [number, number], align: boolean, half: boolean) => tf.Tensor,
  taps: (centres: Centres) => Taps,
) =>
(centres: Centres, from: Four, [rows, columns]: readonly [number, number]): Operation =>
  operation(
    `[${from}] to ${rows},${columns}, ${centres}`,
    [linear(from, Math.ceil(2 * rows / from[1] + 1) * Math.ceil(2 * columns / from[2] + 1))],
    (x) => tensors(x as tf.Tensor4D, [rows, columns], centres === "corners aligned", centres === "half-pixel centres"),
    (x) => resized(x, [rows, columns], taps(centres)),
    { condition: Math.max(from[1], from[2]) },
  );

const bilinearly = resizing(tf.image.resizeBilinear, bilinear);
const nearestly = resizing(tf.image.resizeNearestNeighbor, nearest);
const allCentres: readonly Centres[] = ["corners aligned", "half-pixel centres", "plain"];

const resizings = (make: typeof bilinearly): readonly Operation[] =>
  allCentres.flatMap((centres) => [
    make(centres, [2, 3, 5, 2], [7, 8]),
    make(centres, [1, 8, 5, 1], [3, 5]),
    make(centres, [1, 1, 4, 3], [2, 1]),
  ]);

/** Three boxes, one of which reaches over the picture's border, of a batch of two pictures. */
const boxes = [[0.1, 0.2, 0.8, 0.9], [0, 0, 1, 1], [0.5, 0.6, 1.4, 0.1]] as const;
const pictures = [1, 0, 1] as const;

const crop = (method: "bilinear" | "nearest", shape: Four, [rows, columns]: readonly [number, number]): Operation => {
  const positionOf = (index: number, begin: number, end: number, size: number, count: number): number =>
    count > 1 ? begin * (size - 1) + index * (end - begin) * (size - 1) / (count - 1) : (begin + end) / 2 * (size - 1);
  const tapsOf = (position: number): readonly (readonly [number, number])[] =>
    method === "nearest" ? [[Math.round(position), 1]] : [[Math.floor(position), 1 - position + Math.floor(position)], [
      Math.ceil(position),
      position - Math.floor(position),
    ]];
  return operation(
    `[${shape}] to three boxes of ${rows},${columns}, ${method}`,
    [curved(shape, 4 * rows * columns)],
    (x) =>
      tf.image.cropAndResize(
        x as tf.Tensor4D,
        tf.tensor2d(boxes.map((box) => [...box])),
        tf.tensor1d([...pictures], "int32"),
        [rows, columns],
        method,
        0.25,
      ),
    (x) =>
      fillPlaces([3, rows, columns, shape[3]], ([k = 0, i = 0, j = 0, c = 0]) => {
        const [top, left, bottom, right] = (boxes[k] ?? [0, 0, 0, 0]).map(Math.fround);
        const row = positionOf(i, top ?? NaN, bottom ?? NaN, shape[1], rows);
        const column = positionOf(j, left ?? NaN, right ?? NaN, shape[2], columns);
        if (row < 0 || row > shape[1] - 1 || column < 0 || column > shape[2] - 1) return 0.25;
        return sumOf(
          tapsOf(row).flatMap(([a, down]) =>
            tapsOf(column).map(([b, across]) =>
              down * across === 0 ? 0 : down * across * valueAt(x, [pictures[k] ?? 0, a, b, c])
            )
          ),
        );
      }),
    { condition: Math.max(shape[1], shape[2]) },
  );
};

const grey: Place = [0.2989, 0.587, 0.114];

/** Every function of pictures that trains. */
export const pictured: readonly Covered[] = [
  covered("image.resizeBilinear", resizings(bilinearly), "TensorFlow.js's gradient ignores half pixels"),
  covered("image.resizeNearestNeighbor", resizings(nearestly), "TensorFlow.js's gradient is wrong at many scales"),
  covered("image.cropAndResize", [
    crop("bilinear", [2, 4, 5, 2], [3, 2]),
    crop("bilinear", [2, 4, 3, 1], [1, 5]),
    crop("nearest", [2, 4, 5, 2], [3, 3]),
  ], "TensorFlow.js has no gradient; this one is that of the picture, boxes have none"),
  covered("image.rgbToGrayscale", [
    operation(
      "[2,3,3]",
      [linear([2, 3, 3])],
      (x) => tf.image.rgbToGrayscale(x as tf.Tensor3D),
      (x) => fillPlaces([2, 3, 1], ([i = 0, j = 0]) => sumOf(grey.map((share, c) => share * valueAt(x, [i, j, c])))),
      { terms: 3 },
    ),
  ]),
];
