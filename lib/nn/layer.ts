/**
 * Whatever learns is a value: a pair of functions, one that draws the first parameters from a key and one that applies
 * them to an input. A layer never disposes its arguments, reads nothing back from the device, and never branches on a
 * tensor's values. Its caller owns what it returns.
 */
import { fold, type Key } from "../tensor/key.ts";
import type { Branch, Empty } from "../tensor/tree.ts";
import type { Features } from "../tensor/features.ts";

/** Whether batch norm takes the batch's own statistics and tracks them, or the tracked ones. */
export type Mode = "training" | "inference";

/** What a layer learns (`params`) and what it tracks (`statistics`). */
export interface Variables<P, S> {
  /** What the optimizer changes: kernels, biases, scales and shifts, by the names of the layer's parts. */
  readonly params: P;
  /** What training changes without gradients, such as the mean and variance of batch norm, by the same names. */
  readonly statistics: S;
}

/** A differentiable function from I to O, with parameters P that are learned and statistics S that are tracked. */
export interface Layer<I, O, P extends Branch, S extends Branch> {
  /** The first variables. Draws depend only on the key and on the names of the layer's parts. */
  readonly init: (key: Key) => Variables<P, S>;
  /** The output and the statistics after it; in inference mode the statistics come back as they were. */
  readonly apply: (
    variables: Variables<P, S>,
    input: I,
    mode: Mode,
  ) => readonly [O, S];
}

/** A layer without parameters and statistics from a function. */
export const lift = <I, O>(
  run: (input: I) => O,
): Layer<I, O, Empty, Empty> => ({
  init: () => ({ params: {}, statistics: {} }),
  apply: (_, input) => [run(input), {}],
});

/** The layer that gives its input back: the unit of {@link compose}. */
export const identityLayer = <I>(): Layer<I, I, Empty, Empty> => lift((input) => input);

/** Where a chain begins: feature maps of `channelCount` channels, unchanged. */
export const input = <C extends number>(
  _channelCount: C,
): Layer<Features<C>, Features<C>, Empty, Empty> => identityLayer();

/** Joins two records of parts. @throws Error if both have a part of the same name: a bug of the caller. */
export const joinParts = <P extends Branch, Q extends Branch>(
  first: P,
  second: Q,
): P & Q => {
  const twice = Object.keys(first).find((name) => Object.hasOwn(second, name));
  if (twice !== undefined) {
    throw new Error(`two parts of a layer are named "${twice}"`);
  }
  return { ...first, ...second };
};

/** The first variables of two layers, side by side. @throws Error if both have a part of the same name. */
export const initBoth = <P extends Branch, Q extends Branch, S extends Branch, T extends Branch>(
  first: { readonly init: (key: Key) => Variables<P, S> },
  second: { readonly init: (key: Key) => Variables<Q, T> },
  key: Key,
): Variables<P & Q, S & T> => {
  const [a, b] = [first.init(key), second.init(key)];
  return { params: joinParts(a.params, b.params), statistics: joinParts(a.statistics, b.statistics) };
};

/** `second` after `first`; their parameters lie side by side. Associative, with {@link identityLayer} as its unit. */
export const compose = <
  I,
  M,
  O,
  P extends Branch,
  Q extends Branch,
  S extends Branch,
  T extends Branch,
>(
  first: Layer<I, M, P, S>,
  second: Layer<M, O, Q, T>,
): Layer<I, O, P & Q, S & T> => ({
  init: (key) => initBoth(first, second, key),
  apply: (variables, input, mode) => {
    const [middle, firstStatistics] = first.apply(variables, input, mode);
    const [output, secondStatistics] = second.apply(variables, middle, mode);
    return [output, joinParts(firstStatistics, secondStatistics)];
  },
});

/** A record with one entry, whose type knows the entry's name. */
export type Named<N extends string, T> = { readonly [name in N]: T };

const entry = <N extends string, T>(name: N, value: T): Named<N, T> => ({ [name]: value }) as Named<N, T>;

/** The same layer with its parameters and statistics under a name, which is a part of their path in checkpoints. */
export const namedPart = <
  N extends string,
  I,
  O,
  P extends Branch,
  S extends Branch,
>(
  name: N,
  layer: Layer<I, O, P, S>,
): Layer<I, O, Named<N, P>, Named<N, S>> => ({
  init: (key) => {
    const { params, statistics } = layer.init(fold(key, name));
    return { params: entry(name, params), statistics: entry(name, statistics) };
  },
  apply: (variables, input, mode) => {
    const own = {
      params: variables.params[name],
      statistics: variables.statistics[name],
    };
    const [output, statistics] = layer.apply(own, input, mode);
    return [output, entry(name, statistics)];
  },
});

/**
 * Appends a named layer to a chain, for use in `pipe`:
 *
 * ```ts
 * pipe(input(3), then("conv1", conv(3, 64, 7, { stride: 2 })), then("norm1", batchNorm(64)))
 * ```
 */
export const then = <N extends string, M, O, Q extends Branch, T extends Branch>(
  name: N,
  next: Layer<M, O, Q, T>,
): <I, P extends Branch, S extends Branch>(
  first: Layer<I, M, P, S>,
) => Layer<I, O, P & Named<N, Q>, S & Named<N, T>> =>
(first) => compose(first, namedPart(name, next));

/** Appends a function without parameters to a chain, for use in `pipe`. */
export const thenLift = <M, O>(
  run: (input: M) => O,
): <I, P extends Branch, S extends Branch>(
  first: Layer<I, M, P, S>,
) => Layer<I, O, P, S> =>
(first) => ({
  init: first.init,
  apply: (variables, input, mode) => {
    const [middle, statistics] = first.apply(variables, input, mode);
    return [run(middle), statistics];
  },
});
