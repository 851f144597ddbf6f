/**
 * Whatever learns is a value: a pair of functions, one that draws the first parameters from a key and one that applies
 * them to an input, and the form of what it learns. A layer never disposes its arguments, reads nothing back from the
 * device, and never branches on a tensor's values. Its caller owns what it returns.
 */
import type { Features, Scalar } from "../tensor/features.ts";
import { foldIn, type Key } from "../tensor/key.ts";
import { within } from "../tensor/layer_error.ts";
import type { Branch, Empty, Form } from "../tensor/tree.ts";

/** Whether batch norm takes the batch's own statistics and tracks them, or the tracked ones.
 * @category Layers */
export type Mode = "training" | "inference";

/** What a layer learns (`params`) and what it tracks (`statistics`).
 * @category Layers */
export interface Variables<P, S> {
  /** What the optimizer changes: kernels, biases, scales and shifts, by the names of the layer's parts. */
  readonly params: P;
  /** What training changes without gradients, such as the mean and variance of batch norm, by the same names. */
  readonly statistics: S;
}

/** Whatever has variables, such as a layer or a learner: of which form they are, and how they begin.
 * @category Layers */
export interface Parametrized<P extends Branch, S extends Branch> {
  /** The first variables, which the caller owns. Draws depend only on the key and on the names of the parts. */
  readonly init: (key: Key) => Variables<P, S>;
  /** Names and shapes of the variables that `init` gives: they are known without a tensor. */
  readonly form: Variables<Form<P>, Form<S>>;
}

/** A differentiable function from I to O, with parameters P that are learned and statistics S that are tracked.
 * @category Layers */
export interface Layer<I, O, P extends Branch, S extends Branch> extends Parametrized<P, S> {
  /**
   * The output and the statistics after it; in inference mode the statistics come back as they were. All that is random is
   * drawn from `key`, which each part gets folded with its name: dropout and its like need one in training mode.
   */
  readonly apply: (
    variables: Variables<P, S>,
    input: I,
    mode: Mode,
    key?: Key,
  ) => readonly [O, S];
}

/** No parameters and no statistics. */
export const nothing: Parametrized<Empty, Empty> = {
  init: () => ({ params: {}, statistics: {} }),
  form: { params: {}, statistics: {} },
};

/** A layer without parameters and statistics from a function.
 * @category Layers */
export const fromFunction = <I, O>(
  run: (input: I) => O,
): Layer<I, O, Empty, Empty> => ({
  ...nothing,
  apply: (_, input) => [run(input), {}],
});

/** The layer that gives its input back: the unit of {@link composeRotations}.
 * @category Layers */
export const identityLayer = <I>(): Layer<I, I, Empty, Empty> => fromFunction((input) => input);

/** Where a chain begins: feature maps of `channelCount` channels, unchanged.
 * @category Layers */
export const inputFeatures = <C extends number>(
  _channelCount: C,
): Layer<Features<C>, Features<C>, Empty, Empty> => identityLayer();

/** Joins two records of parts. @throws Error if both have a part of the same name: a bug of the caller.
 * @category Layers */
export const joinParts = <P extends object, Q extends object>(
  first: P,
  second: Q,
): P & Q => {
  const twice = Object.keys(first).find((name) => Object.hasOwn(second, name));
  if (twice !== undefined) {
    throw new Error(`two parts of a layer are named "${twice}"`);
  }
  return { ...first, ...second };
};

const joinVariables = <P extends object, Q extends object, S extends object, T extends object>(
  first: Variables<P, S>,
  second: Variables<Q, T>,
): Variables<P & Q, S & T> => ({
  params: joinParts(first.params, second.params),
  statistics: joinParts(first.statistics, second.statistics),
});

/** What two layers learn and track, side by side. @throws Error if both have a part of the same name.
 * @category Layers */
export const sideBySide = <P extends Branch, Q extends Branch, S extends Branch, T extends Branch>(
  first: Parametrized<P, S>,
  second: Parametrized<Q, T>,
): Parametrized<P & Q, S & T> => {
  const { params, statistics } = joinVariables(first.form, second.form);
  return {
    init: (key) => joinVariables(first.init(key), second.init(key)),
    form: { params: params as Form<P & Q>, statistics: statistics as Form<S & T> },
  };
};

