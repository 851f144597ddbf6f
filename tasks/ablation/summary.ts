import { type DepthMetrics, metricNames } from "../../lib/metrics/depth_metrics.ts";
import { pairedDifference, type Spread, spreadOf } from "../../lib/metrics/spread.ts";
import type { RunRecord } from "./record.ts";

/** The name of a metric. */
export type MetricName = keyof DepthMetrics;

/** A row of the tables: what its runs have come to. */
export interface RowSummary {
  readonly row: string;
  /** The seeds whose runs are finished. */
  readonly seeds: readonly number[];
  /** Each metric over the seeds; null where no run has it. */
  readonly metrics: ReadonlyMap<MetricName, Spread | null>;
  /** Each metric less the baseline's with the same seed; null of the baseline itself and where no seed is shared. */
  readonly differences: ReadonlyMap<MetricName, Spread | null>;
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
