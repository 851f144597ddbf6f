/** Runs of an ablation that fail: what can be known before the first one trains, and what is told of them. */
import { E, type Either, type TaskEither } from "../../dependencies/fp.ts";
import { describe, type Failure } from "../../errors.ts";
import { silent } from "../../train/listener.ts";
import { checkStart, type Start, trainingChecks } from "../start_checks.ts";
import { neededGenerators } from "../training.ts";
import type { PlannedRun } from "./plan.ts";

/** A run that could not begin or did not come to its end.
 * @category Experiments */
export interface FailedRun {
  /** The row of the ablation. */
  readonly row: string;
  /** The seed of its weights and batches. */
  readonly seed: number;
  /** Why. */
  readonly problem: Failure;
}

/** What the runs of an ablation are made on. */
type Ground = Pick<Start, "data" | "test" | "listener">;

/** Whether a run can begin, as far as that can be known before anything is trained. */
const checkRun = ({ data, test }: Ground, { configuration, out }: PlannedRun): TaskEither<Failure, void> => {
  const generators = neededGenerators(configuration);
  return checkStart({ configuration, data, test, generators, out, listener: silent }, trainingChecks);
};

/** All that a run is checked by but the folder: seeds change nothing of it. */
const kindOf = ({ configuration }: PlannedRun): string => JSON.stringify({ ...configuration, seed: 0 });

/** The runs that cannot begin, each told of at once. */
export const failedAtStart = async (ground: Ground, runs: readonly PlannedRun[]): Promise<readonly FailedRun[]> => {
  const failed: FailedRun[] = [];
  const results = new Map<string, Either<Failure, void>>();
  for (const planned of runs) {
    const kind = kindOf(planned);
    const result = results.get(kind) ?? await checkRun(ground, planned)();
    results.set(kind, result);
    if (E.isRight(result)) continue;
    const { row, seed } = planned;
    ground.listener.message(`row "${row}", seed ${seed} cannot be run: ${describe(result.left)}`);
    failed.push({ row, seed, problem: result.left });
  }
  return failed;
};

/** The failed runs as one failure; the first is told in full. */
export const failureOf = ([first, ...others]: readonly [FailedRun, ...FailedRun[]]): Failure => ({
  ...first.problem,
  where: `row "${first.row}", seed ${first.seed}: ${first.problem.where}`,
  ...(others.length === 0
    ? {}
    : { details: others.map(({ row, seed, problem }) => `row "${row}", seed ${seed}: ${describe(problem)}`) }),
});
