import { pipe, type TaskEither, TE } from "../dependencies/fp.ts";
import type { Failure } from "../errors.ts";
import type { Transformation } from "../optim/transformation.ts";
import { type Branch, disposeTree } from "../tensor/tree.ts";
import { restoreTree, restoreVariables } from "../weights/restore.ts";
import type { Checkpoint } from "./checkpoint.ts";
import type { Learner } from "./learner.ts";
import type { TrainState } from "./step.ts";

/**
 * The state of a training that {@link saveCheckpoint} wrote, with which {@link trainLoop} goes on as if it had not stopped.
 * The caller owns it.
 *
 * Errors: "checkpoint", listing all tensors that do not fit learner and optimizer; those of reading the file.
 */
export const resumeState = <B, P extends Branch, S extends Branch>(
  { weights, step, key }: Checkpoint,
  learner: Learner<B, P, S>,
  optimizer: Transformation,
): TaskEither<Failure, TrainState<P, S>> =>
  pipe(
    restoreVariables(weights, learner),
    TE.chain((variables) =>
      pipe(
        restoreTree<Branch>(weights, "optimizer", optimizer.form(learner.form.params)),
        TE.map((optimizerState) => ({ step, key, variables, optimizer: optimizerState })),
        TE.mapLeft((problem) => {
          [variables.params, variables.statistics].forEach(disposeTree);
          return problem;
        }),
      )
    ),
  );
