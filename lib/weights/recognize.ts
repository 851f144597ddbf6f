import { E, type Either } from "../dependencies/fp.ts";
import type { GeneratorName } from "../embedding/generators.ts";
import { type Failure, failure } from "../errors.ts";
import {
  type BlockKind,
  foreignName,
  type Naming,
  ownPath,
  publishedNetwork,
  publishedStages,
  torchvisionBackbone,
} from "./names.ts";

/** By whose names a file calls its tensors.
 * @category Weights */
export type NamingTitle = "own" | "published" | "torchvision";

/** What the tensors of a file are weights of: a depth network, a ResNet alone, or a generator by its name.
 * @category Weights */
export type WeightsKind = "depth" | "backbone" | GeneratorName;

/** Names that are known, with what they name. */
interface KnownNaming {
  readonly title: NamingTitle;
  readonly kind: WeightsKind;
  readonly naming: Naming;
  /** A name that all files of this kind have, and that tells bottlenecks from basic blocks. */
  readonly anchor: string;
}

/** What the names of a file's tensors mean here.
 * @category Weights */
export interface RecognizedNames {
  /** By whose names; all but "own" go with PyTorch's layout. */
  readonly title: NamingTitle;
  /** Of what. */
  readonly kind: WeightsKind;
  /** What stands before each name in the file, such as `model_state_dict.module.`. */
  readonly prefix: string;
  /** The names in the file by own path, which begins with `params/` or `statistics/`. */
  readonly names: ReadonlyMap<string, string>;
  /** Names under the prefix that mean nothing here, such as a classifier's head. Counters of batches are not among them. */
  readonly leftOut: readonly string[];
}

/** The tree that a leaf belongs to: batch norm's mean and variance are statistics, all else parameters. */
export const rooted = (path: string): string => `${/\/(mean|variance)$/.test(path) ? "statistics" : "params"}/${path}`;

const blockKinds: readonly BlockKind[] = ["bottleneck", "basic"];

/** The last convolution of a block; a bottleneck has one with the name of a basic block's, too, but more names besides. */
const lastConvolution: Readonly<Record<BlockKind, string>> = { basic: "conv2", bottleneck: "conv3" };

const known: readonly KnownNaming[] = [
  ...blockKinds.map((kind): KnownNaming => ({
    title: "published",
    kind: "depth",
    naming: publishedNetwork(kind),
    anchor: `res_backbone.res2.layers.0.${lastConvolution[kind]}.weight`,
  })),
  ...blockKinds.map((kind): KnownNaming => ({
    title: "torchvision",
    kind: "backbone",
    naming: torchvisionBackbone(kind),
    anchor: `layer1.0.${lastConvolution[kind]}.weight`,
  })),
  { title: "published", kind: "scene", naming: publishedStages, anchor: "features.0.weight" },
];

/** The foreign name of a parameter or statistic, or undefined if it has none. Paths begin at the network's parts. */
export const publishedName = (path: string): string | undefined => {
  const namings = known.filter(({ title }) => title === "published");
  return namings.map(({ naming }) => foreignName(naming, path)).find((name) => name !== undefined);
};

const countsBatches = (name: string): boolean => name.endsWith("num_batches_tracked");

const prefixesFor = (anchor: string, names: readonly string[]): readonly string[] => {
  const ends = names.filter((name) => name === anchor || name.endsWith(`.${anchor}`));
  return [...new Set(ends.map((name) => name.slice(0, name.length - anchor.length)))];
};

const readAs = ({ title, kind, naming }: KnownNaming, prefix: string, names: readonly string[]): RecognizedNames => {
  const under = names.filter((name) => name.startsWith(prefix));
  const paths = under.map((name) => [ownPath(naming, name.slice(prefix.length)), name] as const);
  return {
    title,
    kind,
    prefix,
    names: new Map(paths.flatMap(([path, name]) => path === undefined ? [] : [[rooted(path), name] as const])),
    leftOut: paths.flatMap(([path, name]) => path === undefined && !countsBatches(name) ? [name] : []),
  };
};

const readingsOf = (names: readonly string[]): readonly RecognizedNames[] => {
  const readings = known.flatMap((each) =>
    prefixesFor(each.anchor, names).map((prefix) => readAs(each, prefix, names))
  );
  const most = Math.max(...readings.map((reading) => reading.names.size));
  return readings.filter((reading) => reading.names.size === most);
};

const strange = (path: string, names: readonly string[]): Failure =>
  failure(
    "checkpoint",
    path,
    names.length === 0 ? "no tensors" : `tensors with unknown names, such as ${JSON.stringify(names[0])}`,
    "a checkpoint of train or pretrain, or one with the names of the published network, of HEG-S or of torchvision's ResNet",
    "deno task convert FILE --list shows what is in it.",
  );

const ambiguous = (path: string, prefixes: readonly string[]): Failure =>
  failure(
    "checkpoint",
    path,
    `${prefixes.length} sets of the same weights, under ${prefixes.map((each) => `"${each}"`).join(", ")}`,
    "one",
    "Choose one by deno task convert FILE OUT --prefix PREFIX.",
  );

/**
 * Finds out what the tensors of a file of another program are: by published or torchvision's names, below any prefix such
 * as `state_dict.` or `module.`. Errors: "checkpoint" if the names mean nothing here, or if several sets of them do.
 * @category Weights
 */
export const recognizeNames = (path: string, names: readonly string[]): Either<Failure, RecognizedNames> => {
  const readings = readingsOf(names);
  const [first] = readings;
  if (first === undefined) return E.left(strange(path, names));
  const prefixes = [...new Set(readings.map(({ prefix }) => prefix))];
  return prefixes.length > 1 ? E.left(ambiguous(path, prefixes)) : E.right(first);
};
