/**
 * Replaces Conv2DBackpropFilter of the WebGPU backend, in which one invocation a weight loops over all output pixels:
 * on a GPU too few loads are shared, and on a processor one layer of 3×3 256→256 at 57×76 takes over ten seconds. Here
 * the pixels are split into slices of which each gives a partial sum, and a second dispatch adds them in order: no
 * atomics, so repeats give the same bits.
 */
import type { tf } from "../../dependencies/tensorflow.ts";
import { traitsOf } from "../adapter.ts";
import { filterGradientGeometry, floatInputs, type Geometry, hasChannelsLast, isDilated } from "../kernel_arguments.ts";
import { runStockKernel } from "../kernels.ts";
import { directInvocations, directShader, type FilterGradientShader, sumSlices } from "./filter_gradient_shaders.ts";
import { tileDepth, tiledShader, tileSide } from "./filter_gradient_tiled.ts";
import { type Windows, windowsReads, windowsShader, windowsSums } from "./filter_gradient_windows.ts";
import { filterGradientByTaps } from "./filter_gradient_taps.ts";
import {
  allocate,
  dispatch,
  release,
  type Sizes,
  webGpuBackend,
  type Width,
  widthOf,
  windowNumbers,
  workgroupsFor,
} from "./shader.ts";

/** Which shader computes: "direct" and "windows" without workgroup memory, or "tiled" with it. */
export type FilterGradientVariant = "direct" | "windows" | "tiled";

/**
 * How a gradient is computed: `slices` parts of `slice` of `total` rows of pixels ("direct"), pixels ("tiled") or units
 * of some rows times `segment` columns ("windows").
 */
interface Plan {
  readonly shader: FilterGradientShader;
  readonly total: number;
  readonly slice: number;
  readonly segment: number;
  readonly slices: number;
  readonly workgroups: Sizes;
}

/** `length` in parts of one size, a multiple of `width`, at most `most`. */
const partOf = (length: number, most: number, width: Width): number =>
  Math.ceil(length / Math.ceil(length / most) / width) * width;

/** The size of a slice, a multiple of `step` and no less than `least`, with which `tiles` × slices come to `target`. */
const sliceOf = (total: number, tiles: number, target: number, least: number, step: number): number => {
  const slices = Math.max(1, Math.min(Math.ceil(target / tiles), Math.floor(total / least)));
  return Math.ceil(total / slices / step) * step;
};

/** Invocations for a GPU, for a handful of output channels. */
const gpuInvocations = 16384;

/** Columns and output channels of an invocation of "direct". */
const directTile = ({ inChannels, outChannels, filterWidth }: Geometry, software: boolean): [number, number] => [
  partOf(filterWidth * inChannels, software ? 32 : 8, widthOf(inChannels)),
  partOf(outChannels, 16, widthOf(outChannels)),
];

const directPlan = (geometry: Geometry, software: boolean): Plan => {
  const { batchSize, inChannels, outChannels, outHeight, outWidth, filterHeight, filterWidth } = geometry;
  const [input, output] = [widthOf(inChannels), widthOf(outChannels)];
  const [m, k] = directTile(geometry, software);
  const tiles = Math.ceil(filterWidth * inChannels / m) * Math.ceil(outChannels / k) * filterHeight;
  const total = batchSize * outHeight;
  const slice = sliceOf(total, tiles, software ? 512 : gpuInvocations, 1, 1);
  const slices = Math.ceil(total / slice);
  const workgroups = workgroupsFor(tiles * slices, directInvocations);
  return { shader: directShader(m, k, input, output), total, slice, segment: outWidth, slices, workgroups };
};

/** Sums that are worth keeping in registers: a processor has a fast cache behind its own, a GPU has not. */
const mostSums = (software: boolean): number => software ? 160 : 80;

/** The tile of "windows" that reads least, of those that fit. */
const windowsOf = (geometry: Geometry, software: boolean): Windows => {
  const { inChannels, outChannels, outHeight, filterHeight, filterWidth, strideHeight, strideWidth } = geometry;
  const [input, output] = [widthOf(inChannels), widthOf(outChannels)];
  const windows = (channels: number, outputs: number): Windows => ({
    taps: [filterHeight, filterWidth],
    stride: [strideHeight, strideWidth],
    channels: partOf(inChannels, channels, input),
    outputs: partOf(outChannels, outputs, output),
    input,
    output,
    rows: (software ? [4, 3, 2] : [2]).find((rows) => outHeight % rows === 0) ?? 1,
    invocations: software ? directInvocations : 64,
  });
  const sizes = [1, 2, 4, 8, 16];
  const fitting = sizes.flatMap((channels) => sizes.map((outputs) => windows(channels, outputs)))
    .filter((choice) => windowsSums(choice) <= mostSums(software));
  return fitting.toSorted((a, b) => windowsReads(a) - windowsReads(b))[0] ?? windows(1, 1);
};

