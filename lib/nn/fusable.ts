/** Layers of a convolution and its batch norm, by one kernel where the backend has it and no gradient is wanted. */
import { asFeatures, type Features, type Tensor4D } from "../tensor/features.ts";
import type { Branch } from "../tensor/tree.ts";
import { type BatchNormOptions, type BatchNormParams, type BatchNormStatistics, usualEpsilon } from "./batch_norm.ts";
import type { BiasedConvParams, ConvOptions, ConvParams } from "./conv.ts";
import { canFuse, type FusedActivation, type FusedConvolution, fusedConvolution } from "./fused_convolution.ts";
import type { Layer, Variables } from "./layer.ts";

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
  apply: (variables, input, mode) =>
    canFuse(mode)
      ? [fused(variables, readsOf(input), outputChannels, activation, constants), variables.statistics]
      : layer.apply(variables, input, mode),
});

/** A layer of the first of two inputs, then what `join` makes of its output and the second. */
export const joinedWith = <I, T, M, O, P extends Branch, S extends Branch>(
  layer: Layer<I, M, P, S>,
  join: (output: M, other: T) => O,
): Layer<readonly [I, T], O, P, S> => ({
  ...layer,
  apply: (variables, [input, other], mode) => {
    const [output, statistics] = layer.apply(variables, input, mode);
    return [join(output, other), statistics];
  },
});
