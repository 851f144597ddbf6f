/** Opens TensorFlow.js's WebGPU backend on an adapter, with this library's kernels in it. */
import { E } from "../../dependencies/fp.ts";
import { tf } from "../../dependencies/tensorflow.ts";
import { WebGPUBackend } from "../../dependencies/webgpu.ts";
import { causedBy, type Failure, failure } from "../../errors.ts";
import { DeviceError, type Health, isOfMemory } from "../device_failure.ts";
import { registerGradients } from "../gradients.ts";
import { type KernelChoice, registerKernels } from "../kernels.ts";
import { webGpuAdamDirection, webGpuAdamUpdate } from "./adam.ts";
import { webGpuConv2DBackpropFilter } from "./conv2d_backprop_filter.ts";
import { webGpuConv2D, webGpuConv2DBackpropInput } from "./convolution.ts";
import {
  webGpuDepthwiseConv2d,
  webGpuDepthwiseConv2dBackpropFilter,
  webGpuDepthwiseConv2dBackpropInput,
} from "./depthwise_convolution.ts";
import { webGpuFusedConvolution } from "./fused_convolution.ts";
import { webGpuMaxPoolGrad } from "./max_pool_grad.ts";
import { webGpuOtherForms } from "./other_forms.ts";
import { webGpuNormalizeBatch, webGpuNormalizeBatchGrad, webGpuTrackMoments } from "./normalize_batch.ts";

/** To go back to TensorFlow.js's own kernel, delete this library's and its line here. */
const kernels: readonly tf.KernelConfig[] = [
  webGpuAdamDirection,
  webGpuAdamUpdate,
  webGpuConv2D,
  webGpuConv2DBackpropFilter,
  webGpuConv2DBackpropInput,
  webGpuDepthwiseConv2d,
  webGpuDepthwiseConv2dBackpropFilter,
  webGpuDepthwiseConv2dBackpropInput,
  webGpuFusedConvolution,
  webGpuMaxPoolGrad,
  webGpuNormalizeBatch,
  webGpuNormalizeBatchGrad,
  webGpuTrackMoments,
  ...webGpuOtherForms,
];

/** Puts this library's kernels or TensorFlow.js's own in place on WebGPU. */
export const registerWebGpuKernels = (choice: KernelChoice): void => registerKernels(kernels, choice);

/** TensorFlow.js's kernels need more than WebGPU's smallest limits: 8 buffers and 128 MiB bindings are too few. */
const limitsOf = ({ limits }: GPUAdapter): Record<string, number> => ({
  maxBufferSize: limits.maxBufferSize,
  maxStorageBufferBindingSize: limits.maxStorageBufferBindingSize,
  maxStorageBuffersPerShaderStage: limits.maxStorageBuffersPerShaderStage,
  maxComputeWorkgroupStorageSize: limits.maxComputeWorkgroupStorageSize,
  maxComputeInvocationsPerWorkgroup: limits.maxComputeInvocationsPerWorkgroup,
  maxComputeWorkgroupSizeX: limits.maxComputeWorkgroupSizeX,
  maxComputeWorkgroupsPerDimension: limits.maxComputeWorkgroupsPerDimension,
});

const problem = (adapter: string, found: string, cause: unknown): Failure => {
  const remedy = isOfMemory(cause) ? "a smaller batch, a newer driver," : "a newer driver";
  const advice = `Results since then may be wrong and were not used. Try ${remedy} or --backend wasm.`;
  const expected = "a device that computes without errors";
  return causedBy(cause)(failure("device", `the GPU "${adapter}"`, found, expected, advice));
};

/**
 * What goes wrong on the GPU does not throw: it is reported to listeners, and results are garbage. The first such report is
 * kept here.
 */
const watch = (device: GPUDevice, adapter: string): Health => {
  const problems: Failure[] = [];
  device.addEventListener("uncapturederror", (event) => {
    event.preventDefault();
    const error = event instanceof GPUUncapturedErrorEvent ? event.error : new DeviceError("an unknown error");
    problems.push(problem(adapter, error.message.split("\n").slice(0, 3).join(" "), error));
  });
  const lost = device.lost.then((info) => {
    problems.push(problem(adapter, `a lost device (${info.message || info.reason})`, info));
  });
  return async () => {
    await Promise.race([lost, device.queue.onSubmittedWorkDone()]);
    const [first] = problems;
    return first === undefined ? E.right(undefined) : E.left(first);
  };
};

/**
 * A device with all of the adapter's limits, and with subgroups where it has them: Deno does not list the feature, so that
 * asking is the only way to know.
 */
const requestDevice = async (adapter: GPUAdapter): Promise<GPUDevice> => {
  const timestamps: GPUFeatureName[] = adapter.features.has("timestamp-query") ? ["timestamp-query"] : [];
  const requiredLimits = limitsOf(adapter);
  try {
    return await adapter.requestDevice({ requiredLimits, requiredFeatures: [...timestamps, "subgroups"] });
  } catch {
    return await adapter.requestDevice({ requiredLimits, requiredFeatures: timestamps });
  }
};

/** Opens the WebGPU backend on an adapter, with all of the adapter's limits. `name` is the adapter's, for people. */
export const openWebGpu = async (adapter: GPUAdapter, name: string, choice: KernelChoice): Promise<Health> => {
  const device = await requestDevice(adapter);
  const health = watch(device, name);
  tf.removeBackend("webgpu");
  tf.registerBackend("webgpu", () => new WebGPUBackend(device, adapter.info));
  tf.env().set("WEBGPU_DEFERRED_SUBMIT_BATCH_SIZE", 64);
  registerWebGpuKernels(choice);
  registerGradients(choice);
  if (!await tf.setBackend("webgpu")) throw new DeviceError("TensorFlow.js could not start its WebGPU backend");
  await tf.ready();
  return health;
};
