import type { tf } from "../../dependencies/tensorflow.ts";
import { floatInputs, lengthOf, numberAttribute } from "./attributes.ts";
import { allocate, dispatch, type Shader, webGpuBackend, workgroupsFor } from "./webgpu_shader.ts";

const invocations = 64;

const tracking = {
  name: "TrackMoments",
  workgroup: [invocations, 1, 1],
  writes: { nextMean: "f32", nextVariance: "f32" },
  reads: { oldMean: "f32", oldVariance: "f32", mean: "f32", variance: "f32" },
  parameters: { size: "i32", momentum: "f32", keep: "f32", correction: "f32" },
  code: `
fn main() {
  let p = parameters;
  let at = i32(workgroupId.x) * ${invocations} + i32(localIndex);
  if (at >= p.size) { return; }
  nextMean[at] = oldMean[at] * p.keep + mean[at] * p.momentum;
  nextVariance[at] = oldVariance[at] * p.keep + variance[at] * p.correction * p.momentum;
}`,
} as const satisfies Shader;

/**
 * TrackMoments on WebGPU: {oldMean, oldVariance, mean, variance}, each (C), to [mean, variance]: (1 − momentum) · old +
 * momentum · new, where the new variance, a biased one, is multiplied by `correction`.
 *
 * The tracked mean and variance of a batch norm after a batch, in one dispatch, where TensorFlow.js's own operations take
 * seven, for each of the network's batch norms in each step.
 */
export const webGpuTrackMoments: tf.KernelConfig = {
  kernelName: "TrackMoments",
  backendName: "webgpu",
  kernelFunc: ({ inputs, backend, attrs }) => {
    const webgpu = webGpuBackend(backend);
    const reads = floatInputs(inputs, "oldMean", "oldVariance", "mean", "variance");
    const { shape } = reads.oldMean;
    const [nextMean, nextVariance] = [allocate(webgpu, shape), allocate(webgpu, shape)];
    const size = lengthOf(reads.oldMean);
    const [momentum, correction] = [numberAttribute(attrs, "momentum"), numberAttribute(attrs, "correction")];
    dispatch(webgpu, {
      shader: tracking,
      writes: { nextMean, nextVariance },
      reads,
      parameters: { size, momentum, keep: 1 - momentum, correction },
      workgroups: workgroupsFor(size, invocations),
    });
    return [nextMean, nextVariance];
  },
};
