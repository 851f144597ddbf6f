/** What the tests of the WebGPU convolutions share: the variants, and kernels run without being registered for good. */
import type { ConvolutionVariant } from "../../lib/backend/webgpu/convolution_variants.ts";
import { tf } from "../../lib/dependencies/tensorflow.ts";
import { WebGPUBackend } from "../../lib/dependencies/webgpu.ts";
import { assert } from "../std.ts";
import type { Convolution } from "./reference.ts";

/** A variant with tiles in workgroup memory. */
export const tiled = (pixels: number, channels: number, registerPixels: number, registerChannels: number) =>
  ({ kind: "tiled", pixels, channels, registerPixels, registerChannels }) as const;
/** A variant of registers alone. */
export const registers = (pixels: number, quads: number, lanes: number, broadcast: boolean) =>
  ({ kind: "registers", pixels, quads, lanes, broadcast }) as const;

/** The subgroup's size if the device was opened with subgroups, else 0. */
export const lanesHere = (): number => {
  const backend = tf.backend();
  if (!(backend instanceof WebGPUBackend) || !backend.device.features.has("subgroups")) return 0;
  return backend.device.adapterInfo.subgroupMinSize;
};

/** One of each kind, with few registers: what takes time on a software adapter is to compile. */
export const quickest = registers(2, 1, 8, false);
/** The small variants that every adapter has. */
export const small = [tiled(32, 32, 4, 4), quickest];
/** The small variants that want subgroups. */
export const withLanes = (lanes: number): readonly ConvolutionVariant[] =>
  lanes === 8 ? [registers(1, 2, 8, true)] : [];
/** All others of the table. */
export const large = [tiled(128, 64, 8, 8), tiled(64, 64, 8, 8), tiled(64, 32, 8, 4), tiled(128, 4, 4, 4)];
/** The register variants of the table. */
export const wide = [registers(8, 4, 8, false), registers(4, 1, 8, false)];
/** The table's variant with subgroups. */
export const wideWithLanes = (lanes: number): readonly ConvolutionVariant[] =>
  lanes === 8 ? [registers(4, 8, 8, true)] : [];

/** Runs a kernel under a name of its own, so that whatever is registered stays. */
export const run = (kernelFunc: tf.KernelFunc, inputs: tf.NamedTensorMap, attrs: tf.NamedAttrMap): tf.Tensor => {
  const kernelName = "KernelOfThisTest";
  tf.registerKernel({ kernelName, backendName: "webgpu", kernelFunc });
  try {
    const result: tf.Tensor | tf.Tensor[] = tf.engine().runKernel(kernelName, inputs, attrs);
    assert(!Array.isArray(result));
    return result;
  } finally {
    tf.unregisterKernel(kernelName, "webgpu");
  }
};

/** The values of what `compute` gives; nothing is left. */
export const read = async (compute: () => tf.Tensor): Promise<Float32Array> => {
  const result = tf.tidy(compute);
  const values = Float32Array.from(await result.data());
  result.dispose();
  return values;
};

/** The attributes of a convolution kernel. */
export const attributes = ({ stride, padding: [top, bottom, left, right] }: Convolution): tf.NamedAttrMap => ({
  strides: [...stride],
  pad: [[0, 0], [top, bottom], [left, right], [0, 0]],
  dataFormat: "NHWC",
});

/** A convolution; a number stands for the same on all sides. */
export const described = (
  input: Convolution["input"],
  filter: Convolution["filter"],
  stride: number | Convolution["stride"] = 1,
  padding: number | Convolution["padding"] = 0,
): Convolution => ({
  input,
  filter,
  stride: typeof stride === "number" ? [stride, stride] : stride,
  padding: typeof padding === "number" ? [padding, padding, padding, padding] : padding,
});

/** A variant in the name of a test. */
export const nameOfVariant = (variant: ConvolutionVariant): string => JSON.stringify(Object.values(variant));
