import type { Split } from "../../data/dataset.ts";
import type { OpenData } from "../../data/open_data.ts";
import { E, pipe, type TaskEither, TE } from "../../dependencies/fp.ts";
import type { Failure } from "../../errors.ts";
import { type DepthMetrics, metricNames } from "../../metrics/depth_metrics.ts";
import type { Protocol } from "../../metrics/protocols.ts";
import { pairedDifference, type Spread, spreadOf } from "../../metrics/statistics.ts";
import { summarize } from "../../metrics/summary.ts";
import { evaluateSplit } from "../../train/evaluate.ts";
import { silent } from "../../train/listener.ts";
import type { Configuration } from "../configuration.ts";
import { constantPredictor, predictedBy, trainingConstant } from "../evaluation.ts";
import { configuredProtocol, protocolFor } from "../evaluation_protocol.ts";
import type { Plan } from "./plan.ts";
import type { FailedRun } from "./failed_runs.ts";
import type { RunRecord } from "./run_record.ts";
import { type GeneratorRecord, generatorRecord, generatorWork, type NeededGenerator } from "./shared_generators.ts";

/** The name of a metric.
 * @category Experiments */
export type MetricName = keyof DepthMetrics;

/** A row of the tables: what its runs have come to.
 * @category Experiments */
export interface RowSummary {
  /** Its name. */
  readonly row: string;
  /** The seeds whose runs are finished. */
  readonly seeds: readonly number[];
  /** Each metric over the seeds; null where no run has it. */
  readonly metrics: ReadonlyMap<MetricName, Spread | null>;
  /** Each metric less the baseline's with the same seed; null of the baseline itself and where no seed is shared. */
  readonly differences: ReadonlyMap<MetricName, Spread | null>;
  /** How many numbers are learned; null where no run is finished. */
  readonly parameters: number | null;
  /** The median time of a step of each run, over the seeds. */
  readonly msPerStep: Spread | null;
}

/** The metric of a run, if it has it. */
export const metricOf = ({ network }: RunRecord, name: MetricName): number | null => {
  const value = network[name];
  return typeof value === "number" && Number.isFinite(value) ? value : null;
};

const bySeed = (records: readonly RunRecord[], name: MetricName): ReadonlyMap<number, number> =>
  new Map(records.flatMap((record) => {
    const value = metricOf(record, name);
    return value === null ? [] : [[record.seed, value] as const];
  }));

const ofMetrics = (value: (name: MetricName) => Spread | null): ReadonlyMap<MetricName, Spread | null> =>
  new Map(metricNames.map((name) => [name, value(name)]));

/** The rows of the tables, in the order of `rows`, from the runs that are finished. */
export const summaryOf = (
  rows: readonly string[],
  baseline: string,
  records: readonly RunRecord[],
): readonly RowSummary[] => {
  const recordsOf = (row: string) => records.filter((record) => record.row === row);
  const compared = recordsOf(baseline);
  return rows.map((row) => {
    const own = recordsOf(row);
    return {
      row,
      seeds: own.map(({ seed }) => seed),
      metrics: ofMetrics((name) => spreadOf([...bySeed(own, name).values()])),
      differences: ofMetrics((name) =>
        row === baseline ? null : pairedDifference(bySeed(own, name), bySeed(compared, name))
      ),
      parameters: own[0]?.parameters ?? null,
      msPerStep: spreadOf(own.flatMap(({ ms_per_step }) => ms_per_step === null ? [] : [ms_per_step])),
    };
  });
};

/** The metrics that any row has. */
export const metricsIn = (rows: readonly RowSummary[]): readonly MetricName[] =>
  metricNames.filter((name) => rows.some(({ metrics }) => (metrics.get(name) ?? null) !== null));

/** The best constant depth of the training split, in metres, and its metrics on the test split.
 * @category Experiments */
export interface Constant {
  /** The depth, in metres. */
  readonly metres: number;
  /** Its metrics; null if no image of the test split has a valid pixel. */
  readonly metrics: DepthMetrics | null;
}

/** All that tables and plots show.
 * @category Experiments */
export interface Report {
  /** What tables and pictures call the ablation. */
  readonly name: string;
  /** The row that the others are compared with. */
  readonly baseline: string;
  /** The seeds of each row. */
  readonly seeds: readonly number[];
  /** How the runs were evaluated. */
  readonly protocol: Protocol;
  /** Rows and columns of the network's input. */
  readonly input: readonly [height: number, width: number];
  /** How many images the rows are evaluated on. */
  readonly images: number;
  /** The backends of the runs. */
  readonly backends: readonly string[];
  /** The rows, in the order of the file. */
  readonly rows: readonly RowSummary[];
  /** The baseline that knows nothing of the images. */
  readonly constant: Constant;
  /** The generators that runs shared. */
  readonly generators: readonly (NeededGenerator & GeneratorRecord)[];
  /** The finished runs. */
  readonly records: readonly RunRecord[];
  /** The runs that failed. */
  readonly failed: readonly FailedRun[];
}

const constantOf = (data: OpenData, test: Split, protocol: Protocol): TaskEither<Failure, Constant> =>
  pipe(
    trainingConstant(data.resized.train, protocol.clip),
    TE.chain((metres) =>
      pipe(
        evaluateSplit(test, constantPredictor(metres), protocol, () => {}, data.onUnreadable),
        TE.bimap(predictedBy(`the constant ${metres} m`), ({ sum }) => ({ metres, metrics: summarize(protocol, sum) })),
      )
    ),
  );

/** The generators that were made for the runs, each once. */
const generatorsOf =
  (out: string, configurations: readonly Configuration[]): TaskEither<Failure, Report["generators"]> => async () => {
    const needed = new Map(
      configurations.flatMap((configuration) => generatorWork(out, configuration)).map((each) => [each.folder, each]),
    );
    const made: (NeededGenerator & GeneratorRecord)[] = [];
    for (const each of needed.values()) {
      const record = await generatorRecord(each.folder)();
      if (E.isRight(record) && record.right !== null) made.push({ ...each, ...record.right });
    }
    return E.right(made);
  };

/** Gathers what the finished runs of a plan have come to. */
export const reportOf = (
  { name, ablation: { baseline, seeds, rows }, out, runs, data: { height, width } }: Plan,
  data: OpenData,
  test: Split,
  records: readonly RunRecord[],
  failed: readonly FailedRun[],
): TaskEither<Failure, Report> => {
  const configurations = runs.map(({ configuration }) => configuration);
  const [first] = configurations;
  if (first === undefined) throw new Error("an ablation has at least one run");
  return pipe(
    protocolFor(configuredProtocol(first.evaluation), data, silent),
    TE.chain(({ protocol }) => pipe(constantOf(data, test, protocol), TE.map((constant) => ({ protocol, constant })))),
    TE.chain(({ protocol, constant }) =>
      pipe(
        generatorsOf(out, configurations),
        TE.map((generators): Report => ({
          ...{ name, baseline, seeds, protocol, constant, generators, records, failed },
          input: [height, width],
          images: test.size,
          backends: [...new Set(records.map(({ backend: { name, adapter } }) => `${name} on ${adapter}`))],
          rows: summaryOf([...rows.keys()], baseline, records),
        })),
      )
    ),
  );
};
