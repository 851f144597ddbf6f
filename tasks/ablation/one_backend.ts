import type { Device } from "../../lib/backend/device.ts";
import { E, type Either } from "../../lib/dependencies/fp.ts";
import { type Failure, failure } from "../../lib/errors.ts";
import type { RunState } from "./run_state.ts";

/** The backend that a run was made with, so far as it was made. */
const backendsOf = (state: RunState): readonly string[] =>
  state.kind === "finished" ? [state.record.backend.name] : state.kind === "interrupted" ? [state.backend] : [];

/**
 * Refuses to go on with another backend than that of the runs before: its own would have other times and other last bits.
 *
 * Errors: "usage", naming the backend to take.
 */
export const checkBackend = (
  { backend }: Pick<Device, "backend">,
  states: readonly RunState[],
): Either<Failure, void> => {
  const other = states.flatMap(backendsOf).find((name) => name !== backend);
  return other === undefined ? E.right(undefined) : E.left(failure(
    "usage",
    "--backend",
    `${backend}, and runs that were made with ${other}`,
    "one backend for all runs",
    `Run with --backend ${other}, or choose another --out.`,
  ));
};
