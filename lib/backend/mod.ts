/**
 * Opening a device, and reading from it.
 *
 * ```ts
 * import { openDevice, readValues } from "@cliffnet/cliffnet/backend";
 * import { orThrow, tf } from "@cliffnet/cliffnet";
 *
 * const device = orThrow(await openDevice("wasm", { kernels: "own" })());
 * const sum = await readValues(tf.add(tf.scalar(1), tf.scalar(2))); // [3]
 * orThrow(await device.health()); // a GPU's validation error does not throw by itself
 * ```
 *
 * @module
 */
export {
  type BackendChoice,
  type BackendName,
  countTensors,
  type Device,
  type DeviceOptions,
  openDevice,
  readValues,
} from "./device.ts";
export type { KernelChoice } from "./kernels.ts";
export type { Either } from "../dependencies/fp.ts";
export type { Failure, FailureKind } from "../errors.ts";
