import type { DepthNetwork } from "../cliffnet/network.ts";
import type { Split } from "../data/dataset.ts";
import { namesDigest } from "../data/names.ts";
import type { OpenData } from "../data/open_data.ts";
import { E, pipe, type TaskEither, TE } from "../dependencies/fp.ts";
import type { Embedding } from "../embedding/embedding.ts";
import type { Failure } from "../errors.ts";
import type { Objective } from "../loss/objective.ts";
import { foldIn, keyOf } from "../tensor/key.ts";
import { type Branch, countParameters, disposeTree, leaves } from "../tensor/tree.ts";
import { type Checkpoint, type CheckpointInfo, resumeState, saveCheckpoint } from "../train/checkpoint.ts";
import { depthLearner, measuredBatch, networkVariables, predictor } from "../train/depth_network.ts";
import { fit } from "../train/fit.ts";
import type { Listener } from "../train/listener.ts";
import { disposeState } from "../train/loop.ts";
import type { TrainState } from "../train/step.ts";
import { generatorsOf, networkOf, objectiveOf, optimizerOf } from "./compose.ts";
import type { Configuration, GeneratorName } from "./configuration.ts";
import { evaluateWithPictures, type Illustrated, predictedBy } from "./evaluation.ts";
import { configuredProtocol, type EvaluationProtocol, protocolFor } from "./evaluation_protocol.ts";
import { writeJson } from "./files.ts";
import { hashOf } from "../formats/file_identity.ts";
import { loadLoss } from "./loss_file.ts";
import { configuredNetwork } from "./network_module.ts";
import { datasetOf, moduleHashes } from "./own_modules.ts";
import { disposePretrained, prepareGenerators, type Pretrained, type Pretraining } from "./pretraining.ts";
import { type BegunNetwork, pretrainedBackbone } from "./pretrained_backbone.ts";
import { type DepthVariables, disposeVariables } from "./trained_network.ts";
import { watched } from "../modules/user_code.ts";

/** A training of a depth network with all that it needs. */
export interface TrainingRun extends Pretraining {
  readonly data: OpenData;
  /** Where a generator that the loss needs comes from: it is made, or one that is there is read. */
  readonly generatorOf: (setting: Pretraining, generator: GeneratorName) => TaskEither<Failure, Pretrained>;
  /** Steps after which the state is kept in {@link unfinishedOf}, again and again; 0 for never. */
  readonly keepEvery: number;
  /** What an interrupted run of the same configuration has kept, to go on from; null to begin at the beginning. */
  readonly interrupted: Checkpoint | null;
}

/** What a run has come to. */
export interface RunResult {
  readonly illustrated: Illustrated;
  readonly generators: readonly Pick<Pretrained, "generator" | "report">[];
  /** The farthest depth of the training split in metres, where it was measured for the evaluation; null elsewhere. */
  readonly farthest: number | null;
  /** The trained network. */
  readonly network: DepthNetwork;
  /** Its variables after training, which the caller owns. */
  readonly variables: DepthVariables;
}

/** The file in the folder of a run that holds its state while it is not finished. */
export const unfinishedOf = (out: string): string => `${out}/unfinished.safetensors`;

/** The generators that a run needs made; a loss of one's own brings what it needs with it. */
export const neededGenerators = ({ loss, lossFile }: Configuration): readonly GeneratorName[] =>
  lossFile === "" ? generatorsOf(loss) : [];

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
  { message }: Listener,
): TaskEither<Failure, Objective> =>
  configuration.lossFile === ""
    ? TE.fromTask(() => configuredObjective(configuration, generators))
    : loadLoss(configuration.lossFile, message);

const describeSize = (params: Branch, { network: { fusion }, networkFile }: Configuration): string => {
  const all = countParameters(params).toLocaleString("en");
  if (networkFile !== "") return `the network of ${networkFile} has ${all} parameters`;
  const ofFusion = leaves(params).filter(({ path }) => path.startsWith("estimator/fusion/"));
  const count = ofFusion.reduce((sum, { tensor }) => sum + tensor.size, 0).toLocaleString("en");
  return `CLIFFNet has ${all} parameters, ${count} of them in its fusion "${fusion}"`;
};

type DepthState = TrainState<Branch, Branch>;

/** What a checkpoint says of the files of generators, by which they are known again. */
const hashesOf = (generators: readonly Pretrained[]): TaskEither<Failure, Readonly<Record<string, string>>> =>
  pipe(
    TE.sequenceSeqArray(
      generators.map(({ generator, checkpoint }) =>
        pipe(hashOf(checkpoint), TE.map((hash) => [generator, hash] as const))
      ),
    ),
    TE.map((hashes) => Object.fromEntries(hashes)),
  );

/** A file of the user's code that runs in training, for what nobody handles and does not tell its place; "" for none. */
const userCodeOf = ({ lossFile, networkFile, data }: Configuration): string =>
  [lossFile, networkFile, datasetOf(data)].find((file) => file !== "") ?? "";

