import type { Device } from "../lib/backend/device.ts";
import type { AugmentConfiguration, Configuration, GeneratorName } from "../lib/config/configuration.ts";
import type { Dataset } from "../lib/data/dataset.ts";
import type { OpenData } from "../lib/data/open_data.ts";
import type { Sample } from "../lib/data/sample.ts";
import { emptySplit, stepSamples } from "../lib/data/split.ts";
import { E, pipe, type TaskEither, TE } from "../lib/dependencies/fp.ts";
import { codePerPixel, reconstructor } from "../lib/embedding/reconstruction.ts";
import { sceneClassifier } from "../lib/embedding/scene.ts";
import { type Failure, failure } from "../lib/errors.ts";
import type { Variables } from "../lib/nn/layer.ts";
import { fold, keyOf } from "../lib/tensor/key.ts";
import { type Branch, disposeTree } from "../lib/tensor/tree.ts";
import { greyBatch, reconstructionBatch, sceneBatch, type SceneBatches } from "../lib/train/batches.ts";
import { saveCheckpoint } from "../lib/train/checkpoint.ts";
import { reconstructionError, sceneAccuracy } from "../lib/train/evaluate_generators.ts";
import { greyScaleOf } from "../lib/train/grey.ts";
import type { Learner } from "../lib/train/learner.ts";
import { reconstructionLearner, sceneLearner } from "../lib/train/learners.ts";
import { generatorTitles } from "./generator_titles.ts";
import type { LogFile } from "./log_file.ts";
import type { Telling } from "./progress.ts";
import { runTraining } from "./training_run.ts";

/** How the samples of generators are changed. */
export const mirrorOnly: AugmentConfiguration = { mirror: true, jitter: 0, rotation: 0, scale: 1 };

/** What pretraining needs to know. */
export interface Pretraining {
  readonly device: Device;
  readonly configuration: Configuration;
  readonly data: OpenData;
  readonly log: LogFile;
  /** The folder of the run. */
  readonly out: string;
  readonly telling: Telling;
}

/** A pretrained generator: its stages' variables, which the caller owns, and how well it does its pretext task. */
export interface Pretrained {
  readonly generator: GeneratorName;
  readonly checkpoint: string;
  readonly stages: Variables<Branch, Branch>;
  readonly report: Readonly<Record<string, number>>;
}

/** The variables of the stages apart from those of the head or decoder, which are disposed. */
const stagesOf = ({ params, statistics }: Variables<WithStages, WithStages>): Variables<Branch, Branch> => {
  const { stages: stageParams, ...otherParams } = params;
  const { stages: stageStatistics, ...otherStatistics } = statistics;
  disposeTree(otherParams);
  disposeTree(otherStatistics);
  return { params: stageParams, statistics: stageStatistics };
};

const noLabels = (dataset: Dataset, generator: GeneratorName): Failure =>
  failure(
    "data",
    dataset.name,
    `${dataset.scenes.length} scene labels`,
    `at least 2, for ${generatorTitles[generator]} learns to tell scenes apart`,
    "Fill the column scene, or use a generator that needs no labels, such as reconstruction.",
  );

/** The generators that learn something. */
type PretextName = Exclude<GeneratorName, "random">;

/** What tells one kind of pretraining from the other. */
interface PretextTask<B extends Branch, P extends Branch, S extends Branch> {
  readonly learner: Learner<B, P, S>;
  readonly batchOf: (samples: readonly Sample[]) => E.Either<Failure, B>;
  readonly evaluate: (variables: Variables<P, S>) => TaskEither<Failure, Readonly<Record<string, number>>>;
}

type WithStages = { readonly stages: Branch };

