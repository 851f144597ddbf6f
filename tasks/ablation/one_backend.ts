import type { Device } from "../../lib/backend/device.ts";
import { E, type Either } from "../../lib/dependencies/fp.ts";
import { type Failure, failure } from "../../lib/errors.ts";
import type { RunState } from "./run_state.ts";

/**
 * Refuses to go on with another backend than that of the finished runs: its own would have other times and other last bits.
 *
 * Errors: "usage", naming the backend to take.
 */
export const checkBackend = (
  { backend }: Pick<Device, "backend">,
  states: readonly RunState[],
): Either<Failure, void> => {
  const others = states.flatMap((state) => state.kind === "finished" ? [state.record.backend.name] : []);
  const other = others.find((name) => name !== backend);
  return other === undefined ? E.right(undefined) : E.left(failure(
    "usage",
    "--backend",
    `${backend}, and finished runs that were made with ${other}`,
    "one backend for all runs",
    `Run with --backend ${other}, or choose another --out.`,
  ));
};
