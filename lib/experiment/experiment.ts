import { type BackendChoice, type Device, openDevice } from "../backend/device.ts";
import type { Split } from "../data/dataset.ts";
import { type OpenData, withData } from "../data/open_data.ts";
import { remember } from "../data/split.ts";
import { E, pipe, type TaskEither, TE } from "../dependencies/fp.ts";
import type { GeneratorName } from "../embedding/generators.ts";
import { type Failure, settled } from "../errors.ts";
import type { Protocol } from "../metrics/protocols.ts";
import { evaluateSplit, type Evaluation } from "../train/evaluate.ts";
import { type Listener, silent } from "../train/listener.ts";
import type { Configuration } from "./configuration.ts";
import {
  constantPredictor,
  evaluationJson,
  predictedBy,
  sumJson,
  trainingConstant,
  writePictures,
} from "./evaluation.ts";
import { type LogFile, openLog, writeJson } from "./files.ts";
import { inputsOf } from "./inputs.ts";
import { datasetOf, namedData } from "./own_modules.ts";
import { pretrain, type Pretrained, pretrainOrLoad } from "./pretraining.ts";
import { checkFolder, describeKept, inRunFolder, type RunPaths, runPaths } from "./run_folder.ts";
import { checkStart, pretrainingChecks, trainingChecks } from "./start_checks.ts";
import { disposeVariables, type TrainedNetwork, trainedNetwork } from "./trained_network.ts";
import { neededGenerators, type RunResult, trainAndEvaluate, type TrainingRun } from "./training.ts";

/** The prediction that is the same everywhere, with the least `rel` on the training split, as a baseline.
 * @category Experiments */
export interface ConstantBaseline {
  /** The depth in metres. */
  readonly metres: number;
  /** What it comes to on the test split. */
  readonly evaluation: Evaluation;
}

/** What a run has come to.
 * @category Experiments */
export interface Experiment {
  /** The trained network, which predicts images of any size; its owner disposes it. */
  readonly trained: TrainedNetwork;
  /** The network on the test split. */
  readonly evaluation: Evaluation;
  /** The best constant depth on the test split, for comparison. */
  readonly constant: ConstantBaseline;
  /** How well each generator that the loss needed does its pretext task, by name. */
  readonly generators: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** Where all of it lies. */
  readonly paths: RunPaths;
}

/** How an experiment is run.
 * @category Experiments */
export interface ExperimentOptions {
  /** The folder of the run. */
  readonly out: string;
  /** Whether a training that lies in the folder is moved aside, to a folder beside it; else it is refused, the default. */
  readonly fresh?: boolean;
  /** Told how the run is doing; nobody by default. */
  readonly listener?: Listener;
  /** An open device; without it one is opened. */
  readonly device?: Device;
  /** Which backend is opened if no device is given, "auto" by default. */
  readonly backend?: BackendChoice;
  /** Workers that read the data: by default one less than there are processors, at most 8; 0 reads in this thread. */
  readonly workers?: number;
}

/** What metrics.json holds of a network, before and after the constant is known. */
const metricsOf = (
  { configuration: { data: { height, width } }, device }: TrainingRun,
  { illustrated, generators }: RunResult,
  constant: ConstantBaseline | null,
) => ({
  protocol: illustrated.evaluation.protocol,
  network: evaluationJson(illustrated.evaluation),
  ...(constant === null ? {} : { constant: { metres: constant.metres, ...sumJson(constant.evaluation) } }),
  generators: Object.fromEntries(generators.map(({ generator, report }) => [generator, report])),
  input: { height, width },
  backend: { name: device.backend, adapter: device.adapter },
});

/** The best constant depth of a training split, evaluated as the network was. */
const constantBaseline = (
  { data }: TrainingRun,
  test: Split,
  protocol: Protocol,
): TaskEither<Failure, ConstantBaseline> =>
  pipe(
    trainingConstant(data.resized.train, protocol.clip),
    TE.chain((metres) =>
      pipe(
        evaluateSplit(test, constantPredictor(metres), protocol, () => {}, data.onUnreadable),
        TE.bimap(predictedBy(`the constant ${metres} m`), (evaluation): ConstantBaseline => ({ metres, evaluation })),
      )
    ),
  );

/** Writes what the network has come to, then the same with the baseline: if that fails, the network's numbers are kept. */
const report = (run: TrainingRun, test: Split, result: RunResult): TaskEither<Failure, ConstantBaseline> => {
  const { metrics, pictures } = runPaths(run.out);
  return pipe(
    writeJson(metrics, metricsOf(run, result, null)),
    TE.chain(() => writePictures(pictures, result.illustrated)),
    TE.chain(() => constantBaseline(run, test, result.illustrated.evaluation.protocol)),
    TE.chainFirst((constant) => writeJson(metrics, metricsOf(run, result, constant))),
  );
};

const experimentOf = (
  { configuration, out }: TrainingRun,
  { illustrated, generators, network, variables, farthest }: RunResult,
  constant: ConstantBaseline,
): Experiment => ({
  trained: trainedNetwork(configuration, network, variables, runPaths(out).checkpoint, farthest),
  evaluation: illustrated.evaluation,
  constant,
  generators: Object.fromEntries(generators.map(({ generator, report }) => [generator, report])),
  paths: runPaths(out),
});

