/**
 * The kernels that TensorFlow.js has wrong, slow or not at all. To go back to TensorFlow.js's own, delete the kernel's
 * file and its line here.
 */
import { tf } from "../../dependencies/tensorflow.ts";
import { wasmAdamDirection } from "./wasm_adam_direction.ts";
import { wasmBatchMatMul } from "./wasm_batch_mat_mul.ts";
import { wasmConv2D } from "./wasm_conv2d.ts";
import { wasmConv2DBackpropFilter } from "./wasm_conv2d_backprop_filter.ts";
import { wasmConv2DBackpropInput } from "./wasm_conv2d_backprop_input.ts";
import { wasmFusedConvolution } from "./wasm_fused_convolution.ts";
import { wasmIdentity } from "./wasm_identity.ts";
import { wasmMaxPoolGrad } from "./wasm_max_pool_grad.ts";
import { wasmNormalizeBatch, wasmNormalizeBatchGrad } from "./wasm_normalize_batch.ts";
import { stockName } from "./wasm_memory.ts";
import { webGpuAdamDirection, webGpuAdamUpdate } from "./webgpu_adam.ts";
import { webGpuConv2D } from "./webgpu_conv2d.ts";
import { webGpuConv2DBackpropFilter } from "./webgpu_conv2d_backprop_filter.ts";
import { webGpuConv2DBackpropInput } from "./webgpu_conv2d_backprop_input.ts";
import { webGpuFusedConvolution } from "./webgpu_fused_convolution.ts";
import { webGpuMaxPoolGrad } from "./webgpu_max_pool_grad.ts";
import { webGpuNormalizeBatch, webGpuNormalizeBatchGrad } from "./webgpu_normalize_batch.ts";
import { webGpuTrackMoments } from "./webgpu_track_moments.ts";

const kernels: readonly tf.KernelConfig[] = [
  wasmBatchMatMul,
  wasmConv2D,
  wasmConv2DBackpropFilter,
  wasmConv2DBackpropInput,
  wasmFusedConvolution,
  wasmIdentity,
  wasmMaxPoolGrad,
  wasmAdamDirection,
  wasmNormalizeBatch,
  wasmNormalizeBatchGrad,
  webGpuConv2D,
  webGpuConv2DBackpropFilter,
  webGpuConv2DBackpropInput,
  webGpuFusedConvolution,
  webGpuNormalizeBatch,
  webGpuNormalizeBatchGrad,
  webGpuAdamDirection,
  webGpuAdamUpdate,
  webGpuMaxPoolGrad,
  webGpuTrackMoments,
];

/** Whose kernels compute: this library's where it has some, or TensorFlow.js's own, for comparison. */
export type KernelChoice = "own" | "stock";

/** Without these TensorFlow.js could not train at all. */
const indispensable: readonly tf.KernelConfig[] = [wasmConv2DBackpropFilter];

const kernelOf = (name: string, backendName: string): tf.KernelConfig | undefined => tf.getKernel(name, backendName);

/** Puts one kernel in the place of the one of the same name, if any, which stays under another name. */
const putInPlace = (kernel: tf.KernelConfig): void => {
  const { kernelName, backendName } = kernel;
  const present = kernelOf(kernelName, backendName);
  if (present === kernel) return;
  if (present !== undefined) {
    tf.registerKernel({ ...present, kernelName: stockName(kernelName) });
    tf.unregisterKernel(kernelName, backendName);
  }
  tf.registerKernel(kernel);
};

/** Takes one kernel away, and puts the one that it replaced back. */
const takeAway = (kernel: tf.KernelConfig): void => {
  const { kernelName, backendName } = kernel;
  if (kernelOf(kernelName, backendName) !== kernel) return;
  tf.unregisterKernel(kernelName, backendName);
  const stock = kernelOf(stockName(kernelName), backendName);
  if (stock === undefined) return;
  tf.unregisterKernel(stock.kernelName, backendName);
  tf.registerKernel({ ...stock, kernelName });
};

/**
 * Registers this library's kernels for a backend, in the place of TensorFlow.js's own, or, for "stock", puts
 * TensorFlow.js's back where it has any. Call it when the backend is opened; calling it again changes nothing.
 */
export const registerKernels = (backendName: "wasm" | "webgpu", choice: KernelChoice = "own"): void =>
  kernels
    .filter((kernel) => kernel.backendName === backendName)
    .forEach((kernel) => choice === "own" || indispensable.includes(kernel) ? putInPlace(kernel) : takeAway(kernel));
