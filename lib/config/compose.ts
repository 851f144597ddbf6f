import { type CliffNet, cliffNetOn } from "../cliffnet/network.ts";
import { preprocess } from "../cliffnet/preprocessing.ts";
import { resNetOfWidth } from "../cliffnet/backbone.ts";
import { type Augmentation, colourJitter, inOrder, randomMirror } from "../data/augment.ts";
import { csvDataset } from "../data/csv_dataset.ts";
import type { Dataset } from "../data/dataset.ts";
import { scenesDataset } from "../data/scenes_dataset.ts";
import { absurd, E, type Either, pipe, type TaskEither, TE } from "../dependencies/fp.ts";
import type { Embedding } from "../embedding/embedding.ts";
import { sobel } from "../embedding/sobel.ts";
import { type Failure, failure } from "../errors.ts";
import { hierarchical } from "../loss/hierarchical.ts";
import { delay, named, type Objective, scale, sum, warmup } from "../loss/objective.ts";
import { l1, l2 } from "../loss/pixel.ts";
import { ramp, type Schedule, stepwise, times } from "../loss/schedule.ts";
import { compose } from "../nn/layer.ts";
import { adam } from "../optim/adam.ts";
import { clipByGlobalNorm, inSequence, type Transformation } from "../optim/transformation.ts";
import type {
  AugmentConfiguration,
  Configuration,
  DataConfiguration,
  GeneratorName,
  OptimConfiguration,
  TermConfiguration,
} from "./configuration.ts";

/** The network of a configuration, from pictures (R, G, B, 0…1) to depth in metres. */
export const networkOf = (
  { backbone: { layers, width, strideOn, preprocessing }, network: { features, initialDepth } }: Pick<
    Configuration,
    "backbone" | "network"
  >,
): CliffNet => {
  const { backbone, channels } = resNetOfWidth(layers, width, strideOn);
  return compose(preprocess(preprocessing), cliffNetOn(backbone, channels, features, initialDepth));
};

/** The learning rate at each step. */
export const learningRateOf = ({ lr, milestones, factor, warmup }: OptimConfiguration): Schedule =>
  times(stepwise(lr, milestones, factor), (step) => ramp(warmup)(step + 1));

/** Adam with decay and, if the configuration bounds the gradients, clipping. */
export const optimizerOf = (configuration: OptimConfiguration): Transformation => {
  const step = adam(learningRateOf(configuration), configuration.decay);
  return configuration.clip === 0 ? step : inSequence("clipped", [clipByGlobalNorm(configuration.clip), step]);
};

/** The random changes of training samples. */
export const augmentationOf = ({ mirror, jitter }: AugmentConfiguration): Augmentation =>
  inOrder([...(mirror ? [randomMirror] : []), colourJitter(jitter)]);

/** The pretrained generators that an objective needs. */
export const generatorsOf = (terms: readonly TermConfiguration[]): readonly GeneratorName[] => {
  const wanted = terms.flatMap((term) =>
    term.kind === "hierarchical" && term.generator !== "sobel" ? [term.generator] : []
  );
  return [...new Set(wanted)];
};

const objectiveOfTerm = (
  term: TermConfiguration,
  embeddings: Readonly<Partial<Record<GeneratorName, Embedding>>>,
): Objective => {
  switch (term.kind) {
    case "l1":
      return named("l1", l1);
    case "l2":
      return named("l2", l2);
    case "hierarchical": {
      const embedding = term.generator === "sobel" ? sobel : embeddings[term.generator];
      if (embedding === undefined) throw new Error(`the generator "${term.generator}" was not given`);
      return named(term.generator, hierarchical(embedding, term.weights));
    }
    default:
      return absurd(term);
  }
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

/** Opens the data set of a configuration. Errors: "usage" if its folder is not given, and those of reading its list. */
export const datasetOf = (configuration: DataConfiguration): TaskEither<Failure, Dataset> => {
  if (configuration.kind === "scenes") return TE.right(scenesDataset(configuration));
  return configuration.folder !== "" ? csvDataset(configuration) : TE.left(
    failure("usage", "--data", "nothing", `the folder that holds ${configuration.list}`, "Give it by --data DIR."),
  );
};

/** The configuration with another folder. Errors: "usage" for data that lie in no folder. */
export const withFolder = (configuration: DataConfiguration, folder: string): Either<Failure, DataConfiguration> =>
  configuration.kind === "csv" ? E.right({ ...configuration, folder }) : E.left(
    failure(
      "usage",
      "--data",
      `"${folder}" with a configuration of built-in scenes`,
      "a configuration whose data are files",
      "Try --config configs/rooms.jsonc.",
    ),
  );
