/** What tests on tensors share: tests on every backend that is present, and tensors as numbers. */
import { countTensors, type Device, openDevice, readValues } from "../lib/backend/device.ts";
import { tf } from "../lib/dependencies/tensorflow.ts";
import { orThrow } from "../lib/errors.ts";
import { asFeatures, type Features, type Tensor } from "../lib/tensor/features.ts";
import { scope } from "../lib/tensor/scope.ts";
import { disposeTree, leaves, mapTree, type Tree } from "../lib/tensor/tree.ts";
import { assertEquals } from "./std.ts";

const openAll = async (): Promise<readonly Device[]> => {
  const wasm = orThrow(await openDevice("wasm")());
  const adapter = "gpu" in navigator ? await navigator.gpu.requestAdapter() : null;
  if (adapter === null) {
    console.log("webgpu: no adapter, its tests are skipped");
    return [wasm];
  }
  const webgpu = orThrow(await openDevice("webgpu")());
  // Else small tensors, such as all of these tests, would be computed by TensorFlow.js's cpu backend.
  tf.env().set("WEBGPU_CPU_FORWARD", false);
  return [wasm, webgpu];
};

const devices = await openAll();

const testOn = (device: Device, behaviour: string, run: (device: Device) => void | Promise<void>): void =>
  Deno.test(`${device.backend}: ${behaviour}`, async () => {
    await tf.setBackend(device.backend);
    const before = countTensors();
    await run(device);
    orThrow(await device.health());
    assertEquals(countTensors(), before, "tensors left over");
  });

/**
 * Declares a test for each backend that is present: wasm always, webgpu if there is any adapter, be it software. A test
 * also fails if the GPU has complained, which does not throw by itself, or if it leaves tensors behind.
 */
export const onBackend = (behaviour: string, run: (device: Device) => void | Promise<void>): void =>
  devices.forEach((device) => testOn(device, behaviour, run));

/** The same on wasm alone: for what no backend can change, or what would take a software GPU too long. */
export const onWasm = (behaviour: string, run: (device: Device) => void | Promise<void>): void =>
  devices.filter(({ backend }) => backend === "wasm").forEach((device) => testOn(device, behaviour, run));

/** A tensor as numbers. */
export interface Numbers {
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/** A tensor's shape and values; the tensor stays its owner's. */
export const numbersOf = async (tensor: Tensor): Promise<Numbers> => ({
  shape: tensor.shape,
  values: await readValues(tensor),
});

/** The leaves of a tree by path; the tree stays its owner's. */
export const readLeaves = async (tree: Tree): Promise<ReadonlyMap<string, Numbers>> =>
  new Map(await Promise.all(leaves(tree).map(async ({ path, tensor }) => [path, await numbersOf(tensor)] as const)));

/** Runs `run` in a scope and reads the leaves of its tree by path; nothing that it made is left. */
export const readTree = async (run: () => Tree): Promise<ReadonlyMap<string, Numbers>> => {
  // Clones, as leaves that were not made here stay their owner's.
  const tree = scope(() => mapTree(run(), (tensor) => tensor.clone()));
  const numbers = await readLeaves(tree);
  disposeTree(tree);
  return numbers;
};

/** The same for a record of tensors, whose names the type knows. */
export const read = async <K extends string>(
  run: () => Readonly<Record<K, Tensor>>,
): Promise<Readonly<Record<K, Numbers>>> => Object.fromEntries(await readTree(run)) as Record<K, Numbers>;

/** Runs `run` in a scope and reads the one tensor that it made. */
export const valuesOf = async (run: () => Tensor): Promise<Float32Array> =>
  (await read(() => ({ tensor: run() }))).tensor.values;

/** Feature maps from numbers; the caller owns the tensor. */
export const featuresOf = <C extends number>(
  [batch, height, width, channels]: readonly [number, number, number, C],
  values: ArrayLike<number>,
): Features<C> => asFeatures(channels, tf.tensor4d(Float32Array.from(values), [batch, height, width, channels]));
