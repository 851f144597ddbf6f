/** Names that other programs give to weights, against this library's paths: tables that are read in either direction. */

/**
 * A table of names. Both sides may hold `@`, the number of a residual block, which is counted from 1 in own paths and from
 * 0 elsewhere.
 */
export interface Naming {
  /** Own paths by foreign names. */
  readonly own: ReadonlyMap<string, string>;
  /** Foreign names by own paths. */
  readonly foreign: ReadonlyMap<string, string>;
  /** Finds the number of a block in a foreign name: what comes before it, the number, what comes after. */
  readonly block: RegExp;
}

/** Own path and foreign names of a convolution and the batch norm after it. */
export type Unit = readonly [own: string, convolution: string, norm: string];

/** Own path and foreign name of a layer with weights and perhaps a bias. */
export type Single = readonly [own: string, foreign: string];

/** An own path and a foreign name. */
type Row = readonly [own: string, foreign: string];

const weightLeaves: readonly Row[] = [["kernel", "weight"], ["bias", "bias"]];

const normLeaves: readonly Row[] = [
  ["gamma", "weight"],
  ["beta", "bias"],
  ["mean", "running_mean"],
  ["variance", "running_var"],
];

const rowsUnder = (leaves: readonly Row[], own: string, foreign: string): readonly Row[] =>
  leaves.map(([leaf, name]): Row => [`${own}/${leaf}`, `${foreign}.${name}`]);

const rowsOf = ([own, convolution, norm]: Unit): readonly Row[] => [
  ...rowsUnder(weightLeaves, `${own}/conv`, convolution),
  ...rowsUnder(normLeaves, `${own}/norm`, norm),
];

/** The table of some layers. `block` finds the number of a block in a foreign name, in its second group. */
const namingOf = (units: readonly Unit[], singles: readonly Single[], block: RegExp): Naming => {
  const rows = [
    ...units.flatMap(rowsOf),
    ...singles.flatMap(([own, foreign]) => rowsUnder(weightLeaves, own, foreign)),
  ];
  return {
    own: new Map(rows.map(([own, foreign]) => [foreign, own])),
    foreign: new Map(rows),
    block,
  };
};

const ownBlock = /^(.*\/block)([1-9][0-9]{0,2})(\/.*)$/;

/** Looks a name up in one side of a table; the block's number becomes `shift` higher on the other side. */
const translate = (
  table: ReadonlyMap<string, string>,
  name: string,
  block: RegExp,
  shift: number,
): string | undefined => {
  const [, before, number, after] = block.exec(name) ?? [];
  if (number === undefined) return name.includes("@") ? undefined : table.get(name);
  return table.get(`${before}@${after}`)?.replace("@", String(Number(number) + shift));
};

/** The foreign name of a parameter or statistic with an own path, or undefined if the table has none. */
export const foreignName = (naming: Naming, path: string): string | undefined =>
  translate(naming.foreign, path, ownBlock, -1);

/** The own path of what has a foreign name, or undefined if the table has none. */
export const ownPath = (naming: Naming, name: string): string | undefined =>
  translate(naming.own, name, naming.block, 1);

/** Which blocks a ResNet has: basic ones with 18 or 34 layers, bottlenecks with more. Their foreign names are alike. */
export type BlockKind = "basic" | "bottleneck";

const levels = [2, 3, 4, 5] as const;

const partsOfBlock: Readonly<Record<BlockKind, readonly string[]>> = {
  basic: ["first", "second"],
  bottleneck: ["reduce", "spatial", "expand"],
};

/** The units of all residual blocks, given the foreign name of a stage's blocks. */
const blockUnits = (kind: BlockKind, blocksOf: (level: number) => string): readonly Unit[] =>
  levels.flatMap((level) => {
    const [own, foreign] = [`backbone/stage${level}/block@`, blocksOf(level)];
    const parts = partsOfBlock[kind].map((part, index): Unit => [
      `${own}/${part}`,
      `${foreign}.conv${index + 1}`,
      `${foreign}.bn${index + 1}`,
    ]);
    return [...parts, [`${own}/shortcut`, `${foreign}.downsample.0`, `${foreign}.downsample.1`]];
  });

const publishedBackbone = (kind: BlockKind): readonly Unit[] => [
  ["backbone/stem", "res_backbone.conv1.conv1", "res_backbone.conv1.bn1"],
  ...blockUnits(kind, (level) => `res_backbone.res${level}.layers.@`),
];

const pyramidUnits: readonly Unit[] = levels.flatMap((level): readonly Unit[] => [
  [`pyramid/lateral/level${level}`, `fpn.fpn_p${level}_1x1.0`, `fpn.fpn_p${level}_1x1.1`],
  [`pyramid/smooth/level${level}`, `fpn.fpn_p${level}.0`, `fpn.fpn_p${level}.1`],
]);

const estimatorUnits: readonly Unit[] = [
  ...levels.flatMap((level): readonly Unit[] => [
    [`estimator/heads/level${level}`, `fcn.fcn_subnet${level}.conv.0.0`, `fcn.fcn_subnet${level}.conv.0.1`],
    [`estimator/fusion/level${level}/select`, `fcn.comb${level}.conv1.0`, `fcn.comb${level}.conv1.1`],
    [`estimator/fusion/level${level}/fuse`, `fcn.comb${level}.conv2.0`, `fcn.comb${level}.conv2.1`],
  ]),
  ["estimator/score/hidden", "fcn.score.0", "fcn.score.1"],
];

/** The published names of CLIFFNet; those of a network on basic blocks are formed likewise. */
export const publishedNetwork = (kind: BlockKind): Naming =>
  namingOf(
    [...publishedBackbone(kind), ...pyramidUnits, ...estimatorUnits],
    [["estimator/score/output", "fcn.score.3"]],
    /^(.*\.layers\.)(0|[1-9][0-9]{0,2})(\..*)$/,
  );

/** torchvision's names of a ResNet, as in ImageNet classifiers; the classifier's own head, `fc`, has no place here. */
export const torchvisionBackbone = (kind: BlockKind): Naming =>
  namingOf(
    [["backbone/stem", "conv1", "bn1"], ...blockUnits(kind, (level) => `layer${level - 1}.@`)],
    [],
    /^(layer[1-4]\.)(0|[1-9][0-9]{0,2})(\..*)$/,
  );

const stageCount = 8;

/** The published names of HEG-S's stages, four modules for each of a stage's two convolutions … `features.0` to `features.10`. */
export const publishedStages: Naming = namingOf(
  Array.from({ length: stageCount }, (_, stage): readonly Unit[] =>
    ["first", "second"].map((part, index): Unit => {
      const at = 6 * stage + 3 * index;
      return [`stages/stage${stage + 1}/${part}`, `features.${at}`, `features.${at + 1}`];
    })).flat(),
  [],
  /^(?!)()()()$/,
);
