/** A network that begins with what fits of a file, as in fine-tuning: what fits, its tensors, and the network with them. */
import { thrownFailure } from "../backend/device_failure.ts";
import { E, type TaskEither } from "../dependencies/fp.ts";
import { tf } from "../dependencies/tensorflow.ts";
import type { Failure } from "../errors.ts";
import type { Parametrized, Variables } from "../nn/layer.ts";
import type { Tensor } from "../tensor/features.ts";
import { type Branch, formLeaves, mapTree } from "../tensor/tree.ts";
import { finiteValues, isFloating, type NamedWeights, shapeHere } from "./restore.ts";

/** What a file has of a network's tensors, by their paths; those of batch norm's statistics are below `statistics/`.
 * @category Weights */
export interface PartialFit {
  /** In the file, selected, and of the same shape. */
  readonly taken: readonly string[];
  /** In the file and selected, but of another shape or not of floating-point numbers. */
  readonly unlike: readonly string[];
  /** Selected, but not in the file. */
  readonly missing: readonly string[];
  /** Not selected. */
  readonly unselected: readonly string[];
  /** Names in the file that the network has not; the optimizer's are not among them. */
  readonly surplus: readonly string[];
}

/** The path of a tensor below `params/` or `statistics/`. */
const belowRoot = (path: string): string => path.replace(/^(params|statistics)\//, "");

/** The names of a file that are no tensors of the network; what an optimizer remembers is of no use to another one. */
const surplusOf = ({ names, leftOut }: NamedWeights, wanted: ReadonlySet<string>): readonly string[] => [
  ...[...names].filter(([path]) => !wanted.has(path) && !path.startsWith("optimizer/")).map(([, name]) => name),
  ...leftOut,
];

/**
 * What of a network's parameters and statistics a file has, by path and shape. No tensor is read.
 *
 * @param selected Whether a tensor is wanted, by its path below `params/` or `statistics/`, as in `backbone/stem/conv/kernel`.
 * @category Weights
 */
export const partialFit = <P extends Branch, S extends Branch>(
  weights: NamedWeights,
  { form }: Pick<Parametrized<P, S>, "form">,
  selected: (path: string) => boolean,
): PartialFit => {
  const wanted = [...formLeaves(form.params, "params"), ...formLeaves(form.statistics, "statistics")];
  const entries = new Map(weights.file.entries.map((entry) => [entry.name, entry]));
  const judged = wanted.map(({ path, shape }) => {
    const entry = entries.get(weights.names.get(path) ?? "");
    if (!selected(belowRoot(path))) return { path, as: "unselected" };
    if (entry === undefined) return { path, as: "missing" };
    const same = isFloating(entry) && shapeHere(weights, entry).join() === shape.join();
    return { path, as: same ? "taken" : "unlike" };
  });
  const judgedAs = (kind: string): readonly string[] => judged.filter(({ as }) => as === kind).map(({ path }) => path);
  return {
    taken: judgedAs("taken"),
    unlike: judgedAs("unlike"),
    missing: judgedAs("missing"),
    unselected: judgedAs("unselected"),
    surplus: surplusOf(weights, new Set(wanted.map(({ path }) => path))),
  };
};

/** What names have in common from their beginning, in whole parts. */
const commonPrefix = (names: readonly string[]): string => {
  const split = names.map((name) => name.split(/(?<=[/.])/));
  const [first = []] = split;
  const differing = first.findIndex((part, at) => split.some((parts) => parts[at] !== part));
  return first.slice(0, differing < 0 ? first.length : differing).join("").replace(/[/.]$/, "");
};

/** How many groups are named before the rest is only counted. */
const mostGroups = 4;

/** Names as the prefixes of their groups with counts, as in `backbone 318, pyramid/lateral 24`. */
const grouped = (names: readonly string[]): string => {
  const groups = Map.groupBy(names.map(belowRoot), (name) => name.split(/[/.]/)[0] ?? name);
  const texts = [...groups].map(([first, group]) => `${commonPrefix(group) || first} ${group.length}`);
  const more = texts.length > mostGroups ? [`${texts.length - mostGroups} more groups`] : [];
  return [...texts.slice(0, mostGroups), ...more].join(", ");
};

/** What of a fit is taken and what is not, by prefixes and counts, as the parts of a sentence.
 * @category Weights */
export const describeFit = (fit: PartialFit): string => {
  const parts: readonly (readonly [string, readonly string[]])[] = [
    ["of another shape", fit.unlike],
    ["not in the file", fit.missing],
    ["not selected", fit.unselected],
    ["only in the file", fit.surplus],
  ];
  const all = [fit.taken, fit.unlike, fit.missing, fit.unselected].reduce((sum, { length }) => sum + length, 0);
  const taken = fit.taken.length === 0 ? "" : ` (${grouped(fit.taken)})`;
  const rest = parts.filter(([, names]) => names.length > 0).map(([what, names]) => `${what}: ${grouped(names)}`);
  return [`${fit.taken.length} of the network's ${all} tensors${taken}`, ...rest].join("; ");
};

/** The tensors of a fit by their paths, on the device; the caller owns them. Errors: those of reading; "numeric".
 * @category Weights */
export const fittingTensors =
  (weights: NamedWeights, { taken }: Pick<PartialFit, "taken">): TaskEither<Failure, ReadonlyMap<string, Tensor>> =>
  async () => {
    const tensors = new Map<string, Tensor>();
    const free = () => tensors.forEach((tensor) => tensor.dispose());
    try {
      for (const path of taken) {
        const array = await finiteValues(weights, path)();
        if (E.isLeft(array)) {
          free();
          return array;
        }
        const { shape, values } = array.right;
        tensors.set(path, tf.tensor(values, [...shape], "float32"));
      }
      return E.right(tensors);
    } catch (reason) {
      free();
      return E.left(thrownFailure(reason, weights.file.path));
    }
  };

/**
 * The network whose first variables are drawn, but for those that are given by path, from `params/` or `statistics/` on;
 * these stay their owner's.
 * @category Weights
 */
export const beginningWith = <P extends Branch, S extends Branch, N extends Parametrized<P, S>>(
  network: N & Parametrized<P, S>,
  given: ReadonlyMap<string, Tensor>,
): N => ({
  ...network,
  init: (key): Variables<P, S> =>
    mapTree({ ...network.init(key) }, (drawn, path) => {
      const tensor = given.get(path);
      if (tensor === undefined) return drawn;
      drawn.dispose();
      return tf.clone(tensor);
    }),
});
