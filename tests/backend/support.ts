/** The backends that are present, opened for tests, and what the tests of kernels share. */
import { type Device, openDevice } from "../../lib/backend/device.ts";
import { tf } from "../../lib/dependencies/tensorflow.ts";
import { WebGPUBackend } from "../../lib/dependencies/webgpu.ts";
import { orThrow } from "../../lib/errors.ts";
import { assert, assertEquals } from "../std.ts";

/** WebGPU, if this machine has any adapter, be it software; prints if not. */
export const openWebGpu = async (): Promise<readonly Device[]> => {
  if (await navigator.gpu?.requestAdapter() == null) {
    console.log("webgpu: no adapter, its tests are skipped");
    return [];
  }
  const device = orThrow(await openDevice("webgpu")());
  // Else small tensors, such as all of these tests, would be computed by TensorFlow.js's cpu backend.
  tf.env().set("WEBGPU_CPU_FORWARD", false);
  return [device];
};

/** Opens the backends that this machine has, wasm always, and prints which are skipped. */
export const openBackends = async (): Promise<readonly Device[]> => [
  orThrow(await openDevice("wasm")()),
  ...await openWebGpu(),
];

/** Declares one test for each backend; it also fails where the GPU complains or tensors are left over. */
export const testOn = (
  backends: readonly Device[],
  behaviour: string,
  run: () => Promise<void>,
): void =>
  backends.forEach((device) =>
    Deno.test(`${device.backend}: ${behaviour}`, async () => {
      await tf.setBackend(device.backend);
      const before = tf.memory().numTensors;
      await run();
      orThrow(await device.health());
      assertEquals(tf.memory().numTensors, before, "tensors left over");
    })
  );

/** `length` numbers between −1 and 1 that look random, the same for the same seed. */
export const noise = (length: number, seed: number): number[] => {
  let state = (seed * 2654435761 + 1013904223) >>> 0;
  return Array.from({ length }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.fround(state / 2 ** 31 - 1);
  });
};

/** The number of elements of a shape. */
export const sizeOf = (shape: readonly number[]): number => shape.reduce((product, size) => product * size, 1);

/** ⟨a, b⟩, in float64. */
export const dot = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
  assertEquals(a.length, b.length);
  return Array.from(a).reduce((sum, value, k) => sum + value * (b[k] ?? 0), 0);
};

/**
 * Fails unless every element is within `tolerance` of the expected one, relative to the largest of them (at least 1).
 */
export const assertClose = (
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  tolerance = 1e-5,
  label = "",
): void => {
  assertEquals(actual.length, expected.length, `${label} length`);
  const scale = Array.from(expected).reduce(
    (most, value) => Math.max(most, Math.abs(value)),
    1,
  );
  Array.from(expected).forEach((value, k) => {
    const error = Math.abs((actual[k] ?? NaN) - value);
    assert(
      error <= tolerance * scale,
      `${label} element ${k}: found ${actual[k]}, expected ${value}`,
    );
  });
};

/** The values of `f` and its gradients for the inputs given the gradient `dy` of its result, read back to the CPU. */
export const forwardAndBackward = async (
  f: (...inputs: tf.Tensor[]) => tf.Tensor,
  inputs: readonly { shape: number[]; values: number[] }[],
  dy: readonly number[],
): Promise<{ value: Float32Array; gradients: Float32Array[] }> => {
  const results = tf.tidy(() => {
    const tensors = inputs.map(({ shape, values }) => tf.tensor(values, shape));
    const value = f(...tensors);
    const gradients = tf.grads(f)(tensors, tf.tensor([...dy], value.shape));
    return [value, ...gradients];
  });
  const [value, ...gradients] = await Promise.all(
    results.map(async (tensor) => Float32Array.from(await tensor.data())),
  );
  tf.dispose(results);
  return { value: value ?? new Float32Array(), gradients };
};

/** The gradient of a float64 function by central differences. */
export const centralDifferences = (
  f: (x: readonly number[]) => number,
  x: readonly number[],
  step = 1e-5,
): number[] => x.map((value, k) => (f(x.with(k, value + step)) - f(x.with(k, value - step))) / (2 * step));

/** What is held in memory: tensors, data and, on the GPU, bytes. */
export const held = (): Record<string, number> => {
  const backend = tf.backend();
  return {
    tensors: tf.memory().numTensors,
    data: backend.numDataIds(),
    bytes: backend instanceof WebGPUBackend ? backend.memory().numBytesInGPU : tf.memory().numBytes,
  };
};

/** The first four sizes of a shape, 1 where it has fewer. */
export const fourOf = (
  [a = 1, b = 1, c = 1, d = 1]: readonly number[],
): [number, number, number, number] => [a, b, c, d];

/** The padding of a convolution, as TensorFlow.js takes it. */
export type Padding =
  | number
  | "same"
  | "valid"
  | tf.backend_util.ExplicitPadding;

/** conv2d as a function of its input and filter, of rank 4 each, as `tf.grads` wants it. */
export const convolution =
  (stride: readonly [number, number], padding: Padding) => (...inputs: tf.Tensor[]): tf.Tensor => {
    const [x, w] = inputs.map((input) => input.as4D(...fourOf(input.shape)));
    assert(x !== undefined && w !== undefined);
    return tf.conv2d(x, w, [stride[0], stride[1]], padding);
  };
