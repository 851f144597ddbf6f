/** The whole network: how pictures are prepared, backbone, pyramid and estimator. */
import { tf } from "../dependencies/tensorflow.ts";
import { asFeatures, type Images } from "../tensor/features.ts";
import type { Empty } from "../tensor/tree.ts";
import { type Layer, lift } from "../nn/layer.ts";

/**
 * How pictures are prepared for the backbone: "bgr-caffe" is B, G, R in 0…255 minus (102.9801, 115.9465, 122.7717), not
 * scaled, as the paper's; "rgb-imagenet" is R, G, B in 0…1 minus ImageNet's mean, divided by its deviation, as torchvision's;
 * "rgb-unit" is R, G, B in 0…1 and "rgb-centred" in −1…1, for backbones that are trained from the start or so elsewhere.
 */
export type Preprocessing = "bgr-caffe" | "rgb-imagenet" | "rgb-unit" | "rgb-centred";

/** Exchanges R and B and scales by 255: a product with a 3×3 matrix, as reversing a dimension is slow on wasm. */
const bgr255 = (images: Images): tf.Tensor4D => {
  const exchange = tf.tensor2d([[0, 0, 255], [0, 255, 0], [255, 0, 0]]);
  return tf.reshape(tf.matMul(tf.reshape(images, [-1, 3]), exchange), images.shape);
};

const caffe = (images: Images): Images =>
  asFeatures(3, tf.sub(bgr255(images), tf.tensor1d([102.9801, 115.9465, 122.7717])));

const imageNet = (images: Images): Images =>
  asFeatures(
    3,
    tf.div(
      tf.sub(images, tf.tensor1d([0.485, 0.456, 0.406])),
      tf.tensor1d([0.229, 0.224, 0.225]),
    ),
  );

const unit = (images: Images): Images => images;

const centred = (images: Images): Images => asFeatures(3, tf.sub(tf.mul(images, 2), 1));

const functions: Readonly<Record<Preprocessing, (images: Images) => Images>> = {
  "bgr-caffe": caffe,
  "rgb-imagenet": imageNet,
  "rgb-unit": unit,
  "rgb-centred": centred,
};

/** Pictures (R, G, B, 0…1) to what the backbone takes. */
export const preprocess = (kind: Preprocessing): Layer<Images, Images, Empty, Empty> => lift(functions[kind]);
