import { tf } from "../dependencies/tensorflow.ts";
import { absolute, asConstant, maskedMean } from "../nn/operations.ts";
import { asFeatures, type DepthMaps, type Tensor, type Tensor4D, type ValidMasks } from "../tensor/features.ts";
import { drawTensors } from "../tensor/draw.ts";
import { type Key, permutation } from "../tensor/key.ts";
import type { Loss } from "./loss.ts";
import { onValidPixels } from "./pixel.ts";

/** A pinhole camera in pixels, as samples have it; pixel (column u, row v) has its centre at (u + 0.5, v + 0.5).
 * @category Losses */
export interface Pinhole {
  /** Focal length along a row, in pixels. */
  readonly fx: number;
  /** Focal length along a column, in pixels. */
  readonly fy: number;
  /** Where the optical axis meets the picture: pixels from its left edge. */
  readonly cx: number;
  /** Where the optical axis meets the picture: pixels from its upper edge. */
  readonly cy: number;
}

/** The camera of pictures of a size in pixels.
 * @category Losses */
export type CameraOfSize = (height: number, width: number) => Pinhole;

/**
 * A camera of square pixels, whose axis is in the middle.
 *
 * @param degrees Its view along the longer side of the picture.
 * @category Losses
 */
export const cameraOfView = (degrees: number): CameraOfSize => (height, width) => {
  const focal = Math.max(height, width) / (2 * Math.tan(degrees * Math.PI / 360));
  return { fx: focal, fy: focal, cx: width / 2, cy: height / 2 };
};

/** A random order of the pixels of an image, drawn to the device, and the rays of the pixels in that order. */
interface ShuffledPixels {
  /** The pixel, row by row, that comes to each place. */
  readonly order: Tensor;
  /** The place to which each pixel comes. */
  readonly inverse: Tensor;
  /** What depth is multiplied with to get x of each pixel, in its shuffled place, (1, height, width, 1). */
  readonly x: Tensor;
  /** What depth is multiplied with to get y. */
  readonly y: Tensor;
}

/** The place to which each pixel comes in an order. */
const inverseOf = (order: Int32Array): Int32Array => {
  const inverse = new Int32Array(order.length);
  order.forEach((from, to) => inverse[from] = to);
  return inverse;
};

const shuffledPixels = (key: Key, { fx, fy, cx, cy }: Pinhole, height: number, width: number): ShuffledPixels =>
  drawTensors(key, (key) => {
    const order = Int32Array.from(permutation(key, height * width));
    const along = (ray: (pixel: number) => number) => ({
      shape: [1, height, width, 1],
      values: Float32Array.from(order, ray),
    });
    return {
      order: { shape: [order.length], values: order },
      inverse: { shape: [order.length], values: inverseOf(order) },
      x: along((pixel) => (pixel % width + 0.5 - cx) / fx),
      y: along((pixel) => (Math.floor(pixel / width) + 0.5 - cy) / fy),
    };
  });

const taken = (maps: Tensor4D, from: Tensor): Tensor4D => {
  const pixels = tf.reshape(maps, [maps.shape[0], from.size]);
  return tf.reshape(tf.gather(pixels, from.as1D(), 1), maps.shape);
};

/**
 * The pixels of every map, (batch, height, width, 1), in another order. Its gradient takes them back: that of
 * `tf.gather` needs an operation that the wasm backend lacks.
 */
const reorderPixels = (maps: Tensor4D, { order, inverse }: ShuffledPixels): Tensor4D =>
  tf.customGrad<Tensor4D>((...args: (tf.Tensor | tf.GradSaveFunc)[]) => {
    const [pixels, save] = args as [Tensor4D, tf.GradSaveFunc];
    save([inverse]);
    const gradFunc = (dy: Tensor4D, saved: tf.Tensor[]): tf.Tensor[] => saved.map((back) => taken(dy, back));
    return { value: taken(pixels, order), gradFunc };
  })(maps);

/** Many vectors of space: their three coordinates, each a tensor of one shape. */
export interface Vectors {
  /** To the right, in metres. */
  readonly x: Tensor4D;
  /** Down, in metres. */
  readonly y: Tensor4D;
  /** Away from the camera, in metres. */
  readonly z: Tensor4D;
}

/** first − second. */
export const differenceOf = (first: Vectors, second: Vectors): Vectors => ({
  x: tf.sub(first.x, second.x),
  y: tf.sub(first.y, second.y),
  z: tf.sub(first.z, second.z),
});

/** The scalar product of each pair. */
const dotOf = (first: Vectors, second: Vectors): Tensor4D =>
  tf.add(tf.add(tf.mul(first.x, second.x), tf.mul(first.y, second.y)), tf.mul(first.z, second.z));

const minor = (a: Tensor4D, b: Tensor4D, c: Tensor4D, d: Tensor4D): Tensor4D => tf.sub(tf.mul(a, b), tf.mul(c, d));

/** The vector product of each pair. */
const crossOf = (first: Vectors, second: Vectors): Vectors => ({
  x: minor(first.y, second.z, first.z, second.y),
  y: minor(first.z, second.x, first.x, second.z),
  z: minor(first.x, second.y, first.y, second.x),
});