/** `second` after `first`; their parameters lie side by side. Associative, with {@link identityLayer} as its unit.
 * @category Layers */
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
  ...sideBySide(first, second),
  apply: (variables, input, mode, key) => {
    const [middle, firstStatistics] = first.apply(variables, input, mode, key);
    const [output, secondStatistics] = second.apply(variables, middle, mode, key);
    return [output, joinParts(firstStatistics, secondStatistics)];
  },
});

/** A record with one entry, whose type knows the entry's name.
 * @category Layers */
export type Named<N extends string, T> = { readonly [name in N]: T };

const entry = <N extends string, T>(name: N, value: T): Named<N, T> => ({ [name]: value }) as Named<N, T>;

const formEntry = <N extends string, T extends Branch>(name: N, form: Form<T>): Form<Named<N, T>> =>
  ({ [name]: form }) as Form<Named<N, T>>;

/** The same layer with its parameters and statistics under a name, which is a part of their path in checkpoints.
 * @category Layers */
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
    const { params, statistics } = layer.init(foldIn(key, name));
    return { params: entry(name, params), statistics: entry(name, statistics) };
  },
  form: { params: formEntry<N, P>(name, layer.form.params), statistics: formEntry<N, S>(name, layer.form.statistics) },
  apply: (variables, input, mode, key) => {
    const own = {
      params: variables.params[name],
      statistics: variables.statistics[name],
    };
    const ownKey = key === undefined ? key : foldIn(key, name);
    const [output, statistics] = within(name, input, () => layer.apply(own, input, mode, ownKey));
    return [output, entry(name, statistics)];
  },
});

/**
 * Appends a named layer to a chain, for use in `pipe`:
 *
 * ```ts
 * pipe(inputFeatures(3), layer("conv1", conv(3, 64, 7, { stride: 2 })), layer("norm1", batchNorm(64)))
 * ```
 * @category Layers
 */
export const layer = <N extends string, M, O, Q extends Branch, T extends Branch>(
  name: N,
  next: Layer<M, O, Q, T>,
): <I, P extends Branch, S extends Branch>(
  first: Layer<I, M, P, S>,
) => Layer<I, O, P & Named<N, Q>, S & Named<N, T>> =>
(first) => compose(first, namedPart(name, next));

/** Appends a function without parameters to a chain, for use in `pipe`.
 * @category Layers */
export const mapOutput = <M, O>(
  run: (input: M) => O,
): <I, P extends Branch, S extends Branch>(
  first: Layer<I, M, P, S>,
) => Layer<I, O, P, S> =>
(first) => ({
  ...first,
  apply: (variables, input, mode, key) => {
    const [middle, statistics] = first.apply(variables, input, mode, key);
    return [run(middle), statistics];
  },
});

/** The same layer with its parameters and statistics seen only as trees: for chains whose exact form says nothing.
 * @category Layers */
export const untyped = <I, O, P extends Branch, S extends Branch>(
  layer: Layer<I, O, P, S>,
): Layer<I, O, Branch, Branch> => ({
  init: layer.init,
  form: layer.form,
  apply: ({ params, statistics }, input, mode, key) =>
    layer.apply({ params: params as P, statistics: statistics as S }, input, mode, key),
});

/** Weighted terms of a loss by name, on the device; two terms of one name are added.
 * @category Layers */
export type TermValues = Readonly<Record<string, Scalar>>;

/** What can be trained: of which form its variables are, how they begin, and what is minimized on a batch B.
 * @category Layers */
export interface Learner<B, P extends Branch, S extends Branch> extends Parametrized<P, S> {
  /**
   * The weighted terms, whose sum is minimized, and the statistics after the batch. `step` counts from 0; `key` is that of
   * the step, from which all that is random in it is drawn.
   */
  readonly losses: (
    variables: Variables<P, S>,
    batch: B,
    mode: Mode,
    step: number,
    key?: Key,
  ) => readonly [TermValues, S];
  /** The weights of terms that are learned, by name, for the log; absent if none are. The caller owns them. */
  readonly weights?: (variables: Variables<P, S>) => TermValues;
}
