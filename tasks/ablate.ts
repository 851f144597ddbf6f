import { emptySplit, remember } from "../lib/data/split.ts";
import { E, pipe, type TaskEither, TE } from "../lib/dependencies/fp.ts";
import type { Failure } from "../lib/errors.ts";
import { writeBytes, writeText } from "../lib/formats/files.ts";
import { withLock } from "./ablation/lock.ts";
import { checkBackend } from "./ablation/one_backend.ts";
import { type Plan, planOf } from "./ablation/plan.ts";
import { type Curve, curveSheet, differenceSheet, metricSheet } from "./ablation/plots.ts";
import { openRasterizer } from "./ablation/png.ts";
import { type Report, reportOf } from "./ablation/report.ts";
import { curveFrom, failureOf, runAll, type Setting, tryLosses } from "./ablation/run_all.ts";
import { type RunState, statesOf } from "./ablation/run_state.ts";
import { type Sheet, svgOf } from "./ablation/sheet.ts";
import { csv, jsonOf, markdown, plainTable } from "./ablation/tables.ts";
import { type Arguments, type Command, commonFlags } from "./arguments.ts";
import { openBackend, withData } from "./context.ts";
import { main } from "./main.ts";
import { writeJson } from "./results.ts";

const command: Command = {
  name: "ablate",
  summary: "Trains each row of an ablation with each seed, what is finished already left out, and compares the rows.",
  flags: [
    ...commonFlags.map((flag) =>
      flag.name === "config" ? { ...flag, help: "the ablation, JSON with comments; needed" } : flag
    ),
    { name: "base", value: "FILE", help: "the configuration that the rows change, instead of the ablation's own" },
    { name: "data", value: "DIR", help: "the folder of the data set" },
    { name: "out", value: "DIR", help: "the folder of all runs, runs/NAME of the ablation by default" },
  ],
};

const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? "" : "s"}`;

const describePlan = ({ ablation: { rows, seeds }, runs }: Plan, states: readonly RunState[]): string => {
  const [finished = 0, interrupted = 0] = ["finished", "interrupted"].map((kind) =>
    states.filter((state) => state.kind === kind).length
  );
  const begun = interrupted === 0 ? "" : `, ${interrupted} to go on with`;
  const [allRows, allSeeds, allRuns] = [
    counted(rows.size, "row"),
    counted(seeds.length, "seed"),
    counted(runs.length, "run"),
  ];
  return `${allRows} with ${allSeeds}: ${allRuns}, ${finished} of them finished${begun}`;
};

const curvesOf = ({ runs }: Plan, { records }: Report): TaskEither<Failure, readonly Curve[]> =>
  TE.sequenceSeqArray(
    runs.filter(({ row, seed }) => records.some((record) => record.row === row && record.seed === seed)).map((
      { row, seed, out },
    ) => pipe(curveFrom(out), TE.map((points) => ({ row, seed, points })))),
  );

const writePlots = (out: string, sheets: readonly (readonly [string, Sheet])[]): TaskEither<Failure, void> =>
  pipe(
    TE.fromTask(openRasterizer),
    TE.chain((rasterize) =>
      TE.sequenceSeqArray(sheets.map(([name, sheet]) => {
        const svg = svgOf(sheet);
        return pipe(
          writeText(`${out}/${name}.svg`, svg),
          TE.chain(() => writeBytes(`${out}/${name}.png`, rasterize(svg))),
        );
      }))
    ),
    TE.map(() => undefined),
  );

const whatIsWhere = (out: string, rows: number): string =>
  [
    `${out}/table.md, .csv, .json     means, and differences to the baseline, with their intervals`,
    `${out}/metrics.svg, .png         every metric by row`,
    ...(rows > 1 ? [`${out}/differences.svg, .png     every paired difference by row`] : []),
    `${out}/curves.svg, .png          the training curves`,
    `${out}/ROW/seed-N                the runs, each with its checkpoint`,
  ].join("\n");

const write = (plan: Plan, report: Report): TaskEither<Failure, void> => {
  const { out } = plan;
  return pipe(
    writeText(`${out}/table.md`, markdown(report)),
    TE.chain(() => writeText(`${out}/table.csv`, csv(report))),
    TE.chain(() => writeJson(`${out}/table.json`, jsonOf(report))),
    TE.chain(() => curvesOf(plan, report)),
    TE.chain((curves) =>
      writePlots(out, [
        ["metrics", metricSheet(report)],
        ...(report.rows.length > 1 ? [["differences", differenceSheet(report)] as const] : []),
        ["curves", curveSheet(report, curves)],
      ])
    ),
    TE.map(() => console.log(`\n${plainTable(report)}\n\n${whatIsWhere(out, report.rows.length)}`)),
  );
};

/** Makes the runs, writes what those that are finished have come to, and then tells of those that failed. */
const compare = (plan: Plan, setting: Setting, states: readonly RunState[]): TaskEither<Failure, void> => async () => {
  const { records, failed, ended } = await runAll(setting, plan.runs, states)();
  const [first, ...others] = failed;
  const written = records.length === 0 ? E.right(undefined) : await pipe(
    reportOf(plan, setting.data, setting.test, records, failed),
    TE.chain((report) => write(plan, report)),
  )();
  if (ended !== null) return E.left(ended);
  if (E.isLeft(written) || first === undefined) return written;
  return E.left(failureOf([first, ...others]));
};

const ablatePlan = (args: Arguments, plan: Plan): TaskEither<Failure, void> => async () => {
  const states = await statesOf(plan.runs)();
  if (E.isLeft(states)) return states;
  console.log(describePlan(plan, states.right));
  const device = await openBackend(args)();
  if (E.isLeft(device)) return device;
  const same = checkBackend(device.right, states.right);
  if (E.isLeft(same)) return same;
  const tried = await tryLosses(plan.runs.filter((_, at) => states.right[at]?.kind !== "finished"))();
  if (E.isLeft(tried)) return tried;
  return await withData(args, plan.data, (data) => {
    if (data.original.test.size === 0) return TE.left(emptySplit("test"));
    // All runs are evaluated on the same samples: decoded or rendered once.
    const test = remember(data.original.test);
    const { out, ablation: { keepEvery } } = plan;
    return compare(plan, { device: device.right, data, test, out, keepEvery }, states.right);
  })();
};

const ablate = (args: Arguments): TaskEither<Failure, void> =>
  pipe(planOf(args), TE.chain((plan) => withLock(plan.out, () => ablatePlan(args, plan))));

await main(command, ablate);
