import { type ResNetDepth, resNetOfWidth } from "../cliffnet/backbone.ts";
import { fusionOf } from "../cliffnet/fusions.ts";
import { type CliffNet, depthNetworkOn, preprocess } from "../cliffnet/network.ts";
import { E, type Either, pipe } from "../dependencies/fp.ts";
import type { Embedding } from "../embedding/embedding.ts";
import { fixedGeneratorNamed, type GeneratorName, isMade } from "../embedding/generators.ts";
import { type Failure, failure } from "../errors.ts";
import { shapeFromTorch } from "../formats/torch_layout.ts";
import { hierarchical } from "../loss/hierarchical.ts";
import { delay, named, type Objective, scale, sum, warmup } from "../loss/objective.ts";
import { loadPixelLoss } from "../loss/pixel_losses.ts";
import { compose } from "../nn/layer.ts";
import { adam } from "../optim/adam.ts";
import {
  chain,
  clipByGlobalNorm,
  ramp,
  type Schedule,
  stepwise,
  times,
  type Transformation,
} from "../optim/transformation.ts";
import type { Branch } from "../tensor/tree.ts";
import type { NamedWeights } from "../weights/restore.ts";
import type {
  BackboneConfiguration,
  Configuration,
  HierarchicalTerm,
  OptimConfiguration,
  TermConfiguration,
} from "./configuration.ts";

/**
 * The network that `backbone` and `network` of a configuration describe, from pictures (R, G, B, 0…1) to depth in metres. A
 * module that it may name in their place is left alone: {@link configuredNetwork} loads that.
 * @category Experiments
 */
export const networkOf = async (
  { backbone: { layers, width, strideOn, preprocessing }, network: { features, initialDepth, fusion } }: Pick<
    Configuration,
    "backbone" | "network"
  >,
): Promise<CliffNet<Branch, Branch>> => {
  const { backbone, channels } = resNetOfWidth(layers, width, strideOn);
  const joined = await fusionOf(fusion, features);
  const network = depthNetworkOn(backbone, channels, joined, features, initialDepth);
  return compose(preprocess(preprocessing), network);
};

/** The learning rate at each step.
 * @category Experiments */
export const learningRateOf = ({ lr, milestones, factor, warmup }: OptimConfiguration): Schedule =>
  times(stepwise(lr, milestones, factor), (step) => ramp(warmup)(step + 1));

/** Adam with decay and, if the configuration bounds the gradients, clipping.
 * @category Experiments */
export const optimizerOf = (configuration: OptimConfiguration): Transformation => {
  const step = adam(learningRateOf(configuration), configuration.decay);
  return configuration.clip === 0 ? step : chain("clipped", [clipByGlobalNorm(configuration.clip), step]);
};

/** The generators that an objective needs and that have to be made first.
 * @category Experiments */
export const generatorsOf = (terms: readonly TermConfiguration[]): readonly GeneratorName[] => {
  const wanted = terms.flatMap((term) =>
    term.kind === "hierarchical" && isMade(term.generator) ? [term.generator] : []
  );
  return [...new Set(wanted)];
};

/** What a term embeds depth maps by. @throws Error if its generator has to be made first and is not given. */
const embeddingFor = async (
  { generator, weights }: HierarchicalTerm,
  embeddings: Readonly<Partial<Record<GeneratorName, Embedding>>>,
): Promise<Embedding> => {
  if (!isMade(generator)) return (await fixedGeneratorNamed(generator).load())(Math.max(weights.length - 1, 1));
  const embedding = embeddings[generator];
  if (embedding === undefined) throw new Error(`the generator "${generator}" was not given`);
  return embedding;
};

const objectiveOfTerm = async (
  term: TermConfiguration,
  embeddings: Readonly<Partial<Record<GeneratorName, Embedding>>>,
): Promise<Objective> => {
  if (term.kind !== "hierarchical") return named(term.kind, await loadPixelLoss(term.kind, term));
  return named(term.generator, hierarchical(await embeddingFor(term, embeddings), term.weights));
};

/**
 * What a configuration minimizes; the modules of its losses are loaded when they are wanted.
 *
 * @throws Error if a generator of {@link generatorsOf} is not given.
 * @category Experiments
 */
export const objectiveOf = async (
  terms: readonly TermConfiguration[],
  embeddings: Readonly<Partial<Record<GeneratorName, Embedding>>>,
): Promise<Objective> => {
  const objectives = await Promise.all(terms.map(async (term) =>
    pipe(
      await objectiveOfTerm(term, embeddings),
      scale(term.weight),
      warmup(term.warmup),
      delay(term.kind === "hierarchical" ? term.delay : 0),
    )
  ));
  return sum(...objectives);
};

/** The shape here of the tensor with an own path, or undefined if the file has none. */
const shapeAt = (weights: NamedWeights, path: string): readonly number[] | undefined => {
  const name = weights.names.get(path);
  const entry = weights.file.entries.find((each) => each.name === name);
  if (entry === undefined) return undefined;
  return weights.title === "own" ? entry.shape : shapeFromTorch(entry.shape);
};

const channelsOf = (weights: NamedWeights, path: string): number | undefined => shapeAt(weights, path)?.at(-1);