/** What a run works with: what was opened for it, and its folder. */
interface Opened {
  readonly device: Device;
  readonly configuration: Configuration;
  readonly data: OpenData;
  readonly listener: Listener;
  readonly out: string;
  readonly fresh: boolean;
}

/** The failure of an interrupted run, which says what is kept of it. */
const withKept = <A>(out: string) => (problem: Failure): TaskEither<Failure, A> =>
  problem.kind !== "interrupted" ? TE.left(problem) : pipe(
    describeKept(out),
    TE.chain((advice) => TE.left<Failure, A>({ ...problem, advice })),
  );

/** Writes a run's configuration and log, and all else, into its folder, in which nothing of another training is. */
const inFolder = <A>(
  { configuration, listener, out, fresh }: Opened,
  use: (log: LogFile) => TaskEither<Failure, A>,
): TaskEither<Failure, A> =>
  pipe(
    inRunFolder(
      out,
      { fresh, inputs: inputsOf(configuration) },
      listener.message,
      () => settled(pipe(openLog(out), TE.chain(use))),
    ),
    TE.orElse(withKept<A>(out)),
  );

/** Trains on data that are open already, and evaluates on a split. */
const runOn = (opened: Opened, test: Split): TaskEither<Failure, Experiment> =>
  inFolder(opened, (log) => async () => {
    const run: TrainingRun = { ...opened, log, generatorOf: pretrainOrLoad, keepEvery: 0, interrupted: null };
    const result = await trainAndEvaluate(run, test)();
    if (E.isLeft(result)) return result;
    const constant = await report(run, test, result.right)();
    if (E.isLeft(constant)) disposeVariables(result.right.variables);
    return pipe(constant, E.map((baseline) => experimentOf(run, result.right, baseline)));
  });

/** Opens device and data as they are asked for, if the run may begin in its folder, and closes the data again. */
const opening = <A>(
  configuration: Configuration,
  { out, fresh = false, listener = silent, device, backend = "auto", workers }: ExperimentOptions,
  use: (opened: Opened) => TaskEither<Failure, A>,
): TaskEither<Failure, A> =>
  pipe(
    checkFolder(out, { fresh, inputs: inputsOf(configuration) }),
    TE.chain(() => device === undefined ? openDevice(backend) : TE.right(device)),
    TE.chain((device) =>
      pipe(
        namedData(datasetOf(configuration.data)),
        TE.chain((own) =>
          withData(
            configuration.data,
            { listener, own, purpose: "training", ...(workers === undefined ? {} : { workers }) },
            (data) => use({ device, configuration, data, listener, out, fresh }),
          )
        ),
      )
    ),
  );

/**
 * Trains as `deno task train` does: pretrains the generators that the loss needs, trains a depth network, evaluates it and
 * the best constant depth on the test split, and writes checkpoint, log, metrics, configuration and pictures.
 *
 * ```ts
 * const configuration = orThrow(await readConfiguration("configs/quickstart.jsonc")());
 * const { trained, paths } = orThrow(await runExperiment(configuration, { out: "runs/mine" })());
 * ```
 *
 * What it reads is tried before anything is written, and its folder must hold no other training, unless that is moved aside.
 *
 * Errors: those of opening device and data, of reading and writing, of losses and generators; "file" if another training lies
 * or runs in the folder; "numeric" if the numbers end; "interrupted" if the listener is a stopped one, see `stoppable`.
 * @category Experiments
 */
export const runExperiment = (
  configuration: Configuration,
  options: ExperimentOptions,
): TaskEither<Failure, Experiment> =>
  opening(
    configuration,
    options,
    (opened) => {
      // The network and the constant are evaluated on the same samples: decoded or rendered once.
      const test = remember(opened.data.original.test);
      const start = { ...opened, test, generators: neededGenerators(configuration) };
      return pipe(checkStart(start, trainingChecks), TE.chain(() => runOn(opened, test)));
    },
  );

/**
 * Pretrains one generator as `deno task pretrain` does, or draws it if it is a random one, and writes its checkpoint, its
 * log, how well it does its pretext task, and the configuration. The caller owns what it gives, see `disposePretrained`.
 *
 * Errors: as of {@link runExperiment}; "data" if there are no labels for a generator that learns them.
 * @category Experiments
 */
export const runPretraining = (
  configuration: Configuration,
  generator: GeneratorName,
  options: ExperimentOptions,
): TaskEither<Failure, Pretrained> =>
  opening(configuration, options, (opened) =>
    pipe(
      checkStart({ ...opened, test: opened.data.original.test, generators: [generator] }, pretrainingChecks),
      TE.chain(() =>
        inFolder(opened, (log) => {
          const { configuration: config, metrics } = runPaths(opened.out);
          return pipe(
            writeJson(config, configuration),
            TE.chain(() => pretrain({ ...opened, log }, generator)),
            TE.chainFirst(({ report }) => writeJson(metrics, { [generator]: report })),
          );
        })
      ),
    ));
