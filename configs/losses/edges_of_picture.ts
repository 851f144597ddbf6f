// deno task train --loss configs/losses/edges_of_picture.ts
// L1 in which a pixel counts more where the picture has an edge: a fourth argument sees the images, the step and a key.
import { absolute, asConstant, type Loss, maskedMean, resizeBilinear, tf } from "../../mod.ts";

const edgesOfPicture: Loss = (target, prediction, mask, { images }) => {
  const [, height, width] = images.shape;
  // How far a pixel is from the mean of its surroundings: about 0 within a surface, some tenths at an edge.
  const weights = asConstant(() => {
    const coarse = resizeBilinear(images, [height >> 2, width >> 2]);
    const blurred = resizeBilinear(coarse, [height, width]);
    return tf.add<tf.Tensor4D>(tf.mul(tf.mean(tf.abs(tf.sub(images, blurred)), 3, true), 5), 1);
  });
  return maskedMean(tf.mul(weights, absolute(tf.sub(target, prediction))), mask);
};

export default edgesOfPicture;
