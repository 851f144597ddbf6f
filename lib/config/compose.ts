import { fusionOf } from "../cliffnet/fusions.ts";
import { type DepthNetwork, depthNetworkOn } from "../cliffnet/network.ts";
import { preprocess } from "../cliffnet/preprocessing.ts";
import { resNetOfWidth } from "../cliffnet/backbone.ts";
import { pipe } from "../dependencies/fp.ts";
import type { Embedding } from "../embedding/embedding.ts";
import { multiScaleSobel } from "../embedding/multi_scale_sobel.ts";
import { sobel } from "../embedding/sobel.ts";
import { hierarchical } from "../loss/hierarchical.ts";
import { pixelLosses } from "../loss/named_losses.ts";
import { delay, named, type Objective, scale, sum, warmup } from "../loss/objective.ts";
import { ramp, type Schedule, stepwise, times } from "../loss/schedule.ts";
import { compose } from "../nn/layer.ts";
import { adam } from "../optim/adam.ts";
import { clipByGlobalNorm, inSequence, type Transformation } from "../optim/transformation.ts";
import type {
  Configuration,
  FixedGeneratorName,
  GeneratorName,
  OptimConfiguration,
  TermConfiguration,
} from "./configuration.ts";
import { isMade } from "./generator_names.ts";

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

const fixedEmbedding = (name: FixedGeneratorName, weights: readonly number[]): Embedding =>
  name === "sobel" ? sobel : multiScaleSobel(Math.max(weights.length - 1, 1));

const objectiveOfTerm = (
  term: TermConfiguration,
  embeddings: Readonly<Partial<Record<GeneratorName, Embedding>>>,
): Objective => {
  if (term.kind !== "hierarchical") return named(term.kind, pixelLosses[term.kind].loss);
  const embedding = isMade(term.generator) ? embeddings[term.generator] : fixedEmbedding(term.generator, term.weights);
  if (embedding === undefined) throw new Error(`the generator "${term.generator}" was not given`);
  return named(term.generator, hierarchical(embedding, term.weights));
};

/** What a configuration minimizes. @throws Error if a generator of {@link generatorsOf} is not given. */
export const objectiveOf = (
  terms: readonly TermConfiguration[],
  embeddings: Readonly<Partial<Record<GeneratorName, Embedding>>>,
): Objective =>
  sum(...terms.map((term) =>
    pipe(
      objectiveOfTerm(term, embeddings),
      scale(term.weight),
      warmup(term.warmup),
      delay(term.kind === "hierarchical" ? term.delay : 0),
    )
  ));
