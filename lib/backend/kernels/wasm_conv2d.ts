import type { tf } from "../../dependencies/tensorflow.ts";
import { panelColumns } from "../wasm_code/parts.ts";
import { conv2DGeometry, floatInputs, isPlainConvolution, sizesOf } from "./attributes.ts";
import { runStockKernel } from "./register.ts";
import { convolve } from "./wasm_convolution.ts";
import { wasmBackend } from "./wasm_memory.ts";

/** Whether the filter has so few channels, in or out, that TensorFlow.js's own kernel is the faster one (measured). */
export const isThin = (filterHeight: number, filterWidth: number, inChannels: number, outChannels: number): boolean => {
  const terms = filterHeight * filterWidth * inChannels;
  return terms > 0 && (terms < 16 || (outChannels < panelColumns && terms < 1024));
};

const kernelFunc: tf.KernelFunc = ({ inputs, backend, attrs = {} }) => {
  if (!isPlainConvolution(attrs)) return runStockKernel("wasm", "Conv2D", { inputs, backend, attrs });
  const { x, filter } = floatInputs(inputs, "x", "filter");
  if (isThin(...sizesOf(inputs, "filter")) && x.shape[0] !== 0) {
    const given = { dataFormat: "NHWC", ...attrs, dilations: 1 };
    return runStockKernel("wasm", "Conv2D", { inputs, backend, attrs: given });
  }
  return convolve(wasmBackend(backend), { x }, filter, conv2DGeometry(inputs, attrs));
};

/**
 * Conv2D on wasm: {x [N, H, W, C], filter [R, S, C, K]} to [N, outH, outW, K].
 *
 * It takes the place of the wasm backend's own, which computes with separate multiplications and additions and sums all
 * products one after the other: this one takes half of the time and rounds less. Dilated filters are left to TensorFlow.js's
 * own, and so are those with so few channels that panels of 8 would be mostly empty, or sums too short to repay copying.
 */
export const wasmConv2D: tf.KernelConfig = { kernelName: "Conv2D", backendName: "wasm", kernelFunc };
