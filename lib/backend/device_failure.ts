import { type Failure, failure, reasonText } from "../errors.ts";

/** How the backends' own errors begin: memory that ends, on the GPU or in the wasm module. */
const messages = /^(no room for \d+ bytes|memory access out of bounds|Array buffer allocation failed|.*out of memory)/i;

const isDevices = (reason: unknown): boolean =>
  reason instanceof WebAssembly.RuntimeError || (reason instanceof Error && messages.test(reason.message));

/** The failure that a thrown error is if it is the device's own; null for anything else, which is a bug. */
export const deviceFailure = (reason: unknown, where: string): Failure | null =>
  isDevices(reason)
    ? {
      ...failure("device", where, reasonText(reason), "a device that computes", "Try a smaller batch or input."),
      cause: reason,
    }
    : null;
