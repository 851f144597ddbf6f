/**
 * The names that the published network and generator have in their PyTorch checkpoints, against the paths of this
 * library's parameters and statistics: the tables below, read in either direction. Layouts are those of
 * `formats/torch_layout.ts`.
 */

/**
 * Own path and published names of a convolution and the batch norm after it. `#` stands for a level or stage, which
 * has the same number on both sides; `@` for a residual block, counted from 1 here and from 0 there.
 */
type Unit = readonly [own: string, convolution: string, norm: string];

const networkUnits: readonly Unit[] = [
  ["backbone/stem", "res_backbone.conv1.conv1", "res_backbone.conv1.bn1"],
  ["backbone/stage#/block@/reduce", "res_backbone.res#.layers.@.conv1", "res_backbone.res#.layers.@.bn1"],
  ["backbone/stage#/block@/spatial", "res_backbone.res#.layers.@.conv2", "res_backbone.res#.layers.@.bn2"],
  ["backbone/stage#/block@/expand", "res_backbone.res#.layers.@.conv3", "res_backbone.res#.layers.@.bn3"],
  [
    "backbone/stage#/block@/shortcut",
    "res_backbone.res#.layers.@.downsample.0",
    "res_backbone.res#.layers.@.downsample.1",
  ],
  ["pyramid/lateral/level#", "fpn.fpn_p#_1x1.0", "fpn.fpn_p#_1x1.1"],
  ["pyramid/smooth/level#", "fpn.fpn_p#.0", "fpn.fpn_p#.1"],
  ["estimator/heads/level#", "fcn.fcn_subnet#.conv.0.0", "fcn.fcn_subnet#.conv.0.1"],
  ["estimator/fusion/level#/select", "fcn.comb#.conv1.0", "fcn.comb#.conv1.1"],
  ["estimator/fusion/level#/fuse", "fcn.comb#.conv2.0", "fcn.comb#.conv2.1"],
  ["estimator/score/hidden", "fcn.score.0", "fcn.score.1"],
];

const stageUnits: readonly Unit[] = [
  ["stage1/first", "features.0", "features.1"],
  ["stage1/second", "features.3", "features.4"],
  ["stage2/first", "features.6", "features.7"],
  ["stage2/second", "features.9", "features.10"],
];

const convolutionLeaves: readonly (readonly [own: string, published: string])[] = [
  ["kernel", "weight"],
  ["bias", "bias"],
];

const normLeaves: readonly (readonly [own: string, published: string])[] = [
  ["gamma", "weight"],
  ["beta", "bias"],
  ["mean", "running_mean"],
  ["variance", "running_var"],
];

/** A leaf's own path and published name, with `#` and `@` as in {@link Unit}. */
type Row = readonly [own: string, published: string];

const rowsOf = ([own, convolution, norm]: Unit): readonly Row[] => [
  ...convolutionLeaves.map(([leaf, published]): Row => [`${own}/conv/${leaf}`, `${convolution}.${published}`]),
  ...normLeaves.map(([leaf, published]): Row => [`${own}/norm/${leaf}`, `${norm}.${published}`]),
];

const networkRows: readonly Row[] = [
  ...networkUnits.flatMap(rowsOf),
  ...convolutionLeaves.map(([leaf, published]): Row => [`estimator/score/output/${leaf}`, `fcn.score.3.${published}`]),
];

const stageRows: readonly Row[] = stageUnits.flatMap(rowsOf);

interface Numbers {
  readonly level: string;
  readonly block: string;
}

const numbersIn = (pattern: string, name: string): Numbers | undefined => {
  const escaped = pattern.replaceAll(".", "\\.");
  const source = escaped.replace("#", "(?<level>[2-5])").replace("@", "(?<block>0|[1-9][0-9]{0,2})");
  const match = new RegExp(`^${source}$`).exec(name);
  return match === null ? undefined : { level: match.groups?.["level"] ?? "", block: match.groups?.["block"] ?? "" };
};

/** The name that has the form of `to` where `name` has the form of `from`; blocks are counted `shift` higher. */
const translate = (name: string, from: string, to: string, shift: number): string | undefined => {
  const numbers = numbersIn(from, name);
  if (numbers === undefined) return undefined;
  const block = Number(numbers.block) + shift;
  return to.includes("@") && block < 0 ? undefined : to.replace("#", numbers.level).replace("@", String(block));
};

const firstDefined = <A, B>(values: readonly A[], f: (value: A) => B | undefined): B | undefined =>
  values.map(f).find((value) => value !== undefined);

const publishedIn = (rows: readonly Row[], path: string): string => {
  const name = firstDefined(rows, ([own, published]) => translate(path, own, published, -1));
  if (name === undefined) throw new Error(`"${path}" has no published name`);
  return name;
};

const ownIn = (rows: readonly Row[], name: string): string | undefined =>
  firstDefined(rows, ([own, published]) => translate(name, published, own, 1));

/**
 * The published name of a parameter or statistic of CLIFFNet on a ResNet of bottlenecks (50 or 101 layers), such as
 * `res_backbone.res2.layers.0.bn1.weight` of `backbone/stage2/block1/reduce/norm/gamma`.
 *
 * @throws Error if the path is no such leaf's: a bug of the caller.
 */
export const publishedName = (path: string): string => publishedIn(networkRows, path);

/**
 * The path of the parameter or statistic with a published name, or undefined if there is none.
 * `num_batches_tracked`, which PyTorch counts beside each batch norm's statistics, has none.
 */
export const ownPath = (name: string): string | undefined => ownIn(networkRows, name);

/**
 * The published name of a parameter or statistic of HEG-S's two stages, such as `features.4.weight` of
 * `stage1/second/norm/gamma`; paths begin at the stages.
 *
 * @throws Error if the path is no such leaf's: a bug of the caller.
 */
export const publishedStageName = (path: string): string => publishedIn(stageRows, path);

/**
 * The path of the parameter or statistic of HEG-S's two stages with a published name, or undefined if there is
 * none.
 */
export const ownStagePath = (name: string): string | undefined => ownIn(stageRows, name);