const layersOf = ({ names }: NamedWeights): ResNetDepth => {
  const has = (block: string): boolean => names.has(`params/backbone/${block}/conv/kernel`);
  if (has("stage2/block1/expand")) return has("stage4/block23/expand") ? 101 : 50;
  return has("stage2/block3/second") ? 34 : 18;
};

/** Channels of the stages of an embedding generator, from the shapes of its tensors; none for a file of something else. */
export const inferStageWidths = (weights: NamedWeights): readonly number[] => {
  const widths: number[] = [];
  for (let stage = 1;; stage++) {
    const width = channelsOf(weights, `params/stages/stage${stage}/first/conv/kernel`);
    if (width === undefined) return widths;
    widths.push(width);
  }
};

/**
 * The configuration, as far as it can be told, of a depth network whose weights another program wrote: layers and widths from
 * names and shapes, and the paper's input of 228×304 pixels. What cannot be told, where a bottleneck has its stride and how
 * pictures are prepared, takes the defaults, which are the paper's.
 */
export const inferConfiguration = (weights: NamedWeights): Readonly<Record<string, unknown>> => ({
  data: { kind: "scenes", height: 228, width: 304 },
  backbone: { layers: layersOf(weights), width: channelsOf(weights, "params/backbone/stem/conv/kernel") },
  network: { features: channelsOf(weights, "params/pyramid/lateral/level2/conv/kernel") },
});

/** What changes the numbers of a backbone, but no shape of its tensors. */
const fields = ["strideOn", "preprocessing"] as const;

/** Whether a field matters: ResNets of 18 and 34 layers have no bottleneck that could have its stride elsewhere. */
const matters = (field: typeof fields[number], { layers }: BackboneConfiguration): boolean =>
  field !== "strideOn" || layers >= 50;

/** The variant in words, such as `backbone.strideOn "1x1", backbone.preprocessing "bgr-caffe"`. */
export const describeVariant = (backbone: BackboneConfiguration): string =>
  fields.filter((field) => matters(field, backbone)).map((field) => `backbone.${field} "${backbone[field]}"`).join(
    ", ",
  );

/**
 * Whether weights that were trained as one variant are wanted as the same: another one has tensors of the same shapes, and
 * would quietly compute other numbers. Errors: "configuration", naming the field.
 */
export const checkVariant = (
  path: string,
  trained: BackboneConfiguration,
  wanted: BackboneConfiguration,
): Either<Failure, void> => {
  const other = fields.find((field) => matters(field, wanted) && trained[field] !== wanted[field]);
  if (other === undefined) return E.right(undefined);
  return E.left(refusal(path, `backbone.${other}`, trained[other], wanted[other]));
};

const refusal = (path: string, field: string, trained: string, wanted: string): Failure =>
  failure(
    "configuration",
    `field ${field}`,
    `"${wanted}"`,
    `"${trained}", as ${path} was trained with`,
    `The same weights would compute other numbers: set ${field}=${trained}.`,
  );

/** What makes a depth network compute what it does: its backbone and what is behind it, or its module.
 * @category Experiments */
export type NetworkParts = Pick<Configuration, "backbone" | "network" | "networkFile" | "networkOptions">;

/** {@link describeVariant} of a whole depth network: its fusion, too. */
export const describeNetworkVariant = ({ backbone, network }: Pick<NetworkParts, "backbone" | "network">): string =>
  `${describeVariant(backbone)}, network.fusion "${network.fusion}"`;

const ownRefusal = (path: string, trained: NetworkParts, wanted: NetworkParts): Failure => {
  const [found, expected] = [wanted, trained].map(({ networkFile }) =>
    networkFile === "" ? "no module: the network of backbone and network" : networkFile
  );
  return failure("configuration", "field networkFile", found ?? "", `${expected}, as ${path} was trained with`);
};

/** Whether a network of a module is wanted as one, with the options of its training. */
const checkOwn = (path: string, trained: NetworkParts, wanted: NetworkParts): Either<Failure, void> => {
  if ((trained.networkFile === "") !== (wanted.networkFile === "")) return E.left(ownRefusal(path, trained, wanted));
  const [was, is] = [trained, wanted].map(({ networkOptions }) =>
    JSON.stringify(
      Object.fromEntries(Object.entries(networkOptions).sort(([first], [second]) => first < second ? -1 : 1)),
    )
  );
  return was === is ? E.right(undefined) : E.left(
    failure("configuration", "field networkOptions", is ?? "", `${was}, as ${path} was trained with`),
  );
};

/**
 * {@link checkVariant} of a whole depth network: its fusion, too; of a network of one's own, that it is one, and its options.
 *
 * Errors: "configuration", naming the field.
 */
export const checkNetworkVariant = (
  path: string,
  trained: NetworkParts,
  wanted: NetworkParts,
): Either<Failure, void> => {
  if (trained.networkFile !== "" || wanted.networkFile !== "") return checkOwn(path, trained, wanted);
  const [own, other] = [trained.network.fusion, wanted.network.fusion];
  return pipe(
    checkVariant(path, trained.backbone, wanted.backbone),
    E.chain(() => own === other ? E.right(undefined) : E.left(refusal(path, "network.fusion", own, other))),
  );
};
