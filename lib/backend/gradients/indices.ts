/** Gradients of what reads or writes at places that a tensor names. TensorFlow.js has most of them not at all. */
import { tf } from "../../dependencies/tensorflow.ts";
import { axisOf, kept, single, sizeOf, sumsByPlace } from "./parts.ts";

/** The gradient of reading along one dimension: what was read several times is summed. */
const ofGathered = (
  dy: tf.Tensor,
  x: tf.Tensor,
  indices: tf.Tensor,
  axis: number,
  batchDimensions: number,
): tf.Tensor => {
  const batch = sizeOf(x.shape.slice(0, batchDimensions));
  const outer = sizeOf(x.shape.slice(batchDimensions, axis));
  const inner = sizeOf(x.shape.slice(axis + 1));
  const size = x.shape[axis] ?? NaN;
  const read = sizeOf(indices.shape.slice(batchDimensions));
  const rows = tf.transpose(tf.reshape(dy, [batch, outer, read, inner]), [0, 2, 1, 3]);
  const begins = tf.mul(tf.range(0, batch, 1, "int32"), tf.scalar(size, "int32"));
  const places = tf.add(tf.reshape(tf.cast(indices, "int32"), [batch, read]), tf.expandDims(begins, 1));
  const sums = sumsByPlace(tf.reshape(rows, [batch * read, outer * inner]), places, batch * size);
  return tf.reshape(tf.transpose(tf.reshape(sums, [batch, size, outer, inner]), [0, 2, 1, 3]), x.shape);
};

const gather: tf.GradConfig = {
  kernelName: "GatherV2",
  inputsToSave: ["x", "indices"],
  gradFunc: (dy, saved, attrs) => {
    const [x, indices] = [kept(saved, 0), kept(saved, 1)];
    const axis = axisOf(Number(attrs.axis), x.rank);
    return {
      x: () => ofGathered(single(dy), x, indices, axis, axisOf(Number(attrs.batchDims ?? 0), indices.rank)),
      indices: () => indices,
    };
  },
};

const gatherNd: tf.GradConfig = {
  kernelName: "GatherNd",
  inputsToSave: ["params", "indices"],
  gradFunc: (dy, saved) => {
    const [params, indices] = [kept(saved, 0), kept(saved, 1)];
    return { params: () => tf.scatterND(indices, single(dy), params.shape) };
  },
};

const scatterNd: tf.GradConfig = {
  kernelName: "ScatterNd",
  inputsToSave: ["indices"],
  gradFunc: (dy, saved) => ({ updates: () => tf.gatherND(single(dy), kept(saved, 0)) }),
};

const tensorScatterUpdate: tf.GradConfig = {
  kernelName: "TensorScatterUpdate",
  inputsToSave: ["indices", "updates"],
  gradFunc: (dy, saved) => {
    const [indices, updates] = [kept(saved, 0), kept(saved, 1)];
    return {
      tensor: () => tf.tensorScatterUpdate(single(dy), indices, tf.zerosLike(updates)),
      updates: () => tf.gatherND(single(dy), indices),
    };
  },
};

/** The gradients at the places of values, which may be one value for all of them. */
const ofValues = (dy: tf.Tensor, indices: tf.Tensor): tf.Tensor => {
  const places = indices.rank === 2 ? indices : tf.reshape(indices, [indices.size, 1]);
  return tf.gatherND(dy, places);
};

const sparseToDense: tf.GradConfig = {
  kernelName: "SparseToDense",
  inputsToSave: ["sparseIndices", "sparseValues"],
  gradFunc: (dy, saved) => {
    const [indices, values] = [kept(saved, 0), kept(saved, 1)];
    const there = (): tf.Tensor => ofValues(single(dy), indices);
    return {
      sparseValues: () =>
        values.size === 1 ? tf.reshape(tf.sum(there()), values.shape) : tf.reshape(there(), values.shape),
      defaultValue: () => tf.sub(tf.sum(single(dy)), tf.sum(there())),
    };
  },
};

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

/** Of reading and writing by indices. */
export const indexed: readonly tf.GradConfig[] = [
  gather,
  gatherNd,
  scatterNd,
  tensorScatterUpdate,
  sparseToDense,
  topK,
];
