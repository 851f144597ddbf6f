import type { Configuration } from "../../lib/config/configuration.ts";
import type { Split } from "../../lib/data/dataset.ts";
import type { OpenData } from "../../lib/data/open_data.ts";
import { E, pipe, type TaskEither, TE } from "../../lib/dependencies/fp.ts";
import type { Failure } from "../../lib/errors.ts";
import type { DepthMetrics } from "../../lib/metrics/depth_metrics.ts";
import type { Protocol } from "../../lib/metrics/protocol.ts";
import { summarize } from "../../lib/metrics/summary.ts";
import { evaluateSplit } from "../../lib/train/evaluate.ts";
import { configuredProtocol, constantPredictor, trainingConstant } from "../results.ts";
import type { Plan } from "./plan.ts";
import type { RunRecord } from "./record.ts";
import type { FailedRun } from "./run_all.ts";
import { type GeneratorRecord, generatorRecord, generatorWork, type NeededGenerator } from "./shared_generators.ts";
import { type RowSummary, summaryOf } from "./summary.ts";

/** The best constant depth of the training split, in metres, and its metrics on the test split. */
export interface Constant {
  readonly metres: number;
  readonly metrics: DepthMetrics | null;
}

/** All that tables and plots show. */
export interface Report {
  readonly name: string;
  readonly baseline: string;
  readonly seeds: readonly number[];
  readonly protocol: Protocol;
  /** Rows and columns of the network's input. */
  readonly input: readonly [height: number, width: number];
  /** How many images the rows are evaluated on. */
  readonly images: number;
  /** The backends of the runs. */
  readonly backends: readonly string[];
  readonly rows: readonly RowSummary[];
  readonly constant: Constant;
  readonly generators: readonly (NeededGenerator & GeneratorRecord)[];
  readonly records: readonly RunRecord[];
  readonly failed: readonly FailedRun[];
}

const constantOf = (data: OpenData, test: Split, protocol: Protocol): TaskEither<Failure, Constant> =>
  pipe(
    trainingConstant(data.resized.train),
    TE.chain((metres) =>
      pipe(
        evaluateSplit(test, constantPredictor(metres), protocol, () => {}, data.onUnreadable),
        TE.map(({ sum }) => ({ metres, metrics: summarize(protocol, sum) })),
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
  const protocol = configuredProtocol(first.evaluation);
  return pipe(
    constantOf(data, test, protocol),
    TE.chain((constant) =>
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