/** The variables after training, which the caller owns, saved to the folder of the run. */
const trainNetwork = (
  run: TrainingRun,
  network: DepthNetwork,
  objective: Objective,
  { farthest, generators, modules }: Required<Pick<CheckpointInfo, "farthest" | "generators" | "modules">>,
): TaskEither<Failure, DepthVariables> =>
async () => {
  const { device, configuration, data, log, out, listener, interrupted } = run;
  const { training: { steps, batch }, optim, seed } = configuration;
  const key = foldIn(keyOf(seed), "depth");
  const told = configuration.data.kind !== "scenes" ? { samples: await namesDigest(data.original) } : {};
  const story = { configuration: JSON.stringify(configuration), scenes: data.original.scenes, farthest, ...told };
  const info: CheckpointInfo = { kind: "depth", ...story, generators, modules };
  const learner = depthLearner(network, objective);
  const optimizer = optimizerOf(optim);
  const begun: TaskEither<Failure, DepthState | undefined> = interrupted === null
    ? TE.right(undefined)
    : resumeState(interrupted, learner, optimizer);
  return await pipe(
    begun,
    TE.chain((begun) => () =>
      watched(userCodeOf(configuration), ({ verdict }) =>
        fit(device, {
          ...{ label: "CLIFFNet", learner, steps, batch, optimizer, begun, listener, batchOf: measuredBatch },
          split: data.resized.train,
          read: data.augmented(configuration.augment),
          seed: key,
          log: (record) => pipe(log.write("depth")(record), E.chain(verdict)),
          keep: { every: run.keepEvery, save: (state) => saveCheckpoint(unfinishedOf(out), state, info) },
        })(), disposeState)
    ),
    TE.chainFirst((state) =>
      pipe(
        saveCheckpoint(`${out}/checkpoint.safetensors`, state, info),
        TE.mapLeft((problem) => {
          disposeState(state);
          return problem;
        }),
      )
    ),
    TE.map(({ variables, optimizer }) => {
      disposeTree(optimizer);
      const own = networkVariables(objective, variables);
      listener.message(describeSize(own.params, configuration));
      return own;
    }),
  )();
};

const trainAndTest = (
  run: TrainingRun,
  network: DepthNetwork,
  test: Split,
  { protocol, farthest }: EvaluationProtocol,
  generators: readonly Pretrained[],
): TaskEither<Failure, RunResult> =>
async () => {
  const { configuration: { data: { height, width }, evaluation }, data: { onUnreadable }, listener } = run;
  const objective = await objectiveFor(run.configuration, generators, listener)();
  if (E.isLeft(objective)) return objective;
  const hashes = await hashesOf(generators)();
  if (E.isLeft(hashes)) return hashes;
  const modules = await moduleHashes(run.configuration)();
  if (E.isLeft(modules)) return modules;
  const info = { farthest, generators: hashes.right, modules: modules.right };
  const trained = await trainNetwork(run, network, objective.right, info)();
  if (E.isLeft(trained)) return trained;
  const variables = trained.right;
  const predict = predictor(network, variables, height, width, `${run.out}/checkpoint.safetensors`);
  const options = { protocol, pictures: evaluation.pictures, onUnreadable, listener };
  const evaluated = await evaluateWithPictures(test, predict, options)();
  if (E.isLeft(evaluated)) disposeVariables(variables);
  return pipe(
    evaluated,
    E.bimap(
      predictedBy("the network"),
      (illustrated): RunResult => ({ illustrated, generators, farthest, network, variables }),
    ),
  );
};

/** The network as it is drawn, but for a ResNet that was trained before. Errors: those of its module, or of that file. */
const drawnNetwork = (configuration: Configuration, listener: Listener): TaskEither<Failure, BegunNetwork> =>
  configuration.networkFile === ""
    ? pipe(
      TE.fromTask(() => networkOf(configuration)),
      TE.chain((network) => pretrainedBackbone(network, configuration.backbone, listener)),
    )
    : pipe(configuredNetwork(configuration), TE.map((network) => ({ network, release: () => {} })));

/** The network with what of `init.file` fits, where there is one. Errors: as of `begunWith`. */
const initialized = (
  begun: BegunNetwork,
  configuration: Configuration,
  listener: Listener,
): TaskEither<Failure, BegunNetwork> =>
  configuration.init.file === ""
    ? TE.right(begun)
    : async () => await (await import("./initial_weights.ts")).begunWith(begun, configuration, listener)();

/**
 * Prepares the generators that the loss needs, trains a network and evaluates it on `test`. Writes to the folder of the run
 * the configuration as resolved, generators and checkpoint, but no metrics.
 */
export const trainAndEvaluate = (run: TrainingRun, test: Split): TaskEither<Failure, RunResult> => async () => {
  const { configuration, data, out, listener } = run;
  const protocol = await protocolFor(configuredProtocol(configuration.evaluation), data, listener)();
  if (E.isLeft(protocol)) return protocol;
  const begun = await pipe(
    drawnNetwork(configuration, listener),
    // What was interrupted has its variables already.
    TE.chain((begun) => run.interrupted === null ? initialized(begun, configuration, listener) : TE.right(begun)),
  )();
  if (E.isLeft(begun)) return begun;
  const { network, release } = begun.right;
  return await pipe(
    writeJson(`${out}/config.json`, configuration),
    TE.chain(() => prepareGenerators(run, neededGenerators(configuration), run.generatorOf)),
    TE.chain((generators) => () =>
      trainAndTest(run, network, test, protocol.right, generators)().finally(() =>
        generators.forEach(disposePretrained)
      )
    ),
  )().finally(release);
};
