import { tf } from "../dependencies/tensorflow.ts";

/** A tensor of TensorFlow.js, of any rank, on the device of the current backend.
 * @category Tensors */
export type Tensor = tf.Tensor;

/** A single number on the device.
 * @category Tensors */
export type Scalar = tf.Scalar;

/** A vector on the device, shape (length).
 * @category Tensors */
export type Tensor1D = tf.Tensor1D;

/** A matrix on the device, shape (rows, columns).
 * @category Tensors */
export type Tensor2D = tf.Tensor2D;

/** A tensor of four dimensions: (batch, height, width, channels) if it holds pictures or feature maps.
 * @category Tensors */
export type Tensor4D = tf.Tensor4D;

/** The name under which {@link Features} carry their channel count in their type; it does not exist at run time.
 * @category Tensors */
export declare const channels: unique symbol;

/** What a tensor's type says of its last dimension.
 * @category Tensors */
export interface HasChannels<C extends number> {
  /** The size of the last dimension, for the compiler alone: no tensor has such a property at run time. */
  readonly [channels]: C;
}

/** Feature maps of shape (batch, height, width, C): the channel count is part of the type.
 * @category Tensors */
export type Features<C extends number> = Tensor4D & HasChannels<C>;

/** Colour pictures, (batch, height, width, 3), in the order R, G, B, 0…1.
 * @category Tensors */
export type Images = Features<3>;

/** Depth maps, (batch, height, width, 1), in metres; 0 = no measurement.
 * @category Tensors */
export type DepthMaps = Features<1>;

/** Valid masks, (batch, height, width, 1): 1 where depth was measured, 0 elsewhere.
 * @category Tensors */
export type ValidMasks = Features<1>;

/**
 * Gives a tensor of shape (batch, height, width, C) the type that says so.
 *
 * @throws Error if the last dimension is not `channelCount`: a bug of the caller.
 * @category Tensors
 */
export const asFeatures = <C extends number>(
  channelCount: C,
  tensor: Tensor,
): Features<C> => {
  if (tensor.rank !== 4 || tensor.shape[3] !== channelCount) {
    throw new Error(
      `expected feature maps (batch, height, width, ${channelCount}), found [${tensor.shape.join(", ")}]`,
    );
  }
  return tensor as Features<C>;
};

/** The valid mask of ground truth: 1 where depth > 0 and 0 where there is no measurement.
 * @category Tensors */
export const validMask = (depth: DepthMaps): ValidMasks => asFeatures(1, tf.step(depth));
