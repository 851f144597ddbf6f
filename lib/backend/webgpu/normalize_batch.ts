/**
 * Adds NormalizeBatch and NormalizeBatchGrad to WebGPU: batch norm in training mode in three dispatches forward and
 * three backward, where TensorFlow.js's own operations take some forty.
 */
import type { tf } from "../../dependencies/tensorflow.ts";
import type { WebGPUBackend } from "../../dependencies/webgpu.ts";
import { traitsOf } from "../adapter.ts";
import { floatInputs, lengthOf, numberAttribute } from "../kernel_arguments.ts";
import type { InvocationLayout } from "./channel_shaders.ts";
import {
  gradientParts,
  inputGradient,
  momentParts,
  moments,
  normalized,
  parameterGradients,
} from "./normalize_batch_shaders.ts";
import {
  allocate,
  dispatch,
  release,
  type Shader,
  type Sizes,
  webGpuBackend,
  widthOf,
  workgroupsFor,
} from "./shader.ts";

/** How the rows are reduced: "serial" without workgroup memory, or "shared" with it. */
export type NormalizeBatchVariant = "serial" | "shared";

/** The layout of [rows, channels], and how many rows a lane takes where they are reduced and where they are mapped. */
interface Plan {
  readonly layout: InvocationLayout;
  readonly rows: number;
  readonly groups: number;
  readonly channels: number;
  readonly reduced: number;
  readonly mapped: number;
}

/** Runs of at most 64 rows: their sums lose few digits, and there are enough of them for all of a GPU's processors. */
const planOf = (size: number, channels: number, variant: NormalizeBatchVariant): Plan => {
  const width = widthOf(channels);
  const [rows, groups] = [size / channels, channels / width];
  if (variant === "serial") {
    return { layout: { width, columns: 16, lanes: 1 }, rows, groups, channels, reduced: 64, mapped: 64 };
  }
  const [columns, lanes] = [groups > 4 ? 16 : groups > 1 ? 4 : 1, 16];
  // Some 128 workgroups along the rows.
  const reduced = Math.min(64, Math.max(4, Math.ceil(rows / lanes / 128)));
  return { layout: { width, columns, lanes }, rows, groups, channels, reduced, mapped: 4 };
};

const workgroups = ({ layout: { columns, lanes }, groups, rows }: Plan, run: number): Sizes => [
  Math.ceil(groups / columns),
  Math.ceil(rows / (run * lanes)),
  1,
];

const mapping = (plan: Plan) => ({
  parameters: { rows: plan.rows, groups: plan.groups, run: plan.mapped },
  workgroups: workgroups(plan, plan.mapped),
});

const reducing = (plan: Plan) => ({
  parameters: { rows: plan.rows, groups: plan.groups, run: plan.reduced },
  workgroups: workgroups(plan, plan.reduced),
});

/** The parts are each of a workgroup's rows, and one workgroup takes all of them. */
const finishing = (plan: Plan) => ({
  parameters: { rows: plan.rows, groups: plan.groups, run: plan.reduced * plan.layout.lanes },
  workgroups: [Math.ceil(plan.groups / plan.layout.columns), 1, 1] as const,
});

/** Room for the parts of a reduction, while `run` is recorded. */
const withParts = (backend: WebGPUBackend, plan: Plan, run: (parts: tf.TensorInfo) => void): void => {
  const [, count] = reducing(plan).workgroups;
  const parts = allocate(backend, [count, 2, plan.channels]);
  run(parts);
  release(backend, parts);
};

const planFor = (backend: WebGPUBackend, x: tf.TensorInfo, gamma: tf.TensorInfo, variant?: NormalizeBatchVariant) =>
  planOf(lengthOf(x), lengthOf(gamma), variant ?? (traitsOf(backend).software ? "serial" : "shared"));

/** The forward kernel with one variant, or with the one that suits the device. */
export const normalizeBatchKernel =
  (variant?: NormalizeBatchVariant): tf.KernelFunc => ({ inputs, backend, attrs }) => {
    const webgpu = webGpuBackend(backend);
    const { x, gamma, beta } = floatInputs(inputs, "x", "gamma", "beta");
    const epsilon = numberAttribute(attrs, "epsilon");
    const plan = planFor(webgpu, x, gamma, variant);
    const { layout, channels } = plan;
    const y = allocate(webgpu, x.shape);
    const vector = () => allocate(webgpu, [channels]);
    const [mean, variance, inverse] = [vector(), vector(), vector()];
    withParts(webgpu, plan, (parts) => {
      dispatch(webgpu, { shader: momentParts(layout), writes: { parts }, reads: { x }, ...reducing(plan) });
      const { parameters, workgroups } = finishing(plan);
      dispatch(webgpu, {
        shader: moments(layout),
        writes: { mean, variance, inverse },
        reads: { parts },
        parameters: { ...parameters, epsilon },
        workgroups,
      });
    });
    const reads = { x, gamma, beta, mean, inverse };
    dispatch(webgpu, { shader: normalized(layout), writes: { y }, reads, ...mapping(plan) });
    return [y, mean, variance, inverse];
  };

/** The backward kernel with one variant, or with the one that suits the device. */
export const normalizeBatchGradKernel = (variant?: NormalizeBatchVariant): tf.KernelFunc => ({ inputs, backend }) => {
  const webgpu = webGpuBackend(backend);
  const { x, dy, gamma, mean, inverse } = floatInputs(inputs, "x", "dy", "gamma", "mean", "inverse");
  const plan = planFor(webgpu, x, gamma, variant);
  const { layout, channels } = plan;
  const dx = allocate(webgpu, x.shape);
  const [dGamma, dBeta] = [allocate(webgpu, [channels]), allocate(webgpu, [channels])];
  withParts(webgpu, plan, (parts) => {
    const [shader, finish] = [gradientParts(layout), parameterGradients(layout)];
    dispatch(webgpu, { shader, writes: { parts }, reads: { x, dy, mean }, ...reducing(plan) });
    dispatch(webgpu, {
      shader: finish,
      writes: { dGamma, dBeta },
      reads: { parts, inverse },
      ...finishing(plan),
    });
  });
  const reads = { x, dy, gamma, mean, inverse, dGamma, dBeta };
  dispatch(webgpu, { shader: inputGradient(layout), writes: { dx }, reads, ...mapping(plan) });
  return [dx, dGamma, dBeta];
};

/** {x [N, H, W, C], gamma [C], beta [C]} to [y, mean, biased variance, 1 / deviation]. */
export const webGpuNormalizeBatch: tf.KernelConfig = {
  kernelName: "NormalizeBatch",
  backendName: "webgpu",
  kernelFunc: normalizeBatchKernel(),
};

/** {x, dy [N, H, W, C], gamma, mean, inverse [C]} to the gradients of [x, gamma, beta]. */
export const webGpuNormalizeBatchGrad: tf.KernelConfig = {
  kernelName: "NormalizeBatchGrad",
  backendName: "webgpu",
  kernelFunc: normalizeBatchGradKernel(),
};

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
