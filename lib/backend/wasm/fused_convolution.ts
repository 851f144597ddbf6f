/**
 * Adds FusedConvolution to wasm: a convolution and what follows it at inference, y = activation(norm(x ∗ filter +
 * bias) + residual), where TensorFlow.js's own operations read and write the whole result up to ten times. Here it is
 * finished piece by piece, while it is in a cache. And what it reads may be joined along channels, and multiplied, on
 * the way to the copy that a convolution with padding makes of its input in any case.
 */
import type { tf } from "../../dependencies/tensorflow.ts";
import type { BackendWasm } from "../../dependencies/wasm.ts";
import {
  activationOf,
  floatInput,
  fusedGeometry,
  type Geometry,
  isResized,
  type KernelActivation,
  numberAttribute,
  resizeAttributes,
} from "../kernel_arguments.ts";
import { runKernel } from "../kernels.ts";
import { convolve } from "./convolution.ts";
import { addressOf, allocate, release, releaseCopies, type Source, view, wasmBackend } from "./frames.ts";
import { activationCodes } from "./multiply_procedures.ts";
import { panelColumns } from "./parts.ts";
import { programOf } from "./program.ts";

/** What follows the convolution: y · scale + shift by channel, then the activation, the residual before or after it. */
interface Epilogue {
  readonly scale: Float64Array;
  readonly shift: Float64Array;
  /** Of the output's shape. */
  readonly residual: tf.TensorInfo | undefined;
  readonly residualLast: boolean;
  readonly activation: KernelActivation;
  readonly slope: number;
}

const optional = (inputs: tf.NamedTensorInfoMap, name: string): tf.TensorInfo | undefined =>
  inputs[name] === undefined ? undefined : floatInput(inputs, name);

const epilogueOf = (
  backend: BackendWasm,
  inputs: tf.NamedTensorInfoMap,
  attrs: tf.NamedAttrMap,
  channels: number,
  residual: tf.TensorInfo | undefined,
): Epilogue => {
  const values = (name: string, absent: number): Float64Array => {
    const input = optional(inputs, name);
    return input === undefined ? new Float64Array(channels).fill(absent) : Float64Array.from(view(backend, input));
  };
  const epsilon = inputs.variance === undefined ? 0 : numberAttribute(attrs, "epsilon");
  const [gamma, variance] = [values("gamma", 1), values("variance", 1)];
  const [bias, mean, beta] = [values("bias", 0), values("mean", 0), values("beta", 0)];
  const scale = gamma.map((g, c) => g / Math.sqrt(variance[c]! + epsilon));
  return {
    scale,
    shift: beta.map((b, c) => b + (bias[c]! - mean[c]!) * scale[c]!),
    residual,
    residualLast: attrs.residualLast === true,
    activation: activationOf(attrs),
    slope: attrs.activation === "leakyRelu" ? numberAttribute(attrs, "slope") : 0,
  };
};

const activate = (value: number, { activation, slope }: Epilogue): number =>
  activation === "none" || !(value < 0) ? value : activation === "relu" ? 0 : slope * value;

/** The epilogue number by number, for channels that do not fill vectors. */
const finishSlowly = (backend: BackendWasm, output: tf.TensorInfo, epilogue: Epilogue): void => {
  const { scale, shift, residual, residualLast } = epilogue;
  const y = view(backend, output);
  const added = residual === undefined ? undefined : view(backend, residual);
  for (let at = 0; at < y.length; at++) {
    const c = at % scale.length;
    const normed = y[at]! * scale[c]! + shift[c]!;
    const other = added === undefined ? 0 : added[at]!;
    y[at] = residualLast ? activate(normed, epilogue) + other : activate(normed + other, epilogue);
  }
};

/** In memory: the scales, the shifts, as many ones and zeros, and the slope. */
const writeNumbers = (backend: BackendWasm, { scale, shift, slope }: Epilogue): tf.TensorInfo => {
  const channels = scale.length;
  const numbers = allocate(backend, [4 * channels + 1]);
  const values = view(backend, numbers);
  values.set(scale);
  values.set(shift, channels);
  values.fill(1, 2 * channels, 3 * channels).fill(0, 3 * channels);
  values[4 * channels] = slope;
  return numbers;
};