/** The vectors with length 1; those shorter than 1e-4 stay shorter, so that a vector of length 0 has a gradient. */
const unitOf = (vectors: Vectors): Vectors => {
  const length: Tensor4D = tf.sqrt(tf.add(dotOf(vectors, vectors), 1e-8));
  return { x: tf.div(vectors.x, length), y: tf.div(vectors.y, length), z: tf.div(vectors.z, length) };
};

/** How virtual normals are drawn.
 * @category Losses */
export interface VirtualNormalOptions {
  /** From which the groups of pixels are drawn, then the same at every step; by default that of the step. */
  readonly key?: Key;
  /** The camera of all pictures, for a size in pixels; by default {@link cameraOfView} of `view`. */
  readonly camera: CameraOfSize;
  /** What a camera that is not given sees along the longer side, in degrees; 63 by default, as in NYU Depth V2. */
  readonly view: number;
  /** Metres by which the points of a group are at least apart; 0.6 as published. */
  readonly distance: number;
  /** The smallest angle of a group's triangle in degrees, 0…60; 30 as published. */
  readonly angle: number;
}

type Corners<A> = readonly [A, A, A];

/** The three thirds of shuffled maps: each place of a third is one corner of a triangle. A rest of rows is left out. */
const cornersOf = (maps: Tensor4D): Corners<Tensor4D> => {
  const [batch, height, width] = maps.shape;
  const rows = Math.floor(height / 3);
  const third = (index: number): Tensor4D => tf.slice(maps, [0, index * rows, 0, 0], [batch, rows, width, 1]);
  return [third(0), third(1), third(2)];
};

/** The corners in space of triangles of shuffled depth. */
const pointsOf = (depth: Tensor4D, rays: Pick<ShuffledPixels, "x" | "y">): Corners<Vectors> => {
  const [xs, ys, zs] = [cornersOf(tf.mul(depth, rays.x)), cornersOf(tf.mul(depth, rays.y)), cornersOf(depth)];
  return [{ x: xs[0], y: ys[0], z: zs[0] }, { x: xs[1], y: ys[1], z: zs[1] }, { x: xs[2], y: ys[2], z: zs[2] }];
};

const normalsOf = ([a, b, c]: Corners<Vectors>): Vectors => unitOf(crossOf(differenceOf(b, a), differenceOf(c, a)));

/** 1 where a side is longer than `distance` metres. */
const isLong = (side: Vectors, distance: number): Tensor4D => tf.step(tf.sub(dotOf(side, side), distance ** 2));

/** 1 where the angle between a side and the way back along the side before it is more than `angle` degrees. */
const isOpen = (side: Vectors, before: Vectors, angle: number): Tensor4D => {
  const lengths: Tensor4D = tf.sqrt(tf.mul(dotOf(side, side), dotOf(before, before)));
  return tf.step(tf.add(tf.mul(lengths, Math.cos(angle * Math.PI / 180)), dotOf(side, before)));
};

/** 1 for the triangles that are measured at all corners, wide enough and not too flat. */
const usable = (
  [a, b, c]: Corners<Vectors>,
  valid: Corners<Tensor4D>,
  { distance, angle }: VirtualNormalOptions,
): ValidMasks => {
  const [ab, bc, ca] = [differenceOf(b, a), differenceOf(c, b), differenceOf(a, c)];
  const long = [ab, bc, ca].map((side) => isLong(side, distance));
  const open = [isOpen(ab, ca, angle), isOpen(bc, ab, angle), isOpen(ca, bc, angle)];
  return asFeatures(1, [...long, ...open, ...valid].reduce((product, each) => tf.mul(product, each)));
};

/** |n − n*|₁ of each pair, (batch, rows, width, 1). */
const distanceOf = (first: Vectors, second: Vectors): Tensor4D => {
  const { x, y, z } = differenceOf(first, second);
  return tf.add(tf.add(absolute(x), absolute(y)), absolute(z));
};

/**
 * The virtual normal loss (Yin et al., "Enforcing geometric constraints of virtual normal for depth prediction", ICCV
 * 2019), 0…2√3, without a unit: the mean of |n − n*|₁ over groups of three pixels, whose points in space span a
 * triangle with the normal n by the predicted depth and n* by the true one. As published, only those groups count whose
 * true points are more than `distance` metres apart and whose true triangle is not flat.
 *
 * The groups are drawn from the key of the step, at each step anew: all pixels in random order, cut in three, so that no
 * pixel is in two groups. Deviations from the publication: all three angles are at least `angle`, hence none is above 180° − 2 · `angle`;
 * and the easiest quarter of the groups is not left out, as finding it would read back from the device.
 *
 * It does not see the scale of a prediction: join it with a loss that does. Pictures need at least 3 rows.
 * @category Losses
 */
export const virtualNormal = (options: Partial<VirtualNormalOptions> = {}): Loss => {
  const view = options.view ?? 63;
  const chosen = { camera: cameraOfView(view), view, distance: 0.6, angle: 30, ...options };
  return (target, prediction, mask, at) => {
    const [, height, width] = target.shape;
    const pixels = shuffledPixels(chosen.key ?? at.key, chosen.camera(height, width), height, width);
    const points = (depth: DepthMaps) => pointsOf(reorderPixels(onValidPixels(depth, mask, 0), pixels), pixels);
    const truth = points(target);
    const counted = asConstant(() => usable(truth, cornersOf(reorderPixels(mask, pixels)), chosen));
    return maskedMean(distanceOf(normalsOf(points(prediction)), normalsOf(truth)), counted);
  };
};
