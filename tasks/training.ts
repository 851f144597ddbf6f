import type { FusionName } from "../lib/cliffnet/fusion.ts";
import type { CliffNetParams, DepthNetwork } from "../lib/cliffnet/network.ts";
import { generatorsOf, networkOf, objectiveOf, optimizerOf } from "../lib/config/compose.ts";
import type { Configuration, GeneratorName } from "../lib/config/configuration.ts";
import type { Split } from "../lib/data/dataset.ts";
import { stepSamples } from "../lib/data/split.ts";
import { E, pipe, type TaskEither, TE } from "../lib/dependencies/fp.ts";
import type { Embedding } from "../lib/embedding/embedding.ts";
import type { Failure } from "../lib/errors.ts";
import type { Objective } from "../lib/loss/objective.ts";
import type { Variables } from "../lib/nn/layer.ts";
import { fold, keyOf } from "../lib/tensor/key.ts";
import { type Branch, countParameters, disposeTree } from "../lib/tensor/tree.ts";
import { depthBatch } from "../lib/train/batches.ts";
import { type Checkpoint, saveCheckpoint } from "../lib/train/checkpoint.ts";
import { depthLearner } from "../lib/train/learners.ts";
import { predictor } from "../lib/train/predict.ts";
import { resumeState } from "../lib/train/resume.ts";
import { loadLoss } from "../lib/experiment/loss_file.ts";
import { pretrainedBackbone } from "./pretrained_backbone.ts";
import { prepareGenerators, type Pretrained, type Pretraining } from "../lib/experiment/pretraining.ts";
import type { Data } from "./context.ts";
import { listenerOf, type Telling } from "./progress.ts";
import { configuredProtocol, evaluateWithPictures, type Illustrated, writeJson } from "./results.ts";
import { runTraining } from "./training_run.ts";

/** A training of a depth network with all that it needs. */
export interface Run extends Omit<Pretraining, "data" | "listener"> {
  readonly data: Data;
  readonly telling: Telling;
  /** Where a generator that the loss needs comes from: it is made, or one that is there is read. */
  readonly generatorOf: (setting: Pretraining, generator: GeneratorName) => TaskEither<Failure, Pretrained>;
  /** Steps after which the state is kept in {@link unfinishedOf}, again and again; 0 for never. */
  readonly keepEvery: number;
  /** What an interrupted run of the same configuration has kept, to go on from; null to begin at the beginning. */
  readonly interrupted: Checkpoint | null;
}

/** What a run has come to; nothing of it is on the device any more. */
export interface RunResult {
  readonly illustrated: Illustrated;
  readonly generators: readonly Pick<Pretrained, "generator" | "report">[];
  /** Parameters of the depth network. */
  readonly parameters: number;
}

/** The file in the folder of a run that holds its state while it is not finished. */
export const unfinishedOf = (out: string): string => `${out}/unfinished.safetensors`;

/** The generators that a run needs made; a loss of one's own brings what it needs with it. */
export const neededGenerators = ({ loss, lossFile }: Configuration): readonly GeneratorName[] =>
  lossFile === "" ? generatorsOf(loss) : [];

const disposeVariables = ({ params, statistics }: Variables<Branch, Branch>): void =>
  [params, statistics].forEach(disposeTree);

const levelsOf = ({ loss }: Configuration, generator: GeneratorName): number =>
  Math.max(
    ...loss.map((term) => term.kind === "hierarchical" && term.generator === generator ? term.weights.length - 1 : 0),
  );

const configuredObjective = (configuration: Configuration, generators: readonly Pretrained[]): Promise<Objective> => {
  const embeddings: Partial<Record<GeneratorName, Embedding>> = Object.fromEntries(
    generators.map(({ generator, embedding }) => [generator, embedding(levelsOf(configuration, generator))]),
  );
  return objectiveOf(configuration.loss, embeddings);
};

const objectiveFor = (
  configuration: Configuration,
  generators: readonly Pretrained[],
): TaskEither<Failure, Objective> =>
  configuration.lossFile === ""
    ? TE.fromTask(() => configuredObjective(configuration, generators))
    : loadLoss(configuration.lossFile);

