/**
 * Adds FusedConvolution to wasm: a convolution and what follows it at inference, y = activation(norm(x ∗ filter + bias) +
 * residual), where TensorFlow.js's own operations read and write the whole result up to ten times. Here it is finished
 * piece by piece, while it is in a cache.
 */
import type { tf } from "../../dependencies/tensorflow.ts";
import type { BackendWasm } from "../../dependencies/wasm.ts";
import { activationCodes } from "../wasm_code/multiply.ts";
import { panelColumns } from "../wasm_code/parts.ts";
import { convolutionGeometry, fourSizes, numberAttribute } from "./attributes.ts";
import { addressOf } from "./wasm_addresses.ts";
import { convolve } from "./wasm_convolution.ts";
import { allocate, floatInput, release, view, wasmBackend } from "./wasm_memory.ts";
import { programOf } from "./wasm_program.ts";

type Activation = keyof typeof activationCodes;

/** What follows the convolution: y · scale + shift, channel by channel, plus the residual, then the activation. */
interface Epilogue {
  readonly scale: Float64Array;
  readonly shift: Float64Array;
  readonly residual: tf.TensorInfo | undefined;
  readonly activation: Activation;
  readonly slope: number;
}

const activationOf = (value: unknown): Activation => {
  if (value === "none" || value === "relu" || value === "leakyRelu") return value;
  throw new Error(`kernel attribute activation: found ${value}, expected "none", "relu" or "leakyRelu".`);
};

const optional = (inputs: tf.NamedTensorInfoMap, name: string): tf.TensorInfo | undefined =>
  inputs[name] === undefined ? undefined : floatInput(inputs, name);

const epilogueOf = (
  backend: BackendWasm,
  inputs: tf.NamedTensorInfoMap,
  attrs: tf.NamedAttrMap,
  channels: number,
): Epilogue => {
  const values = (name: string, absent: number): Float64Array => {
    const input = optional(inputs, name);
    return input === undefined ? new Float64Array(channels).fill(absent) : Float64Array.from(view(backend, input));
  };
  const epsilon = inputs.variance === undefined ? 0 : numberAttribute("epsilon", attrs.epsilon);
  const [gamma, variance] = [values("gamma", 1), values("variance", 1)];
  const [bias, mean, beta] = [values("bias", 0), values("mean", 0), values("beta", 0)];
  const scale = gamma.map((g, c) => g / Math.sqrt((variance[c] ?? 1) + epsilon));
  return {
    scale,
    shift: beta.map((b, c) => b + ((bias[c] ?? 0) - (mean[c] ?? 0)) * (scale[c] ?? 1)),
    residual: optional(inputs, "residual"),
    activation: activationOf(attrs.activation),
    slope: attrs.activation === "leakyRelu" ? numberAttribute("slope", attrs.slope) : 0,
  };
};

const activate = (value: number, { activation, slope }: Epilogue): number =>
  activation === "none" || !(value < 0) ? value : activation === "relu" ? 0 : slope * value;

/** The epilogue number by number, for channels that do not fill vectors. */
const finishSlowly = (backend: BackendWasm, output: tf.TensorInfo, epilogue: Epilogue): void => {
  const { scale, shift, residual } = epilogue;
  const y = view(backend, output);
  const added = residual === undefined ? undefined : view(backend, residual);
  for (let at = 0; at < y.length; at++) {
    const c = at % scale.length;
    y[at] = activate((y[at] ?? 0) * (scale[c] ?? 1) + (shift[c] ?? 0) + (added?.[at] ?? 0), epilogue);
  }
};

/** Convolves, and finishes each piece of the result when it is computed. */
const convolveAndFinish = (
  backend: BackendWasm,
  x: tf.TensorInfo,
  filter: tf.TensorInfo,
  geometry: tf.backend_util.Conv2DInfo,
  epilogue: Epilogue,
): tf.TensorInfo => {
  const channels = geometry.outChannels;
  const numbers = allocate(backend, [2 * channels + 1]);
  const values = view(backend, numbers);
  values.set(epilogue.scale);
  values.set(epilogue.shift, channels);
  values[2 * channels] = epilogue.slope;
  const affine = addressOf(backend, numbers);
  const residual = epilogue.residual === undefined ? 0 : addressOf(backend, epilogue.residual);
  const activation = activationCodes[epilogue.activation];
  const { finish } = programOf(backend);
  const output = convolve(backend, x, filter, geometry, (address, pixels, first) => {
    const added = residual === 0 ? 0 : residual + 4 * channels * first;
    finish(address, pixels, channels / 4, affine, added, activation, affine + 8 * channels);
  });
  release(backend, numbers);
  return output;
};

const kernelFunc: tf.KernelFunc = ({ inputs, backend, attrs }) => {
  const wasm = wasmBackend(backend);
  const [x, filter] = [floatInput(inputs, "x"), floatInput(inputs, "filter")];
  const filterShape = fourSizes("filter", filter.shape);
  const [rows, columns] = [Math.floor(filterShape[0] / 2), Math.floor(filterShape[1] / 2)];
  const pad = [[0, 0], [rows, rows], [columns, columns], [0, 0]];
  const strides = numberAttribute("stride", attrs?.stride);
  const geometry = convolutionGeometry({ strides, pad }, fourSizes("x", x.shape), filterShape);
  const epilogue = epilogueOf(wasm, inputs, attrs ?? {}, geometry.outChannels);
  if (geometry.outChannels % panelColumns === 0) return convolveAndFinish(wasm, x, filter, geometry, epilogue);
  const output = convolve(wasm, x, filter, geometry);
  finishSlowly(wasm, output, epilogue);
  return output;
};

/**
 * {x [N, H, W, C], filter [R, S, C, K], and any of bias, gamma, beta, mean, variance [K] and residual [N, outH, outW, K]}
 * to [N, outH, outW, K] = activation(conv · scale + shift + residual), where scale = gamma / √(variance + epsilon) and
 * shift = beta + (bias − mean) · scale. Attributes: stride; epsilon; activation, "none", "relu" or "leakyRelu"; slope.
 * The padding is ⌊size / 2⌋ zeros at every side. It has no gradient.
 */
export const wasmFusedConvolution: tf.KernelConfig = {
  kernelName: "FusedConvolution",
  backendName: "wasm",
  kernelFunc,
};
