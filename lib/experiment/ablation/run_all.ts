import type { Device } from "../../backend/device.ts";
import type { Split } from "../../data/dataset.ts";
import type { OpenData } from "../../data/open_data.ts";
import { describeSkipped } from "../../data/split.ts";
import { E, type Either, pipe, type TaskEither, TE } from "../../dependencies/fp.ts";
import type { Failure } from "../../errors.ts";
import { readText } from "../../formats/files.ts";
import { median } from "../../metrics/statistics.ts";
import { countParameters } from "../../tensor/tree.ts";
import { type Listener, type Work, workOf, type WorkPart } from "../../train/listener.ts";
import { evaluationJson, writePictures } from "../evaluation.ts";
import { clippingNotes } from "../evaluation_notes.ts";
import { openLog, removeFile, writeJson } from "../files.ts";
import { disposeVariables } from "../trained_network.ts";
import { type RunResult, trainAndEvaluate, type TrainingRun, unfinishedOf } from "../training.ts";
import { failedAtStart, type FailedRun } from "./failed_runs.ts";
import type { PlannedRun } from "./plan.ts";
import { curveOf, type CurvePoint, type RunRecord } from "./run_record.ts";
import { backendPath, failurePath, metricsPath, prepare, type RunState } from "./run_state.ts";
import { finite, generatorRecord, generatorWork, sharedGenerator } from "./shared_generators.ts";

/** What all runs of an ablation share. */
export interface Setting {
  readonly device: Device;
  readonly data: OpenData;
  /** The split that all are evaluated on. */
  readonly test: Split;
  /** The folder of the ablation. */
  readonly out: string;
  readonly keepEvery: number;
  /** Told how far the whole ablation is. */
  readonly listener: Listener;
}

/** What all runs have come to. */
export interface Outcome {
  readonly records: readonly RunRecord[];
  readonly failed: readonly FailedRun[];
  /** What ended the ablation before all runs were made; null if nothing did. */
  readonly ended: Failure | null;
}

/** The training curve of a run, from its log. */
export const curveFrom = (out: string): TaskEither<Failure, readonly CurvePoint[]> =>
  pipe(readText(`${out}/log.jsonl`, "record"), TE.map(curveOf));

const msPerStep = (curve: readonly CurvePoint[]): number | null =>
  curve.length === 0 ? null : Math.round(100 * median(Float32Array.from(curve, ({ ms }) => ms))) / 100;

const recordFrom = (
  { device }: Setting,
  { row, seed, configuration: { data: { height, width } } }: PlannedRun,
  { illustrated: { evaluation }, generators, variables }: RunResult,
  curve: readonly CurvePoint[],
  messages: readonly string[],
): RunRecord => ({
  row,
  seed,
  network: evaluationJson(evaluation),
  parameters: countParameters(variables.params),
  ms_per_step: msPerStep(curve),
  seconds: curve.reduce((sum, { ms }) => sum + ms, 0) / 1000,
  generators: Object.fromEntries(generators.map(({ generator, report }) => [generator, finite(report)])),
  backend: { name: device.backend, adapter: device.adapter },
  input: { height, width },
  notes: [
    ...messages,
    ...clippingNotes([["the network", evaluation]]),
    ...(evaluation.unreadable.length > 0 ? [describeSkipped(evaluation.unreadable)] : []),
  ],
});

/** Trains and evaluates one run, and writes its metrics when all else of it is written. */
const makeRun = (
  setting: Setting,
  planned: PlannedRun,
  state: RunState,
  { listener, messages }: WorkPart,
): TaskEither<Failure, RunRecord> =>
async () => {
  const { device, data, test, out: folder, keepEvery } = setting;
  const { configuration, out } = planned;
  const log = await openLog(out, state.kind === "interrupted" ? state.log : [])();
  if (E.isLeft(log)) return log;
  const run: TrainingRun = {
    ...{ device, configuration, data, out, listener, keepEvery, log: log.right },
    generatorOf: sharedGenerator(folder),
    interrupted: state.kind === "interrupted" ? state.checkpoint : null,
  };
  return await pipe(
    prepare(device, planned, state),
    TE.chain(() => trainAndEvaluate(run, test)),
    TE.map((result) => {
      disposeVariables(result.variables);
      return result;
    }),
    TE.chainFirst(({ illustrated }) => writePictures(`${out}/pictures`, illustrated)),
    TE.chain((result) =>
      pipe(curveFrom(out), TE.map((curve) => recordFrom(setting, planned, result, curve, messages)))
    ),
    TE.chainFirst((record) => writeJson(metricsPath(out), record)),
    TE.chainFirst(() => removeFile(unfinishedOf(out))),
    TE.chainFirst(() => removeFile(backendPath(out))),
  )();
};

/** A run, how far it was when the ablation was started, and how many steps it is long. */
interface StartedRun {
  readonly planned: PlannedRun;
  readonly state: RunState;
  /** The steps of its training and its test samples, and the steps of the generators that it is the first to need. */
  readonly size: number;
}

