/** Gradients of the largest and smallest numbers. TensorFlow.js gives each of equal maxima all of the gradient. */
import { tf } from "../../dependencies/tensorflow.ts";
import { kept, single, sizeOf, sumsByPlace } from "./parts.ts";

/** Equal extremes share the gradient, as in TensorFlow and in PyTorch's `amax`. */
const shared = (kernelName: string, attribute: string): tf.GradConfig => ({
  kernelName,
  inputsToSave: ["x"],
  outputsToSave: [true],
  gradFunc: (dy, saved, attrs) => {
    const [x, y] = [kept(saved, 0), kept(saved, 1)];
    const axes = tf.util.parseAxisParam(attrs[attribute] as number | number[], x.shape);
    const wide = x.shape.map((size, axis) => axes.includes(axis) ? 1 : size);
    return {
      x: () => {
        const isExtreme = tf.cast(tf.equal(x, tf.reshape(y, wide)), "float32");
        return tf.mul(isExtreme, tf.div(tf.reshape(single(dy), wide), tf.sum(isExtreme, axes, true)));
      },
    };
  },
});

/** The gradient of the largest numbers goes to where each of them stood. */
const topK: tf.GradConfig = {
  kernelName: "TopK",
  inputsToSave: ["x"],
  outputsToSave: [false, true],
  gradFunc: (dy, saved) => {
    const [x, indices] = [kept(saved, 0), kept(saved, 1)];
    const size = x.shape.at(-1) ?? 1;
    const rows = sizeOf(x.shape.slice(0, -1));
    return {
      x: () => {
        const begins = tf.mul(tf.range(0, rows, 1, "int32"), tf.scalar(size, "int32"));
        const places = tf.add(tf.reshape(indices, [rows, indices.size / Math.max(1, rows)]), tf.expandDims(begins, 1));
        const values = tf.reshape(single(dy), [places.size]);
        return tf.reshape(sumsByPlace(values, places, rows * size), x.shape);
      },
    };
  },
};

/** Of maxima, minima and sorted numbers. */
export const extremes: readonly tf.GradConfig[] = [shared("Max", "reductionIndices"), shared("Min", "axis"), topK];
