/**
 * Adds TrackMoments to WebGPU: the tracked mean and variance of a batch norm after a batch in one dispatch, where
 * TensorFlow.js's own operations take seven, for each of the network's batch norms in each step.
 */
import type { tf } from "../../dependencies/tensorflow.ts";
import { numberAttribute } from "./attributes.ts";
import { allocate, dispatch, floatInput, lengthOf, type Shader, webGpuBackend, workgroupsOf } from "./webgpu_shader.ts";

const invocations = 64;

const shader = {
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
 * {oldMean, oldVariance, mean, variance}, each (C), to [mean, variance]: (1 − momentum) · old + momentum · new, where the
 * new variance, a biased one, is multiplied by `correction`.
 */
export const webGpuTrackMoments: tf.KernelConfig = {
  kernelName: "TrackMoments",
  backendName: "webgpu",
  kernelFunc: ({ inputs, backend, attrs }) => {
    const webgpu = webGpuBackend(backend);
    const reads = {
      oldMean: floatInput(inputs, "oldMean"),
      oldVariance: floatInput(inputs, "oldVariance"),
      mean: floatInput(inputs, "mean"),
      variance: floatInput(inputs, "variance"),
    };
    const writes = {
      nextMean: allocate(webgpu, reads.oldMean.shape),
      nextVariance: allocate(webgpu, reads.oldMean.shape),
    };
    const size = lengthOf(reads.oldMean);
    const momentum = numberAttribute("momentum", attrs?.momentum);
    const correction = numberAttribute("correction", attrs?.correction);
    const parameters = { size, momentum, keep: 1 - momentum, correction };
    dispatch(webgpu, { shader, writes, reads, parameters, workgroups: workgroupsOf(Math.ceil(size / invocations)) });
    return [writes.nextMean, writes.nextVariance];
  },
};