const describeSize = (params: CliffNetParams<Branch>, fusion: FusionName): string => {
  const [all, ofFusion] = [params, params.estimator.fusion].map((tree) => countParameters(tree).toLocaleString("en"));
  return `CLIFFNet has ${all} parameters, ${ofFusion} of them in its fusion "${fusion}"`;
};

/** The variables after training, which the caller owns, saved to the folder of the run. */
const trainNetwork = (
  run: Run,
  network: DepthNetwork,
  objective: Objective,
): TaskEither<Failure, ReturnType<DepthNetwork["init"]>> => {
  const { device, configuration, data, log, out, telling, interrupted } = run;
  const { training: { steps, batch }, optim, seed } = configuration;
  const key = fold(keyOf(seed), "depth");
  const samplesAt = stepSamples(data.changed(configuration.augment), data.resized.train, key, batch);
  const info = { kind: "depth", configuration: JSON.stringify(configuration), scenes: data.measured.scenes } as const;
  const learner = depthLearner(network, objective);
  const parts = {
    ...{ label: "CLIFFNet", device, learner, optim, steps, key, samplesAt, telling },
    batchOf: (samples: Parameters<typeof depthBatch>[0]) => E.right(depthBatch(samples)),
    log: log.write("depth"),
    keep: {
      every: run.keepEvery,
      save: (state: Parameters<typeof saveCheckpoint>[1]) => saveCheckpoint(unfinishedOf(out), state, info),
    },
  };
  return pipe(
    interrupted === null ? TE.right({}) : pipe(
      resumeState(interrupted, learner, optimizerOf(optim)),
      TE.map((begun) => ({ begun })),
    ),
    TE.chain((from) => runTraining({ ...parts, ...from })),
    TE.chainFirst((state) => saveCheckpoint(`${out}/checkpoint.safetensors`, state, info)),
    TE.map(({ variables, optimizer }) => {
      disposeTree(optimizer);
      telling.say(describeSize(variables.params, configuration.network.fusion));
      return variables;
    }),
  );
};

const trainAndTest = (
  run: Run,
  network: DepthNetwork,
  test: Split,
  generators: readonly Pretrained[],
): TaskEither<Failure, RunResult> =>
async () => {
  const { configuration: { data: { height, width }, evaluation }, data: { onUnreadable }, telling } = run;
  const objective = await objectiveFor(run.configuration, generators)();
  if (E.isLeft(objective)) return objective;
  const trained = await trainNetwork(run, network, objective.right)();
  if (E.isLeft(trained)) return trained;
  const predict = predictor(network, trained.right, height, width);
  const protocol = configuredProtocol(evaluation);
  const evaluated = await evaluateWithPictures(test, predict, protocol, evaluation.pictures, onUnreadable, telling)();
  const parameters = countParameters(trained.right.params);
  disposeVariables(trained.right);
  return pipe(evaluated, E.map((illustrated): RunResult => ({ illustrated, generators, parameters })));
};

/**
 * Prepares the generators that the loss needs, trains a network and evaluates it on `test`. Writes to the folder of the run
 * the configuration as resolved, generators and checkpoint, but no metrics.
 */
export const trainAndEvaluate = (run: Run, test: Split): TaskEither<Failure, RunResult> => async () => {
  const { configuration, out, telling } = run;
  const begun = await pretrainedBackbone(networkOf(configuration), configuration.backbone, telling.say)();
  if (E.isLeft(begun)) return begun;
  const { network, release } = begun.right;
  const result = await pipe(
    writeJson(`${out}/config.json`, configuration),
    TE.chain(() =>
      prepareGenerators({ ...run, listener: listenerOf(telling) }, neededGenerators(configuration), run.generatorOf)
    ),
    TE.chain((generators) => async () => {
      const tested = await trainAndTest(run, network, test, generators)();
      generators.forEach(({ stages }) => disposeVariables(stages));
      return tested;
    }),
  )();
  release();
  return result;
};
