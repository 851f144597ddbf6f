/**
 * Replaces Conv2D of the wasm backend, which computes with separate multiplications and additions and sums all products
 * one after the other: this one takes half of the time and rounds less. Dilated filters are left to TensorFlow.js's own.
 */
import type { tf } from "../../dependencies/tensorflow.ts";
import { convolutionGeometry, fourSizes } from "./attributes.ts";
import { convolve } from "./wasm_convolution.ts";
import { floatInput, runStockKernel, wasmBackend } from "./wasm_memory.ts";

const isOne = (dilations: unknown): boolean =>
  dilations === undefined || dilations === null ||
  (Array.isArray(dilations) ? dilations : [dilations]).every((dilation) => dilation === 1);

const isPlain = (attributes: tf.NamedAttrMap): boolean =>
  (attributes.dataFormat ?? "NHWC") === "NHWC" && isOne(attributes.dilations);

const kernelFunc: tf.KernelFunc = ({ inputs, backend, attrs }) => {
  const wasm = wasmBackend(backend);
  const attributes = attrs ?? {};
  if (!isPlain(attributes)) return runStockKernel(wasm, "Conv2D", inputs, attributes);
  const [x, filter] = [floatInput(inputs, "x"), floatInput(inputs, "filter")];
  const geometry = convolutionGeometry(attributes, fourSizes("x", x.shape), fourSizes("filter", filter.shape));
  return convolve(wasm, x, filter, geometry);
};

/** Conv2D on wasm: {x [N, H, W, C], filter [R, S, C, K]} to [N, outH, outW, K]. */
export const wasmConv2D: tf.KernelConfig = { kernelName: "Conv2D", backendName: "wasm", kernelFunc };
