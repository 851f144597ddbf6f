import { tf } from "../dependencies/tensorflow.ts";
import { absolute } from "../nn/absolute.ts";
import { asConstant } from "../nn/stop_gradient.ts";
import { asFeatures, type DepthMaps, type Tensor4D, type ValidMasks } from "../tensor/features.ts";
import { type Key, keyOf, permutation } from "../tensor/key.ts";
import type { Loss } from "./loss.ts";
import { maskedMean } from "../nn/reductions.ts";
import { type CameraOfSize, cameraOfView, type Pinhole } from "./pinhole.ts";
import { type PixelOrder, pixelOrder, reorderPixels } from "./pixel_order.ts";
import { onValidPixels } from "./valid_pixels.ts";
import { crossOf, differenceOf, dotOf, unitOf, type Vectors } from "./vectors.ts";

/** How virtual normals are drawn. */
export interface VirtualNormalOptions {
  /** From which the groups of pixels are drawn; that of seed 0 by default. */
  readonly key: Key;
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

/** What depth is multiplied with to get x and y of each pixel, in its shuffled place, (1, height, width, 1). */
const raysOf = ({ order }: PixelOrder, { fx, fy, cx, cy }: Pinhole, height: number, width: number) => {
  const along = (ray: (pixel: number) => number): Tensor4D =>
    tf.tensor4d(Float32Array.from(order, ray), [1, height, width, 1]);
  return {
    x: along((pixel) => (pixel % width + 0.5 - cx) / fx),
    y: along((pixel) => (Math.floor(pixel / width) + 0.5 - cy) / fy),
  };
};

/** The corners in space of triangles of shuffled depth. */
const pointsOf = (depth: Tensor4D, rays: Pick<Vectors, "x" | "y">): Corners<Vectors> => {
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
 * The groups are drawn from a key: all pixels in random order, cut in three, so that no pixel is in two groups.
 * Deviations from the publication: they are the same at every step, as a loss is a function of its arguments alone
 * (pictures are mirrored and differ); all three angles are at least `angle`, hence none is above 180° − 2 · `angle`;
 * and the easiest quarter of the groups is not left out, as finding it would read back from the device.
 *
 * It does not see the scale of a prediction: join it with a loss that does. Pictures need at least 3 rows.
 */
export const virtualNormal = (options: Partial<VirtualNormalOptions> = {}): Loss => {
  const view = options.view ?? 63;
  const chosen = { key: keyOf(0), camera: cameraOfView(view), view, distance: 0.6, angle: 30, ...options };
  return (target: DepthMaps, prediction: DepthMaps, mask: ValidMasks) => {
    const [, height, width] = target.shape;
    const order = pixelOrder(permutation(chosen.key, height * width));
    const rays = raysOf(order, chosen.camera(height, width), height, width);
    const points = (depth: DepthMaps) => pointsOf(reorderPixels(onValidPixels(depth, mask, 0), order), rays);
    const truth = points(target);
    const counted = asConstant(() => usable(truth, cornersOf(reorderPixels(mask, order)), chosen));
    return maskedMean(distanceOf(normalsOf(points(prediction)), normalsOf(truth)), counted);
  };
};
