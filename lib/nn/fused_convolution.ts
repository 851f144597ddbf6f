/** Convolution, batch norm and what follows by one kernel, where the backend has it and no gradient is wanted. */
import { hasKernel, runFused } from "../backend/fused.ts";
import { tf } from "../dependencies/tensorflow.ts";
import { isRecording } from "../tensor/gradient.ts";
import type { Tensor1D, Tensor4D } from "../tensor/features.ts";
import type { Mode } from "./layer.ts";

/** What follows a convolution in one pass with it. */
export type FusedActivation = "none" | "relu" | "leakyRelu";

/** What a fused convolution reads, (batch, height, width, I): `first`, or [first, second] or [first, second ⊙ gain]. */
export type FusedInput = { readonly first: Tensor4D } | {
  readonly first: Tensor4D;
  /** Joined to `first` along channels. */
  readonly second: Tensor4D;
  /** What `second` is multiplied by, element by element. */
  readonly gain?: Tensor4D;
};

/** What a fused convolution adds to its output. */
export interface FusedResidual {
  /** Of the output's shape, or of another height and width: then it is resized to it bilinearly, as in resize.ts. */
  readonly features: Tensor4D;
  /** Whether it is added before the activation, as in residual blocks, or after it. */
  readonly added: "before activation" | "after activation";
}

/**
 * A convolution and all that follows it, each part if it is there: y = activation(norm(input ∗ kernel + bias) +
 * residual), or activation(norm(input ∗ kernel + bias)) + residual.
 */
export interface FusedConvolution {
  readonly input: FusedInput;
  /** (k, k, I, O); k is odd, and the padding ⌊k / 2⌋ at every side. */
  readonly kernel: Tensor4D;
  /** One for each output channel. */
  readonly bias?: Tensor1D;
  /** Batch norm by tracked statistics. */
  readonly norm?: {
    readonly gamma: Tensor1D;
    readonly beta: Tensor1D;
    readonly mean: Tensor1D;
    readonly variance: Tensor1D;
  };
  readonly residual?: FusedResidual;
  /** Step between outputs in pixels. */
  readonly stride: number;
  /** Added to the variance under the root. */
  readonly epsilon: number;
  /** What is applied last, but for a residual that is added after it. */
  readonly activation: FusedActivation;
  /** Of "leakyRelu" below 0. */
  readonly slope: number;
}

/** Whether the backend has the kernel, and no gradient, which it does not have, is being recorded. */
export const canFuse = (mode: Mode): boolean => mode === "inference" && !isRecording() && hasKernel("FusedConvolution");

/** Runs all of it as one kernel. Only where {@link canFuse}. */
export const fusedConvolution = (
  { input, kernel, bias, norm, residual, stride, epsilon, activation, slope }: FusedConvolution,
): Tensor4D => {
  const { first, ...joined } = input;
  const inputs: tf.NamedTensorMap = {
    x: first,
    filter: kernel,
    ...joined,
    ...(bias === undefined ? {} : { bias }),
    ...norm,
    ...(residual === undefined ? {} : { residual: residual.features }),
  };
  const residualLast = residual?.added === "after activation";
  const [output] = runFused("FusedConvolution", inputs, { stride, epsilon, activation, slope, residualLast });
  if (output === undefined) throw new Error("the kernel FusedConvolution gave nothing");
  return tf.reshape(output, [...output.shape] as [number, number, number, number]);
};
