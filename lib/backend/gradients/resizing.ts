/** Gradients of resizing, which TensorFlow.js has wrong at half-pixel centres and for its nearest pixels, and of crops. */
import { tf } from "../../dependencies/tensorflow.ts";
import { kept, single, sumsByPlace } from "./parts.ts";

/** Where the pixels of a result lie along one axis of a picture. */
interface Sampling {
  readonly from: number;
  readonly to: number;
  readonly alignCorners: boolean;
  readonly halfPixelCenters: boolean;
}

const scaleOf = ({ from, to, alignCorners }: Sampling): number =>
  alignCorners && to > 1 ? (from - 1) / (to - 1) : from / to;

type Taps = (sampling: Sampling, index: number) => readonly (readonly [pixel: number, share: number])[];

const bilinear: Taps = (sampling, index) => {
  const scale = scaleOf(sampling);
  const centre = sampling.halfPixelCenters ? (index + 0.5) * scale - 0.5 : index * scale;
  const position = Math.min(Math.max(centre, 0), sampling.from - 1);
  const below = Math.floor(position);
  return [[below, 1 - (position - below)], [Math.min(below + 1, sampling.from - 1), position - below]];
};

/** The places are computed in float32, as the kernels do: a pixel that lies on a border is to be the one that they read. */
const nearest: Taps = (sampling, index) => {
  const scale = Math.fround(scaleOf(sampling));
  const position = Math.fround((sampling.halfPixelCenters ? index + 0.5 : index) * scale);
  const pixel = sampling.alignCorners ? Math.floor(position + 0.5) : Math.floor(position);
  return [[Math.min(pixel, sampling.from - 1), 1]];
};

/** The matrix [from, to] that takes the gradients of a result's pixels to those of the picture's. */
const spreadMatrix = (sampling: Sampling, taps: Taps): tf.Tensor2D => {
  const { from, to } = sampling;
  const matrix = new Float32Array(from * to);
  for (let index = 0; index < to; index++) {
    for (const [pixel, share] of taps(sampling, index)) matrix[pixel * to + index]! += share;
  }
  return tf.tensor2d(matrix, [from, to]);
};

/** The matrix applied to the rows, then to the columns. */
const ofResized = (dy: tf.Tensor, [down, across]: readonly [tf.Tensor2D, tf.Tensor2D]): tf.Tensor => {
  const [batch = NaN, rows = NaN, columns = NaN, channels = NaN] = dy.shape;
  const [height, width] = [down.shape[0], across.shape[0]];
  const byRow = tf.reshape(tf.transpose(dy, [1, 0, 2, 3]), [rows, batch * columns * channels]);
  const tall = tf.reshape(tf.matMul(down, byRow), [height, batch, columns, channels]);
  const byColumn = tf.reshape(tf.transpose(tall, [2, 1, 0, 3]), [columns, batch * height * channels]);
  return tf.transpose(tf.reshape(tf.matMul(across, byColumn), [width, batch, height, channels]), [1, 2, 0, 3]);
};

const resizing = (kernelName: string, taps: Taps): tf.GradConfig => ({
  kernelName,
  inputsToSave: ["images"],
  gradFunc: (dy, saved, attrs) => {
    const [, height = NaN, width = NaN] = kept(saved, 0).shape;
    const [, rows = NaN, columns = NaN] = single(dy).shape;
    const form = { alignCorners: attrs.alignCorners === true, halfPixelCenters: attrs.halfPixelCenters === true };
    return {
      images: () =>
        ofResized(single(dy), [
          spreadMatrix({ from: height, to: rows, ...form }, taps),
          spreadMatrix({ from: width, to: columns, ...form }, taps),
        ]),
    };
  },
});

/** The share of each of `size` pixels in each of `count` samples between two edges, for each box: [boxes, size, count]. */
const sharesOf = (begin: tf.Tensor, end: tf.Tensor, size: number, count: number, isNearest: boolean): tf.Tensor => {
  const last = size - 1;
  const step = tf.div(tf.mul(tf.sub(end, begin), last), Math.max(1, count - 1));
  const first = count > 1 ? tf.mul(begin, last) : tf.mul(tf.mul(tf.add(begin, end), 0.5), last);
  const place = tf.add(tf.reshape(first, [-1, 1, 1]), tf.mul(tf.reshape(step, [-1, 1, 1]), tf.range(0, count)));
  const pixels = tf.reshape(tf.range(0, size), [1, size, 1]);
  const inside = tf.logicalAnd(tf.greaterEqual(place, 0), tf.lessEqual(place, last));
  const share = isNearest
    ? tf.cast(tf.equal(tf.round(place), pixels), "float32")
    : tf.relu(tf.sub(1, tf.abs(tf.sub(place, pixels))));
  return tf.mul(share, tf.cast(inside, "float32"));
};

const ofCrops = (
  dy: tf.Tensor,
  image: tf.Tensor,
  boxes: tf.Tensor,
  owners: tf.Tensor,
  isNearest: boolean,
): tf.Tensor => {
  const [batch = NaN, height = NaN, width = NaN, channels = NaN] = image.shape;
  const [count = NaN, rows = NaN, columns = NaN] = dy.shape;
  const edge = (k: number): tf.Tensor => tf.slice(boxes, [0, k], [count, 1]);
  const down = sharesOf(edge(0), edge(2), height, rows, isNearest);
  const across = sharesOf(edge(1), edge(3), width, columns, isNearest);
  const tall = tf.matMul(down, tf.reshape(dy, [count, rows, columns * channels]));
  const byColumn = tf.transpose(tf.reshape(tall, [count, height, columns, channels]), [0, 2, 1, 3]);
  const wide = tf.matMul(across, tf.reshape(byColumn, [count, columns, height * channels]));
  const crops = tf.transpose(tf.reshape(wide, [count, width, height, channels]), [0, 2, 1, 3]);
  const sums = sumsByPlace(tf.reshape(crops, [count, height * width * channels]), owners, batch);
  return tf.reshape(sums, image.shape);
};

const cropAndResize: tf.GradConfig = {
  kernelName: "CropAndResize",
  inputsToSave: ["image", "boxes", "boxInd"],
  gradFunc: (dy, saved, attrs) => ({
    image: () => ofCrops(single(dy), kept(saved, 0), kept(saved, 1), kept(saved, 2), attrs.method === "nearest"),
    boxes: () => {
      throw new Error(
        "tf.image.cropAndResize: found boxes that a gradient is asked of, expected fixed ones. Their gradient is not defined " +
          "here: keep the boxes out of what is trained, or sample by products with matrices of shares.",
      );
    },
  }),
};

/** Of resizing, and of crops. */
export const resizings: readonly tf.GradConfig[] = [
  resizing("ResizeBilinear", bilinear),
  resizing("ResizeNearestNeighbor", nearest),
  cropAndResize,
];
