import { fusionOf } from "../cliffnet/fusions.ts";
import { type DepthNetwork, depthNetworkOn } from "../cliffnet/network.ts";
import { preprocess } from "../cliffnet/preprocessing.ts";
import { resNetOfWidth } from "../cliffnet/backbone.ts";
import { pipe } from "../dependencies/fp.ts";
import type { Embedding } from "../embedding/embedding.ts";
import { hierarchical } from "../loss/hierarchical.ts";
import { loadPixelLoss } from "../loss/pixel_losses.ts";
import { delay, named, type Objective, scale, sum, warmup } from "../loss/objective.ts";
import { ramp, type Schedule, stepwise, times } from "../loss/schedule.ts";
import { compose } from "../nn/layer.ts";
import { adam } from "../optim/adam.ts";
import { clipByGlobalNorm, inSequence, type Transformation } from "../optim/transformation.ts";
import type { Configuration, HierarchicalTerm, OptimConfiguration, TermConfiguration } from "./configuration.ts";
import { fixedGeneratorNamed, type GeneratorName, isMade } from "../embedding/generators.ts";

/** The network of a configuration, from pictures (R, G, B, 0…1) to depth in metres. */
export const networkOf = async (
  { backbone: { layers, width, strideOn, preprocessing }, network: { features, initialDepth, fusion } }: Pick<
    Configuration,
    "backbone" | "network"
  >,
): Promise<DepthNetwork> => {
  const { backbone, channels } = resNetOfWidth(layers, width, strideOn);
  const joined = await fusionOf(fusion, features);
  const network = depthNetworkOn(backbone, channels, joined, features, initialDepth);
  return compose(preprocess(preprocessing), network);
};

/** The learning rate at each step. */
export const learningRateOf = ({ lr, milestones, factor, warmup }: OptimConfiguration): Schedule =>
  times(stepwise(lr, milestones, factor), (step) => ramp(warmup)(step + 1));

/** Adam with decay and, if the configuration bounds the gradients, clipping. */
export const optimizerOf = (configuration: OptimConfiguration): Transformation => {
  const step = adam(learningRateOf(configuration), configuration.decay);
  return configuration.clip === 0 ? step : inSequence("clipped", [clipByGlobalNorm(configuration.clip), step]);
};

/** The generators that an objective needs and that have to be made first. */
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
