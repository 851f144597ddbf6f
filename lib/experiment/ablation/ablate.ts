import type { Device } from "../../backend/device.ts";
import { type ReadingOptions, withData } from "../../data/open_data.ts";
import { emptySplit, remember } from "../../data/split.ts";
import { E, pipe, type TaskEither, TE } from "../../dependencies/fp.ts";
import type { Failure } from "../../errors.ts";
import { removeAbandoned, writeBytes, writeText } from "../../formats/files.ts";
import type { Listener } from "../../train/listener.ts";
import { writeJson } from "../files.ts";
import { withLock } from "../folder_lock.ts";
import { datasetOf, namedData } from "../own_modules.ts";
import { failureOf } from "./failed_runs.ts";
import type { Plan } from "./plan.ts";
import type { Curve } from "./plots.ts";
import { type Report, reportOf } from "./report.ts";
import { curveFrom, runAll, type Setting } from "./run_all.ts";
import { checkBackend, type RunState, statesOf } from "./run_state.ts";
import { tableCsv, tableJson, tableMarkdown } from "./tables.ts";

const curvesOf = ({ runs }: Plan, { records }: Report): TaskEither<Failure, readonly Curve[]> =>
  TE.sequenceSeqArray(
    runs.filter(({ row, seed }) => records.some((record) => record.row === row && record.seed === seed)).map((
      { row, seed, out },
    ) => pipe(curveFrom(out), TE.map((points) => ({ row, seed, points })))),
  );

/** Draws and writes the plots. What draws is large, and loaded only now. */
const writePlots = (
  out: string,
  report: Report,
  curves: readonly Curve[],
): TaskEither<Failure, readonly void[]> =>
async () => {
  const { curveSheet, differenceSheet, metricSheet, openRasterizer, svgOf } = await import("./plots.ts");
  const rasterize = await openRasterizer();
  const sheets = [
    { name: "metrics", sheet: metricSheet(report) },
    ...(report.rows.length > 1 ? [{ name: "differences", sheet: differenceSheet(report) }] : []),
    { name: "curves", sheet: curveSheet(report, curves) },
  ];
  return await TE.sequenceSeqArray(sheets.map(({ name, sheet }) => {
    const svg = svgOf(sheet);
    return pipe(
      writeText(`${out}/${name}.svg`, svg),
      TE.chain(() => writeBytes(`${out}/${name}.png`, rasterize(svg))),
    );
  }))();
};

const write = (plan: Plan, report: Report): TaskEither<Failure, void> => {
  const { out } = plan;
  return pipe(
    writeText(`${out}/table.md`, tableMarkdown(report)),
    TE.chain(() => writeText(`${out}/table.csv`, tableCsv(report))),
    TE.chain(() => writeJson(`${out}/table.json`, tableJson(report))),
    TE.chain(() => curvesOf(plan, report)),
    TE.chain((curves) => writePlots(out, report, curves)),
    TE.map(() => undefined),
  );
};

/** What an ablation has come to.
 * @category Experiments */
export interface AblationResult {
  /** What its tables and plots show; null if no run is finished. */
  readonly report: Report | null;
  /** The failure that ended it early, or those of runs that failed, as one; null if there was none. */
  readonly problem: Failure | null;
}

const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? "" : "s"}`;

/** Why an ablation was stopped, with what is kept of it. */
const withKept = ({ out, keepEvery }: Setting, finished: number, problem: Failure): Failure => {
  const begun = keepEvery === 0 ? "" : `, and the one that was stopped, at most ${keepEvery} steps before`;
  return {
    ...problem,
    advice: `Kept in ${out}: ${counted(finished, "finished run")}${begun}; the same command goes on from there.`,
  };
};

/** Makes the runs, and writes what those that are finished have come to. */
const compare = (
  plan: Plan,
  setting: Setting,
  states: readonly RunState[],
): TaskEither<Failure, AblationResult> =>
async () => {
  const { records, failed, ended } = await runAll(setting, plan.runs, states)();
  // Who stops an ablation waits for no tables: it makes them when it goes on.
  if (ended?.kind === "interrupted") return E.left(withKept(setting, records.length, ended));
  const [first, ...others] = failed;
  const report: E.Either<Failure, Report | null> = records.length === 0 ? E.right(null) : await pipe(
    reportOf(plan, setting.data, setting.test, records, failed),
    TE.chainFirst((made) => write(plan, made)),
  )();
  const problem = ended ?? (first === undefined ? null : failureOf([first, ...others]));
  // A run's own failure says more than that its tables could not be written.
  if (E.isLeft(report) && ended !== null) return E.right({ report: null, problem });
  return pipe(report, E.map((made): AblationResult => ({ report: made, problem })));
};

const describePlan = ({ ablation: { rows, seeds }, runs }: Plan, states: readonly RunState[]): string => {
  const countOf = (kind: RunState["kind"]): number => states.filter((state) => state.kind === kind).length;
  const [finished, interrupted] = [countOf("finished"), countOf("interrupted")];
  const begun = interrupted === 0 ? "" : `, ${interrupted} to go on with`;
  const [allRows, allSeeds, allRuns] = [
    counted(rows.size, "row"),
    counted(seeds.length, "seed"),
    counted(runs.length, "run"),
  ];
  return `${allRows} with ${allSeeds}: ${allRuns}, ${finished} of them finished${begun}`;
};

/** How an ablation is run, besides which.
 * @category Experiments */
export interface AblationOptions extends ReadingOptions {
  /** Told how far it is. */
  readonly listener: Listener;
  /** Opens the device, once it is known what is to be done. */
  readonly openDevice: TaskEither<Failure, Device>;
}

const runPlan =
  (plan: Plan, { openDevice, ...reading }: AblationOptions): TaskEither<Failure, AblationResult> => async () => {
    const states = await statesOf(plan.runs)();
    if (E.isLeft(states)) return states;
    reading.listener.message(describePlan(plan, states.right));
    const device = await openDevice();
    if (E.isLeft(device)) return device;
    const same = checkBackend(device.right, states.right);
    if (E.isLeft(same)) return same;
    const own = await namedData(datasetOf(plan.data))();
    if (E.isLeft(own)) return own;
    return await withData(plan.data, { ...reading, own: own.right, purpose: "training" }, (data) => {
      if (data.original.test.size === 0) return TE.left(emptySplit("test"));
      // All runs are evaluated on the same samples: decoded or rendered once.
      const test = remember(data.original.test);
      const { out, ablation: { keepEvery } } = plan;
      const setting = { device: device.right, data, test, out, keepEvery, listener: reading.listener };
      return compare(plan, setting, states.right);
    })();
  };

/**
 * Trains each row of an ablation with each seed, what is finished already left out, compares the rows, and writes tables and
 * plots into the folder of the plan. What was interrupted goes on where it stopped, to the same numbers.
 *
 * Errors: those of data and device; "file" if another ablation runs in the folder. Runs that fail are left out of the
 * tables and told of in {@link AblationResult.problem}.
 * @category Experiments
 */
export const runAblation = (plan: Plan, options: AblationOptions): TaskEither<Failure, AblationResult> =>
  withLock(plan.out, "an ablation", () =>
    pipe(
      TE.sequenceSeqArray([plan, ...plan.runs].map(({ out }) => removeAbandoned(out))),
      TE.chain(() => runPlan(plan, options)),
    ));
