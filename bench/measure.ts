/** Times, dispatches, operations and bytes of a piece of work on the current backend. */
import { readValues } from "../lib/backend/device.ts";
import { tf } from "../lib/dependencies/tensorflow.ts";
import { elementCount } from "../lib/formats/tensor_file.ts";
import type { Tensor } from "../lib/tensor/features.ts";
import { scope } from "../lib/tensor/scope.ts";

/** A piece of work that ends in one tensor. */
export interface Work {
  readonly name: string;
  readonly run: () => Tensor;
}

/** What a piece of work does, whatever it takes. */
export interface Count {
  /** Kernels that TensorFlow.js was asked for. */
  readonly kernelCalls: number;
  /** Dispatches to the GPU; 0 on wasm. */
  readonly dispatches: number;
  /** Bytes of the inputs and outputs of all kernels. */
  readonly bytes: number;
  /** Multiplications and additions of convolutions and matrix products, and one operation for each other output. */
  readonly operations: number;
}

/** Runs the work some times to its end: the device has computed it when a number of the last result is here. */
export const runToEnd = async ({ run }: Work, runs = 1): Promise<void> => {
  for (let before = 1; before < runs; before++) scope(() => run().dispose());
  const first = scope(() => tf.slice(tf.reshape(run(), [-1]), [0], [1]));
  await readValues(first);
  first.dispose();
};

const timed = async (work: Work, runs: number): Promise<number> => {
  const start = performance.now();
  await runToEnd(work, runs);
  return (performance.now() - start) / runs;
};

/** Waiting for a number takes up to 12 ms, which short work must not be charged with. */
const leastMilliseconds = 100;
const mostRuns = 20;

/** The middle one of the milliseconds that the work took, after two runs to warm up; short work is timed many at once. */
export const medianTime = async (work: Work, repeats: number): Promise<number> => {
  await runToEnd(work);
  const once = await timed(work, 1);
  const runs = Math.min(Math.max(Math.round(leastMilliseconds / once), 1), mostRuns);
  const times: number[] = [];
  for (let repeat = 0; repeat < repeats; repeat++) times.push(await timed(work, runs));
  const median = times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)];
  if (median === undefined) throw new Error(`found ${repeats} repeats of "${work.name}", expected one or more`);
  return median;
};

type Shapes = readonly (readonly number[])[];

/** Operations of a kernel from the shapes of its inputs and its output. */
const operationsOf = (name: string, inputs: Shapes, output: readonly number[]): number => {
  const shapeAt = (index: number): readonly number[] => {
    const shape = inputs[index];
    if (shape === undefined) throw new Error(`found ${inputs.length} inputs of ${name}, expected more`);
    return shape;
  };
  const taps = (filter: readonly number[]): number => elementCount(filter.slice(0, 3));
  switch (name) {
    case "Conv2D":
    case "FusedConv2D":
    case "FusedConvolution":
      return 2 * elementCount(output) * taps(shapeAt(1));
    case "Conv2DBackpropInput":
      return 2 * elementCount(shapeAt(0)) * taps(shapeAt(1));
    case "Conv2DBackpropFilter":
      return 2 * elementCount(shapeAt(1)) * taps(output);
    case "BatchMatMul":
    case "_FusedMatMul":
      return 2 * elementCount(output) * (elementCount(shapeAt(0)) / Math.max(1, elementCount(output.slice(-2, -1))));
    default:
      return elementCount(output);
  }
};

/** Dispatches while something runs: WebGPU has no counter of its own. */
const countingDispatches = async (run: () => Promise<void>): Promise<number> => {
  if (!("GPUComputePassEncoder" in globalThis)) return await run().then(() => 0);
  const { prototype } = GPUComputePassEncoder;
  const original = prototype.dispatchWorkgroups;
  let count = 0;
  prototype.dispatchWorkgroups = function (...sizes: Parameters<typeof original>) {
    count++;
    return original.apply(this, sizes);
  };
  await run().finally(() => prototype.dispatchWorkgroups = original);
  return count;
};

/** Counts what a piece of work does, in a run of its own. */
export const countWork = async (work: Work): Promise<Count> => {
  const dispatches = await countingDispatches(() => runToEnd(work));
  const { kernels } = await tf.profile(() => scope(() => work.run()));
  const sizes = kernels.map(({ name, inputShapes, outputShapes }) => {
    const inputs: Shapes = inputShapes.flatMap((shape) => shape === null ? [] : [shape]);
    const [output = []] = outputShapes;
    return {
      bytes: 4 * [...inputs, ...outputShapes].reduce((sum, shape) => sum + elementCount(shape), 0),
      operations: operationsOf(name, inputs, output),
    };
  });
  const sum = (of: (size: typeof sizes[number]) => number): number => sizes.reduce((all, size) => all + of(size), 0);
  return {
    kernelCalls: kernels.length,
    dispatches,
    bytes: sum(({ bytes }) => bytes),
    operations: sum((size) => size.operations),
  };
};
