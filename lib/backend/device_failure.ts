/** How a device fails: what it reports by itself, and which of the errors that are thrown are its own. */
import type { Either, TaskEither } from "../dependencies/fp.ts";
import { causeOf, LayerError } from "../tensor/layer_error.ts";
import { attempt, causedBy, type Failure, failure, FailureError, reasonText } from "../errors.ts";

/** Asks a device whether it works still: a GPU's validation error or its loss does not throw by itself. */
export type Health = () => Promise<Either<Failure, void>>;

/** What this library's backends throw where the device cannot do what it is asked for, such as for want of memory. */
export class DeviceError extends Error {
  /** An error of the device's own; the message says what it could not do. */
  constructor(message: string) {
    super(message);
    this.name = "DeviceError";
  }
}

/**
 * Whether code in WebAssembly stopped, or its memory could not grow. Kernels only stop where memory that was not to be had
 * is used all the same, as what else could be wrong with their inputs is checked before.
 */
const isOfWebAssembly = (reason: unknown): boolean =>
  reason instanceof WebAssembly.RuntimeError ||
  (reason instanceof RangeError && reason.message.startsWith("WebAssembly."));

/** Whether WebGPU refused something: a promise or a call on a GPU that is lost or has no memory left, or a GPU's report. */
const isOfWebGpu = (reason: unknown): boolean =>
  (reason instanceof DOMException && (reason.name === "OperationError" || reason.name === "GPUPipelineError")) ||
  ("GPUError" in globalThis && reason instanceof GPUError);

const textOf = (reason: unknown): string =>
  "GPUError" in globalThis && reason instanceof GPUError ? reason.message : reasonText(reason);

/** Whether there was no memory: WebAssembly stops for no other reason, and GPUs say so, or that a buffer is too large. */
export const isOfMemory = (reason: unknown): boolean =>
  isOfWebAssembly(reason) || ("GPUOutOfMemoryError" in globalThis && reason instanceof GPUOutOfMemoryError) ||
  /memory|no room|too large|exceeds/i.test(textOf(reason));

const adviceFor = (reason: unknown): string =>
  isOfMemory(reason)
    ? "Try a smaller batch, smaller images, or the other one of the backends webgpu and wasm."
    : "Try the other one of the backends webgpu and wasm, or a newer driver.";

/**
 * What was thrown as a failure of the device, of kind "device" and with its cause, if it is the device's own error: WebAssembly
 * that stopped or has no memory left, a GPU that is lost, refuses what it is asked for or has no memory left. Null for all
 * else, which is a bug, or an error of a user's own code.
 *
 * @param where What was being done, as a person would name it.
 */
export const deviceFailure = (reason: unknown, where: string): Failure | null => {
  if (reason instanceof FailureError) return reason.failure.kind === "device" ? reason.failure : null;
  const cause = causeOf(reason);
  if (!(cause instanceof DeviceError || isOfWebAssembly(cause) || isOfWebGpu(cause))) return null;
  const place = reason instanceof LayerError ? `${where}, layer ${reason.path}` : where;
  const expected = "a device that computes without errors";
  return causedBy(cause)(failure("device", place, textOf(cause), expected, adviceFor(cause)));
};

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
