/** Convolution, batch norm and what follows by one kernel, where the backend has it and no gradient is wanted. */
import { hasKernel, runFused } from "../backend/kernels.ts";
import { tf } from "../dependencies/tensorflow.ts";
import { asFeatures, type Features, type Tensor1D, type Tensor4D } from "../tensor/features.ts";
import { isRecording } from "../tensor/gradient.ts";
import type { Branch, Form } from "../tensor/tree.ts";
import { type BatchNormOptions, type BatchNormParams, type BatchNormStatistics, usualEpsilon } from "./batch_norm.ts";
import type { BiasedConvParams, ConvOptions, ConvParams } from "./conv.ts";
import type { Layer, Mode, Variables } from "./layer.ts";

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

/** What follows batch norm: nothing, max(x, 0), or `slope` · x below 0. */
export interface Activation {
  readonly kind: FusedActivation;
  readonly slope: number;
}

/** Nothing. */
export const none: Activation = { kind: "none", slope: 0 };

/** ReLU. */
export const rectified: Activation = { kind: "relu", slope: 0 };

/** What a convolution and its batch norm compute with beside their variables: the same numbers as in the layer itself. */
export interface Constants {
  /** Step between outputs in pixels. */
  readonly stride: number;
  /** Added to the variance under the root. */
  readonly epsilon: number;
}

/** The constants of a convolution and its batch norm with these options. */
export const constantsOf = ({ stride = 1, epsilon = usualEpsilon }: ConvOptions & BatchNormOptions): Constants => ({
  stride,
  epsilon,
});

/** Parameters of a convolution, with a bias or without, and its batch norm. */
type FusableParams = { readonly conv: ConvParams | BiasedConvParams; readonly norm: BatchNormParams };

/** Statistics of a convolution's batch norm. */
type FusableStatistics = { readonly conv: Branch; readonly norm: BatchNormStatistics };

/** What the kernel makes of a layer's input: what is convolved, and what is added if anything is. */
export type Reads = Pick<FusedConvolution, "input" | "residual">;

/** The input is convolved, and nothing is added. */
export const alone = (input: Tensor4D): Reads => ({ input: { first: input } });

/** All of it as one kernel, by the tracked statistics. */
const fused = <O extends number>(
  { params, statistics }: Variables<FusableParams, FusableStatistics>,
  reads: Reads,
  outputChannels: O,
  { kind, slope }: Activation,
  constants: Constants,
): Features<O> =>
  asFeatures(
    outputChannels,
    fusedConvolution({
      ...params.conv,
      ...reads,
      norm: { ...params.norm, ...statistics.norm },
      ...constants,
      activation: kind,
      slope,
    }),
  );

/** The statistics of a layer alone: those of layers that are composed with it may lie beside them. */
const ownPart = <P extends Branch, S extends Branch>(
  { statistics: form }: Variables<Form<P>, Form<S>>,
  { statistics }: Variables<P, S>,
): S => Object.fromEntries(Object.entries(statistics).filter(([name]) => Object.hasOwn(form, name))) as S;

/**
 * The same layer, computed in one pass where the backend can and no gradient is wanted: convolution and batch norm, by
 * the layer's variables, of what `readsOf` makes of the input, then the activation.
 */
export const fusable = <I, O extends number, P extends FusableParams, S extends FusableStatistics>(
  layer: Layer<I, Features<O>, P, S>,
  readsOf: (input: I) => Reads,
  outputChannels: O,
  activation: Activation,
  constants: Constants,
): Layer<I, Features<O>, P, S> => ({
  ...layer,
  apply: (variables, input, mode, key) =>
    canFuse(mode)
      ? [fused(variables, readsOf(input), outputChannels, activation, constants), ownPart(layer.form, variables)]
      : layer.apply(variables, input, mode, key),
});

/** A layer of the first of two inputs, then what `join` makes of its output and the second. */
export const joinedWith = <I, T, M, O, P extends Branch, S extends Branch>(
  layer: Layer<I, M, P, S>,
  join: (output: M, other: T) => O,
): Layer<readonly [I, T], O, P, S> => ({
  ...layer,
  apply: (variables, [input, other], mode, key) => {
    const [output, statistics] = layer.apply(variables, input, mode, key);
    return [join(output, other), statistics];
  },
});
