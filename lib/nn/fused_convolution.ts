import { hasKernel, runFused } from "../backend/fused.ts";
import { tf } from "../dependencies/tensorflow.ts";
import { isRecording } from "../tensor/gradient.ts";
import type { Tensor1D, Tensor4D } from "../tensor/features.ts";
import type { Mode } from "./layer.ts";

/** What follows a convolution in one pass with it. */
export type FusedActivation = "none" | "relu" | "leakyRelu";

/** A convolution and all that follows it: y = activation(norm(x ∗ kernel + bias) + residual), each part if it is there. */
export interface FusedConvolution {
  /** (batch, height, width, I). */
  readonly input: Tensor4D;
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
  /** Of the output's shape, added before the activation. */
  readonly residual?: Tensor4D;
  /** Step between outputs in pixels. */
  readonly stride: number;
  /** Added to the variance under the root. */
  readonly epsilon: number;
  /** What is applied last. */
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
  const inputs: tf.NamedTensorMap = {
    x: input,
    filter: kernel,
    ...(bias === undefined ? {} : { bias }),
    ...norm,
    ...(residual === undefined ? {} : { residual }),
  };
  const [output] = runFused("FusedConvolution", inputs, { stride, epsilon, activation, slope });
  if (output === undefined) throw new Error("the kernel FusedConvolution gave nothing");
  return tf.reshape(output, [...output.shape] as [number, number, number, number]);
};
