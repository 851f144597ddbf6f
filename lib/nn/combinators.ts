/** Combinators that are built on composition: several layers on one input, sums of branches, outputs of every stage. */
import { tf } from "../dependencies/tensorflow.ts";
import { asFeatures, type Features } from "../tensor/features.ts";
import type { Branch } from "../tensor/tree.ts";
import {
  compose,
  identityLayer,
  joinParts,
  type Layer,
  mapOutput,
  type Named,
  namedPart,
  nothing,
  type Parametrized,
  sideBySide,
  untyped,
} from "./layer.ts";

/** Both layers on the same input, their outputs as a pair; their parameters lie side by side.
 * @category Layers */
export const fanOut = <
  I,
  A,
  B,
  P extends Branch,
  Q extends Branch,
  S extends Branch,
  T extends Branch,
>(
  first: Layer<I, A, P, S>,
  second: Layer<I, B, Q, T>,
): Layer<I, readonly [A, B], P & Q, S & T> => ({
  ...sideBySide(first, second),
  apply: (variables, input, mode, key) => {
    const [a, firstStatistics] = first.apply(variables, input, mode, key);
    const [b, secondStatistics] = second.apply(variables, input, mode, key);
    return [[a, b], joinParts(firstStatistics, secondStatistics)];
  },
});

/** The sum of two branches on the same input: a residual connection where one of them is the identity.
 * @category Layers */
export const residual = <
  I,
  C extends number,
  P extends Branch,
  Q extends Branch,
  S extends Branch,
  T extends Branch,
>(
  channels: C,
  branch: Layer<I, Features<NoInfer<C>>, P, S>,
  shortcut: Layer<I, Features<NoInfer<C>>, Q, T>,
): Layer<I, Features<C>, P & Q, S & T> =>
  mapOutput(([main, side]: readonly [Features<C>, Features<C>]) => asFeatures(channels, tf.add(main, side)))(
    fanOut(branch, shortcut),
  );

/** Starts a chain that keeps the output of every stage.
 * @category Layers */
export const collectOutputs = <I, O, P extends Branch, S extends Branch>(
  first: Layer<I, O, P, S>,
): Layer<I, readonly [O], P, S> => mapOutput((output: O): readonly [O] => [output])(first);

/** Appends a named stage to a chain of taps: it takes the last output, and its own is added to the list.
 * @category Layers */
export const collectLayer = <N extends string, M, O, Q extends Branch, T extends Branch>(
  name: N,
  next: Layer<M, O, Q, T>,
): <I, L extends readonly unknown[], P extends Branch, S extends Branch>(
  first: Layer<I, readonly [...L, M], P, S>,
) => Layer<I, readonly [...L, M, O], P & Named<N, Q>, S & Named<N, T>> =>
<I, L extends readonly unknown[], P extends Branch, S extends Branch>(
  first: Layer<I, readonly [...L, M], P, S>,
) =>
  compose(
    first,
    extendTaps<L, M, O, Named<N, Q>, Named<N, T>>(namedPart(name, next)),
  );

const extendTaps = <
  L extends readonly unknown[],
  M,
  O,
  Q extends Branch,
  T extends Branch,
>(
  next: Layer<M, O, Q, T>,
): Layer<readonly [...L, M], readonly [...L, M, O], Q, T> => ({
  ...next,
  apply: (variables, outputs, mode, key) => {
    const last = outputs[outputs.length - 1] as M;
    const [output, statistics] = next.apply(variables, last, mode, key);
    return [[...outputs, output], statistics];
  },
});

/** What several layers learn and track, side by side. @throws Error if two have a part of the same name.
 * @category Layers */
export const allSideBySide = (layers: readonly Parametrized<Branch, Branch>[]): Parametrized<Branch, Branch> =>
  layers.reduce<Parametrized<Branch, Branch>>(sideBySide, nothing);

/** Layers of one kind in a row, each under its name.
 * @category Layers */
export const sequential = <I>(
  parts: readonly (readonly [name: string, layer: Layer<I, I, Branch, Branch>])[],
): Layer<I, I, Branch, Branch> =>
  parts.reduce<Layer<I, I, Branch, Branch>>(
    (first, [name, layer]) => untyped(compose(first, namedPart(name, layer))),
    untyped(identityLayer<I>()),
  );

/** The same layer, whose output is then joined with its input, such as a resize to the input's size.
 * @category Layers */
export const withInput = <I, O, R, P extends Branch, S extends Branch>(
  layer: Layer<I, O, P, S>,
  join: (input: I, output: O) => R,
): Layer<I, R, P, S> => ({
  ...layer,
  apply: (variables, input, mode, key) => {
    const [output, statistics] = layer.apply(variables, input, mode, key);
    return [join(input, output), statistics];
  },
});
