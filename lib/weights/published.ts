/**
 * The names of the published network and of HEG-S in their PyTorch checkpoints, and torchvision's of a ResNet. Their layout
 * is PyTorch's; see `formats/torch_layout.ts`.
 */
import { type Naming, namingOf, type Unit } from "./naming.ts";

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
