/**
 * Adds AdamDirection and AdamUpdate to WebGPU: all of Adam for one variable in one dispatch, where TensorFlow.js's own
 * operations take up to seventeen. AdamUpdate also adds the weight decay to the gradient and multiplies the direction
 * by a rate, so that only the sum with the parameter is left.
 */
import type { tf } from "../../dependencies/tensorflow.ts";
import { floatInput, floatInputs, lengthOf, numberAttribute } from "../kernel_arguments.ts";
import type { KernelCall } from "../kernels.ts";
import { allocate, dispatch, itemCode, type Shader, webGpuBackend, workgroupsFor } from "./shader.ts";

const invocations = 64;

const shader = {
  name: "Adam",
  workgroup: [invocations, 1, 1],
  writes: { update: "f32", nextMean: "f32", nextSquare: "f32" },
  reads: { gradient: "f32", parameter: "f32", mean: "f32", square: "f32" },
  parameters: {
    size: "i32",
    beta1: "f32",
    beta2: "f32",
    share1: "f32",
    share2: "f32",
    scale1: "f32",
    scale2: "f32",
    epsilon: "f32",
    decay: "f32",
  },
  code: `
fn main() {
  let p = parameters;
  let at = ${itemCode(invocations)};
  if (at >= p.size) { return; }
  let slope = gradient[at] + p.decay * parameter[at];
  let first = p.beta1 * mean[at] + p.share1 * slope;
  let second = p.beta2 * square[at] + p.share2 * slope * slope;
  nextMean[at] = first;
  nextSquare[at] = second;
  update[at] = first * p.scale1 / (sqrt(second * p.scale2) + p.epsilon);
}`,
} as const satisfies Shader;

/** Runs Adam with what the parameter is and by how much it decays, and the rate that the direction is multiplied by. */
const run = (
  { inputs, backend, attrs }: KernelCall,
  parameter: tf.TensorInfo,
  decay: number,
  rate: number,
): tf.TensorInfo[] => {
  const webgpu = webGpuBackend(backend);
  const number = (name: string): number => numberAttribute(attrs, name);
  const { gradient, mean, square } = floatInputs(inputs, "gradient", "mean", "square");
  const output = () => allocate(webgpu, gradient.shape);
  const [update, nextMean, nextSquare] = [output(), output(), output()];
  const size = lengthOf(gradient);
  const [beta1, beta2, epsilon] = [number("beta1"), number("beta2"), number("epsilon")];
  dispatch(webgpu, {
    shader,
    writes: { update, nextMean, nextSquare },
    reads: { gradient, parameter, mean, square },
    parameters: {
      size,
      beta1,
      beta2,
      share1: 1 - beta1,
      share2: 1 - beta2,
      scale1: rate / number("correction1"),
      scale2: 1 / number("correction2"),
      epsilon,
      decay,
    },
    workgroups: workgroupsFor(size, invocations),
  });
  return [update, nextMean, nextSquare];
};

/**
 * {gradient, mean, square} of one shape to [direction, mean, square]: m ← β₁m + (1 − β₁)g, v ← β₂v + (1 − β₂)g², and
 * (m / c₁) / (√(v / c₂) + ε) with the corrections c₁ and c₂ for the start.
 */
export const webGpuAdamDirection: tf.KernelConfig = {
  kernelName: "AdamDirection",
  backendName: "webgpu",
  kernelFunc: (args) => run(args, floatInput(args.inputs, "gradient"), 0, 1),
};

/**
 * {gradient, parameter, mean, square} of one shape to [update, mean, square]: AdamDirection of gradient + `decay` ·
 * parameter, multiplied by `rate`, such as −(learning rate).
 */
export const webGpuAdamUpdate: tf.KernelConfig = {
  kernelName: "AdamUpdate",
  backendName: "webgpu",
  kernelFunc: (args) => {
    const [decay, rate] = [numberAttribute(args.attrs, "decay"), numberAttribute(args.attrs, "rate")];
    return run(args, floatInput(args.inputs, "parameter"), decay, rate);
  },
};
