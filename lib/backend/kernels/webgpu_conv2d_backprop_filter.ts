/**
 * Replaces Conv2DBackpropFilter of the WebGPU backend, in which one invocation a weight loops over all output pixels:
 * on a GPU too few loads are shared, and on a processor one layer of 3×3 256→256 at 57×76 takes over ten seconds. Here
 * the pixels are split into slices of which each gives a partial sum, and a second dispatch adds them in order: no
 * atomics, so repeats give the same bits.
 */
import type { tf } from "../../dependencies/tensorflow.ts";
import { convolutionGeometry, fourSizes } from "./attributes.ts";
import {
  directInvocations,
  directShader,
  type FilterGradientShader,
  type Width,
} from "./webgpu_filter_gradient_shaders.ts";
import { tileDepth, tiledShader, tileSide } from "./webgpu_filter_gradient_tiled.ts";
import { traitsOf } from "./webgpu_adapter.ts";
import { allocate, dispatch, floatInput, release, type Sizes, webGpuBackend, workgroupsOf } from "./webgpu_shader.ts";
import { sumSlices } from "./webgpu_sum_slices.ts";

type Geometry = tf.backend_util.Conv2DInfo;

/** Which shader computes: "direct" without workgroup memory, or "tiled" with it. */
export type FilterGradientVariant = "direct" | "tiled";

/** How a gradient is computed: `slices` parts of `slice` of `total` rows of pixels ("direct") or pixels ("tiled"). */
interface Plan {
  readonly shader: FilterGradientShader;
  readonly total: number;
  readonly slice: number;
  readonly slices: number;
  readonly workgroups: Sizes;
}

const widthOf = (channels: number): Width => channels % 4 === 0 ? 4 : 1;

/** `length` in parts of one size, a multiple of `width`, at most `most`. */
const partOf = (length: number, most: number, width: Width): number =>
  Math.ceil(length / Math.ceil(length / most) / width) * width;

/** The size of a slice, a multiple of `step` and no less than `least`, with which `tiles` × slices come to `target`. */
const sliceOf = (total: number, tiles: number, target: number, least: number, step: number): number => {
  const slices = Math.max(1, Math.min(Math.ceil(target / tiles), Math.floor(total / least)));
  return Math.ceil(total / slices / step) * step;
};

/** Enough invocations for all cores of a processor, or, for a handful of output channels, of a GPU. */
const directPlan = (geometry: Geometry, software: boolean): Plan => {
  const { batchSize, inChannels, outChannels, outHeight, filterHeight, filterWidth } = geometry;
  const [input, output] = [widthOf(inChannels), widthOf(outChannels)];
  const run = filterWidth * inChannels;
  const [m, k] = [partOf(run, software ? 32 : 8, input), partOf(outChannels, 16, output)];
  const tiles = Math.ceil(run / m) * Math.ceil(outChannels / k) * filterHeight;
  const total = batchSize * outHeight;
  const slice = sliceOf(total, tiles, software ? 512 : 16384, 1, 1);
  const slices = Math.ceil(total / slice);
  const workgroups = workgroupsOf(Math.ceil(tiles * slices / directInvocations));
  return { shader: directShader(m, k, input, output), total, slice, slices, workgroups };
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
  return { shader, total, slice, slices, workgroups: [columns, rows, slices] };
};

/** The variant for a device and a number of output channels: tiles of 64 channels are of no use to a handful. */
const variantFor = (software: boolean, outChannels: number): FilterGradientVariant =>
  software || outChannels < 16 ? "direct" : "tiled";

const parametersOf = (geometry: Geometry, { total, slice, slices }: Plan) => ({
  height: geometry.inHeight,
  width: geometry.inWidth,
  channels: geometry.inChannels,
  outHeight: geometry.outHeight,
  outWidth: geometry.outWidth,
  outputs: geometry.outChannels,
  filterHeight: geometry.filterHeight,
  run: geometry.filterWidth * geometry.inChannels,
  strideHeight: geometry.strideHeight,
  strideWidth: geometry.strideWidth,
  top: geometry.padInfo.top,
  left: geometry.padInfo.left,
  total,
  slice,
  slices,
});

/** The kernel with one variant for all shapes, or with the one that suits device and shape. */
export const filterGradientKernel =
  (variant?: FilterGradientVariant): tf.KernelFunc => ({ inputs, backend, attrs }) => {
    const webgpu = webGpuBackend(backend);
    const [x, dy] = [floatInput(inputs, "x"), floatInput(inputs, "dy")];
    const filterShape = fourSizes("filterShape", attrs?.filterShape);
    const geometry = convolutionGeometry(attrs ?? {}, fourSizes("x", x.shape), filterShape);
    const software = traitsOf(webgpu).software;
    const chosen = variant ?? variantFor(software, geometry.outChannels);
    const plan = chosen === "tiled" ? tiledPlan(geometry) : directPlan(geometry, software);
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
