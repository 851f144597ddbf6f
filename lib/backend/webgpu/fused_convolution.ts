/**
 * Adds FusedConvolution to WebGPU: a convolution and the bias, batch norm, residual and activation that follow it, in
 * one dispatch where TensorFlow.js's own operations take up to ten, each of which reads and writes the whole output.
 * What it reads may be joined along channels, and multiplied, and the residual resized, without a dispatch of their own.
 */
import type { tf } from "../../dependencies/tensorflow.ts";
import type { WebGPUBackend } from "../../dependencies/webgpu.ts";
import { traitsOf } from "../adapter.ts";
import {
  activationOf,
  fusedGeometry,
  type Geometry,
  inputOf,
  isResized,
  numberAttribute,
  resizeAttributes,
} from "../kernel_arguments.ts";
import { runKernel } from "../kernels.ts";
import { runConvolution } from "./convolution.ts";
import type { Epilogue, SourceForm } from "./convolution_form.ts";
import { type ConvolutionVariant, readsProducts } from "./convolution_variants.ts";
import { release, webGpuBackend } from "./shader.ts";

/** Of these names, the inputs that are there. */
const present = (inputs: tf.NamedTensorInfoMap, names: readonly string[]): Record<string, tf.TensorInfo> =>
  Object.fromEntries(
    names.flatMap((name) => {
      const input = inputs[name];
      return input === undefined ? [] : [[name, input] as const];
    }),
  );

const sourceOf = ({ second, gain }: tf.NamedTensorInfoMap): SourceForm =>
  second === undefined ? "one" : gain === undefined ? "joined" : "joined with gain";

const epilogueOf = (
  inputs: tf.NamedTensorInfoMap,
  attrs: tf.NamedAttrMap,
  geometry: Geometry,
): Epilogue => {
  const place = attrs.residualLast === true ? "after activation" : "before activation";
  return {
    bias: inputs.bias !== undefined,
    norm: inputs.gamma !== undefined,
    residual: inputs.residual === undefined ? "none" : place,
    resized: isResized(inputs, geometry),
    activation: activationOf(attrs),
  };
};

const others = ["second", "gain", "bias", "gamma", "beta", "mean", "variance", "residual"];

/** How something is computed: the inputs and attributes are those of the kernel. */
interface Run {
  readonly backend: WebGPUBackend;
  readonly inputs: tf.NamedTensorInfoMap;
  readonly attrs: tf.NamedAttrMap;
  readonly variant: ConvolutionVariant | undefined;
  /** How many buffers a shader may have. */
  readonly most: number;
}

/** All in one dispatch. */
const convolve = ({ backend, inputs, attrs, variant }: Run): tf.TensorInfo => {
  const geometry = fusedGeometry(inputs, attrs);
  return runConvolution(backend, {
    direction: "forward",
    geometry,
    read: inputOf(inputs, "x"),
    weights: inputOf(inputs, "filter"),
    source: sourceOf(inputs),
    epilogue: epilogueOf(inputs, attrs, geometry),
    others: present(inputs, others),
    epsilon: numberAttribute(attrs, "epsilon"),
    slope: numberAttribute(attrs, "slope"),
    variant,
  });
};

const runOne = (
  backend: WebGPUBackend,
  name: string,
  inputs: tf.NamedTensorInfoMap,
  attrs: tf.NamedAttrMap = {},
): tf.TensorInfo => runKernel("webgpu", name, { inputs, backend, attrs });

/** What `run` gives of a tensor, which is then released. */
const using = (backend: WebGPUBackend, tensor: tf.TensorInfo, run: (tensor: tf.TensorInfo) => tf.TensorInfo) => {
  const result = run(tensor);
  release(backend, tensor);
  return result;
};

const activate = ({ backend, attrs }: Run, x: tf.TensorInfo): tf.TensorInfo => {
  const activation = activationOf(attrs);
  if (activation === "none") return x;
  return using(
    backend,
    x,
    (x) =>
      activation === "relu"
        ? runOne(backend, "Relu", { x })
        : runOne(backend, "LeakyRelu", { x }, { alpha: numberAttribute(attrs, "slope") }),
  );
};

/** Adds the residual in a dispatch of its own. */
const withResidual = (run: Run, residual: tf.TensorInfo): tf.TensorInfo => {
  const { backend, inputs: { residual: _, ...inputs }, attrs } = run;
  const last = attrs.residualLast === true;
  const sum = compute({ ...run, inputs, attrs: last ? attrs : { ...attrs, activation: "none" } });
  const add = (b: tf.TensorInfo): tf.TensorInfo => using(backend, sum, (a) => runOne(backend, "Add", { a, b }));
  const geometry = fusedGeometry(inputs, attrs);
  const total = isResized(run.inputs, geometry)
    ? using(backend, runOne(backend, "ResizeBilinear", { images: residual }, resizeAttributes(geometry)), add)
    : add(residual);
  return last ? total : activate(run, total);
};

/** In one dispatch, but for what is cheaper in one of its own and for what the adapter binds too few buffers for. */
const compute = (run: Run): tf.TensorInfo => {
  const { backend, inputs: { gain, ...inputs }, most, variant } = run;
  const { second, residual, bias, mean } = inputs;
  const fits = 1 + Object.keys(present(run.inputs, ["x", "filter", ...others])).length <= most;
  if (second !== undefined && gain !== undefined && !(fits && readsProducts(traitsOf(backend), variant))) {
    const product = runOne(backend, "Multiply", { a: second, b: gain });
    return using(backend, product, (second) => compute({ ...run, inputs: { ...inputs, second } }));
  }
  if (fits) return convolve(run);
  if (residual !== undefined) return withResidual(run, residual);
  if (bias === undefined || mean === undefined) return convolve(run);
  const { bias: _, ...unbiased } = inputs;
  const shifted = runOne(backend, "Sub", { a: mean, b: bias });
  return using(backend, shifted, (mean) => compute({ ...run, inputs: { ...unbiased, mean } }));
};

/** FusedConvolution computed by one variant or by the table's choice, with at most so many buffers. */
export const fusedConvolutionKernel =
  (variant?: ConvolutionVariant, mostBuffers = Infinity): tf.KernelFunc => ({ inputs, backend, attrs = {} }) => {
    const webgpu = webGpuBackend(backend);
    const most = Math.min(webgpu.device.limits.maxStorageBuffersPerShaderStage, mostBuffers);
    return compute({ backend: webgpu, inputs, attrs, variant, most });
  };

/**
 * {x [N, H, W, C], filter [R, S, C, K]} and, each if it is there, bias [K], gamma, beta, mean and variance [K] (all four
 * or none) and residual (of the output's shape) to activation(conv(x, filter) · scale + shift + residual), where scale =
 * γ / √(variance + ε) and shift = β + (bias − mean) · scale; without norm, scale is 1 and shift the bias. With second
 * [N, H, W, D] the filter, which then is [R, S, C + D, K], sees [x, second] along channels, and with gain [N, H, W, D]
 * [x, second ⊙ gain]. A residual of another height and width is resized bilinearly. Attributes: stride, epsilon,
 * activation ("none", "relu" or "leakyRelu") and its slope, and residualLast, true if the residual is added after the
 * activation and not before it. The padding is ⌊kernel / 2⌋ zeros at every side.
 */
export const webGpuFusedConvolution: tf.KernelConfig = {
  kernelName: "FusedConvolution",
  backendName: "webgpu",
  kernelFunc: fusedConvolutionKernel(),
};