/** Whether nothing is to be done for a run. */
const isDone = (state: RunState): boolean => state.kind === "finished" || state.kind === "failed";

const startedRuns = async (
  { out, test }: Setting,
  runs: readonly PlannedRun[],
  states: readonly RunState[],
): Promise<readonly StartedRun[]> => {
  const known = new Set<string>();
  const started: StartedRun[] = [];
  for (const [at, planned] of runs.entries()) {
    const { configuration } = planned;
    const state: RunState = states[at] ?? { kind: "new" };
    let size = configuration.training.steps + test.size;
    const wanted = isDone(state) ? [] : generatorWork(out, configuration);
    for (const { folder, steps } of wanted) {
      if (!known.has(folder) && !await isMade(folder)) size += steps;
      known.add(folder);
    }
    started.push({ planned, state, size });
  }
  return started;
};

const isMade = async (folder: string): Promise<boolean> => {
  const record = await generatorRecord(folder)();
  return E.isRight(record) && record.right !== null;
};

/** The steps of a run that need not be made: all, none, or those of an interrupted one. */
const madeBefore = ({ state, size }: StartedRun): number =>
  isDone(state) ? size : state.kind === "interrupted" ? state.checkpoint.step : 0;

const sumOf = (numbers: readonly number[]): number => numbers.reduce((sum, number) => sum + number, 0);

/** What fails one run leaves the others as they are, unless the device has failed, or somebody has stopped them all. */
const goesOn = ({ device }: Setting, problem: Failure): TaskEither<Failure, Either<Failure, never>> => async () => {
  if (problem.kind === "interrupted") return E.left(problem);
  const health = await device.health();
  return E.isLeft(health) ? health : E.right(E.left(problem));
};

/** What a run has come to: its record, or why it failed. That its numbers ended is kept: it would end so again. */
const makeOrFail = (
  setting: Setting,
  planned: PlannedRun,
  state: RunState,
  part: WorkPart,
): TaskEither<Failure, Either<Failure, RunRecord>> =>
  pipe(
    makeRun(setting, planned, state, part),
    TE.map((record): Either<Failure, RunRecord> => E.right(record)),
    TE.orElse((problem) =>
      problem.kind !== "numeric" ? goesOn(setting, problem) : pipe(
        writeJson(failurePath(planned.out), problem),
        TE.chain(() => removeFile(backendPath(planned.out))),
        TE.map((): Either<Failure, RunRecord> => E.left(problem)),
      )
    ),
  );

/** What a run has come to, told as a part of all work; what was done before is looked up. */
const outcomeOf = (setting: Setting, run: StartedRun, work: Work): TaskEither<Failure, Either<Failure, RunRecord>> => {
  const { planned, state, size } = run;
  if (state.kind === "finished") return TE.right(E.right(state.record));
  if (state.kind === "failed") return TE.right(E.left(state.problem));
  return async () => {
    const part = work.part(`${planned.row}, seed ${planned.seed}`, size, madeBefore(run));
    return await makeOrFail(setting, planned, state, part)().finally(part.end);
  };
};

const runEach = async (
  setting: Setting,
  started: readonly StartedRun[],
  failedAtStart: readonly FailedRun[],
  work: Work,
): Promise<Outcome> => {
  const records: RunRecord[] = [];
  const failed: FailedRun[] = [...failedAtStart];
  for (const run of started) {
    const { row, seed } = run.planned;
    const result = await outcomeOf(setting, run, work)();
    if (E.isLeft(result)) {
      return { records, failed, ended: { ...result.left, where: `row "${row}", seed ${seed}: ${result.left.where}` } };
    }
    if (E.isRight(result.right)) records.push(result.right.right);
    else failed.push({ row, seed, problem: result.right.left });
  }
  return { records, failed, ended: null };
};

/**
 * Makes all runs that are not finished, one after the other, under one bar. Those that cannot begin are told of before the
 * first one trains. A run that fails is left out and told of, and the next one is made; only a device that has failed ends
 * the ablation, which goes on from there when it is started again.
 */
export const runAll = (
  setting: Setting,
  runs: readonly PlannedRun[],
  states: readonly RunState[],
): () => Promise<Outcome> =>
async () => {
  const all = await startedRuns(setting, runs, states);
  const failed = await failedAtStart(setting, all.filter(({ state }) => !isDone(state)).map(({ planned }) => planned));
  const started = all.filter(({ planned: { row, seed } }) =>
    !failed.some((each) => each.row === row && each.seed === seed)
  );
  const before = sumOf(started.map(madeBefore));
  // Where there is no terminal, about one line a run.
  const bar = setting.listener.progress(
    "ablation",
    sumOf(started.map(({ size }) => size)),
    before,
    Math.max(runs.length, 10),
  );
  return await runEach(setting, started, failed, workOf(bar, before)).finally(bar.end);
};