const pretrainOn = <B extends Branch, P extends WithStages & Branch, S extends WithStages & Branch>(
  { device, configuration, data, log, out, telling }: Pretraining,
  generator: PretextName,
  { learner, batchOf, evaluate }: PretextTask<B, P, S>,
): TaskEither<Failure, Pretrained> => {
  const dataset = data.resized;
  const { steps, batch, optim } = configuration.generators[generator];
  const key = fold(keyOf(configuration.seed), generator);
  const samplesAt = stepSamples(data.augmented(mirrorOnly), dataset.train, key, batch);
  const checkpoint = `${out}/heg-${generator}.safetensors`;
  const info = { kind: generator, configuration: JSON.stringify(configuration), scenes: dataset.scenes };
  const label = generatorTitles[generator];
  return pipe(
    runTraining({ label, device, learner, optim, steps, key, samplesAt, batchOf, log: log.write(generator), telling }),
    TE.chainFirst((state) => saveCheckpoint(checkpoint, state, info)),
    TE.chain((state) =>
      pipe(
        evaluate(state.variables),
        TE.map((report): Pretrained => {
          disposeTree(state.optimizer);
          return { generator, checkpoint, stages: stagesOf(state.variables), report };
        }),
      )
    ),
  );
};

/** The pretext task of telling scenes apart by batches of some kind. */
const pretrainClassifier = (
  setting: Pretraining,
  generator: "scene" | "image",
  batchOf: SceneBatches,
): TaskEither<Failure, Pretrained> => {
  const { data: { resized: dataset }, configuration } = setting;
  const classifier = sceneClassifier(configuration.generators[generator].widths, dataset.scenes.length);
  return pretrainOn(setting, generator, {
    learner: sceneLearner(classifier),
    batchOf,
    evaluate: (variables) =>
      pipe(
        sceneAccuracy(classifier, variables, dataset.scenes, dataset.test, batchOf),
        TE.map((report) => ({ ...report })),
      ),
  });
};

const labelled = ({ data: { resized } }: Pretraining, generator: GeneratorName): TaskEither<Failure, Dataset> => {
  if (resized.train.size === 0) return TE.left(emptySplit("train"));
  return resized.scenes.length < 2 ? TE.left(noLabels(resized, generator)) : TE.right(resized);
};

/** HEG-S: the scene from the depth map. */
export const pretrainScene = (setting: Pretraining): TaskEither<Failure, Pretrained> =>
  pipe(
    labelled(setting, "scene"),
    TE.chain(({ scenes }) => pretrainClassifier(setting, "scene", sceneBatch(scenes))),
  );

/** The scene from the grey image. */
export const pretrainImage = (setting: Pretraining): TaskEither<Failure, Pretrained> =>
  pipe(
    labelled(setting, "image"),
    TE.chain(({ scenes, train }) =>
      pipe(
        greyScaleOf(train),
        TE.chain((scale) => pretrainClassifier(setting, "image", greyBatch(scenes, scale))),
      )
    ),
  );

/** Says so if a bottleneck asks for nothing. */
const warnOfCopying = (share: number, say: Telling["say"]): void => {
  if (share < 1) return;
  say(
    `HEG-R's bottleneck holds ${share.toFixed(1)} numbers for each pixel, with which it could copy the depth map; ` +
      "a smaller last one of generators.reconstruction.widths makes it learn what depth maps are like",
  );
};

/** HEG-R: the depth map from itself through a bottleneck. */
export const pretrainReconstruction = (setting: Pretraining): TaskEither<Failure, Pretrained> => {
  const { data: { resized: dataset }, configuration, telling } = setting;
  const { widths } = configuration.generators.reconstruction;
  const network = reconstructor(widths);
  const share = codePerPixel(widths, configuration.data.height, configuration.data.width);
  warnOfCopying(share, telling.say);
  return pretrainOn(setting, "reconstruction", {
    learner: reconstructionLearner(network),
    batchOf: (samples) => E.right(reconstructionBatch(samples)),
    evaluate: (variables) =>
      pipe(
        reconstructionError(network, variables, dataset.test),
        TE.map((report) => ({ ...report, codePerPixel: share })),
      ),
  });
};