/** Convolves, and finishes each piece of the result when it is computed. */
const convolveAndFinish = (
  backend: BackendWasm,
  source: Source,
  filter: tf.TensorInfo,
  geometry: Geometry,
  epilogue: Epilogue,
): tf.TensorInfo => {
  const channels = geometry.outChannels;
  const numbers = writeNumbers(backend, epilogue);
  const affine = addressOf(backend, numbers);
  const [same, slope] = [affine + 8 * channels, affine + 16 * channels];
  const residual = epilogue.residual === undefined ? 0 : addressOf(backend, epilogue.residual);
  const [before, after] = epilogue.residualLast ? [0, residual] : [residual, 0];
  const activation = activationCodes[epilogue.activation];
  const { finish } = programOf(backend);
  const output = convolve(backend, source, filter, geometry, (address, pixels, first) => {
    const added = (from: number): number => from === 0 ? 0 : from + 4 * channels * first;
    finish(address, pixels, channels / 4, affine, added(before), activation, slope);
    if (after !== 0) finish(address, pixels, channels / 4, same, added(after), activationCodes.none, slope);
  });
  release(backend, numbers);
  return output;
};

const sourceOf = (inputs: tf.NamedTensorInfoMap): Source => {
  const [second, gain] = [optional(inputs, "second"), optional(inputs, "gain")];
  return {
    x: floatInput(inputs, "x"),
    ...(second === undefined ? {} : { second }),
    ...(gain === undefined ? {} : { gain }),
  };
};

/** The residual in the output's height and width, and what holds it if that is a copy, for the caller to release. */
const residualOf = (
  backend: BackendWasm,
  inputs: tf.NamedTensorInfoMap,
  geometry: Geometry,
): { readonly tensor?: tf.TensorInfo; readonly copy?: tf.TensorInfo } => {
  if (inputs.residual === undefined) return {};
  const images = floatInput(inputs, "residual");
  if (!isResized(inputs, geometry)) return { tensor: images };
  const tensor = runKernel("wasm", "ResizeBilinear", {
    inputs: { images },
    backend,
    attrs: resizeAttributes(geometry),
  });
  return { tensor, copy: tensor };
};

const kernelFunc: tf.KernelFunc = ({ inputs, backend, attrs = {} }) => {
  const wasm = wasmBackend(backend);
  const [source, filter] = [sourceOf(inputs), floatInput(inputs, "filter")];
  const geometry = fusedGeometry(inputs, attrs);
  const residual = residualOf(wasm, inputs, geometry);
  const epilogue = epilogueOf(wasm, inputs, attrs, geometry.outChannels, residual.tensor);
  const byVectors = geometry.outChannels % panelColumns === 0;
  const output = byVectors
    ? convolveAndFinish(wasm, source, filter, geometry, epilogue)
    : convolve(wasm, source, filter, geometry);
  if (!byVectors) finishSlowly(wasm, output, epilogue);
  releaseCopies(wasm, [residual]);
  return output;
};

/**
 * {x [N, H, W, C], filter [R, S, C, K], and any of bias, gamma, beta, mean, variance [K] and residual [N, outH, outW,
 * K]} to [N, outH, outW, K] = activation(conv · scale + shift + residual), where scale = gamma / √(variance + epsilon)
 * and shift = beta + (bias − mean) · scale. With second [N, H, W, D] the filter, which then is [R, S, C + D, K], sees
 * [x, second] along channels, and with gain [N, H, W, D] [x, second ⊙ gain]. A residual of another height and width is
 * resized bilinearly. Attributes: stride; epsilon; activation, "none", "relu" or "leakyRelu"; slope; residualLast, true
 * if the residual is added after the activation and not before it. The padding is ⌊size / 2⌋ zeros at every side. It
 * has no gradient.
 */
export const wasmFusedConvolution: tf.KernelConfig = {
  kernelName: "FusedConvolution",
  backendName: "wasm",
  kernelFunc,
};
