import type { TaskEither } from "../dependencies/fp.ts";
import { attempt, type Failure, FailureError } from "../errors.ts";
import { deviceFailure } from "./device_failure.ts";

/** The failure that was thrown, if it was expected or is the device's own; anything else is a bug, and is thrown on. */
export const thrownFailure = (reason: unknown, where: string): Failure => {
  if (reason instanceof FailureError) return reason.failure;
  const problem = deviceFailure(reason, where);
  if (problem === null) throw reason;
  return problem;
};

/**
 * What `run` computes on the device. Rejects with what else `run` throws, which is a bug.
 *
 * Errors: "device" if the device says that it failed, such as for want of memory.
 */
export const onDevice = <A>(where: string, run: () => Promise<A>): TaskEither<Failure, A> =>
  attempt(run, (reason) => thrownFailure(reason, where));