const windowsPlan = (geometry: Geometry, software: boolean): Plan => {
  const { batchSize, inChannels, outChannels, outHeight, outWidth } = geometry;
  const windows = windowsOf(geometry, software);
  const tiles = Math.ceil(inChannels / windows.channels) * Math.ceil(outChannels / windows.outputs);
  const strips = batchSize * outHeight / windows.rows;
  const target = software ? 128 : gpuInvocations;
  // A segment reads some columns more than it has: no fewer than 8.
  const segment = sliceOf(outWidth, tiles * strips, target, 8, 1);
  const total = strips * Math.ceil(outWidth / segment);
  const slice = sliceOf(total, tiles, target, 1, 1);
  const slices = Math.ceil(total / slice);
  const workgroups = workgroupsFor(tiles * slices, windows.invocations);
  return { shader: windowsShader(windows), total, slice, segment, slices, workgroups };
};

/** Some eight workgroups for each of a large GPU's processors, of at least 16 times 16 pixels. */
const tiledPlan = (geometry: Geometry): Plan => {
  const { batchSize, inChannels, outChannels, outHeight, outWidth, filterHeight, filterWidth } = geometry;
  const columns = Math.ceil(outChannels / tileSide);
  const rows = Math.ceil(filterWidth * inChannels / tileSide) * filterHeight;
  const total = batchSize * outHeight * outWidth;
  const slice = sliceOf(total, columns * rows, 1024, 256, tileDepth);
  const slices = Math.ceil(total / slice);
  const shader = tiledShader(widthOf(inChannels), widthOf(outChannels));
  return { shader, total, slice, segment: outWidth, slices, workgroups: [columns, rows, slices] };
};

const plans: Readonly<Record<FilterGradientVariant, (geometry: Geometry, software: boolean) => Plan>> = {
  direct: directPlan,
  windows: windowsPlan,
  tiled: tiledPlan,
};

/**
 * The variant for a device and a shape: on GPUs tiles, unless they would be mostly empty; else of the others the one
 * that reads less for each multiplication.
 */
const variantFor = (geometry: Geometry, software: boolean): FilterGradientVariant => {
  if (!software && geometry.outChannels >= 16) return "tiled";
  const windows = windowsOf(geometry, software);
  const [m, k] = directTile(geometry, software);
  const fits = windowsSums(windows) <= mostSums(software);
  return fits && windowsReads(windows) < (m + k) / (m * k) ? "windows" : "direct";
};

const parametersOf = (geometry: Geometry, { total, slice, segment, slices }: Plan) => ({
  ...windowNumbers(geometry),
  channels: geometry.inChannels,
  outputs: geometry.outChannels,
  run: geometry.filterWidth * geometry.inChannels,
  total,
  slice,
  segment,
  slices,
});

/** The kernel with one variant for all shapes, or the one that suits device and shape; as on software, or as on GPUs. */
export const filterGradientKernel =
  (variant?: FilterGradientVariant, onSoftware?: boolean): tf.KernelFunc => ({ inputs, backend, attrs = {} }) => {
    if (!hasChannelsLast(attrs)) return runStockKernel("webgpu", "Conv2DBackpropFilter", { inputs, backend, attrs });
    const webgpu = webGpuBackend(backend);
    const { x, dy } = floatInputs(inputs, "x", "dy");
    const geometry = filterGradientGeometry(inputs, attrs);
    const { filterShape } = geometry;
    if (isDilated(attrs)) return filterGradientByTaps(webgpu, x, dy, geometry, "all");
    const software = onSoftware ?? traitsOf(webgpu).software;
    const plan = plans[variant ?? variantFor(geometry, software)](geometry, software);
    const { shader, slices, workgroups } = plan;
    const gradient = allocate(webgpu, filterShape);
    const partials = slices === 1 ? gradient : allocate(webgpu, [slices, ...filterShape]);
    dispatch(webgpu, {
      shader,
      writes: { partials },
      reads: { x, dy },
      parameters: parametersOf(geometry, plan),
      workgroups,
    });
    if (slices === 1) return gradient;
    sumSlices(webgpu, partials, slices, gradient);
    release(webgpu, partials);
    return gradient;
  };

/** Conv2DBackpropFilter on WebGPU: {x [N, H, W, C], dy [N, outH, outW, K]} to the filter's gradient [R, S, C, K]. */
export const webGpuConv2DBackpropFilter: tf.KernelConfig = {
  kernelName: "Conv2DBackpropFilter",
  backendName: "webgpu",
  kernelFunc: filterGradientKernel(),
};
