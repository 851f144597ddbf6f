/**
 * Adds AdamDirection to wasm: both moments and the direction of one variable in one pass over its numbers, where
 * TensorFlow.js's own operations take twelve passes and as many dispatches.
 */
import type { tf } from "../../dependencies/tensorflow.ts";
import { floatInputs, numberAttribute } from "../kernel_arguments.ts";
import { allocate, view, wasmBackend } from "./frames.ts";

const kernelFunc: tf.KernelFunc = ({ inputs, backend, attrs }) => {
  const wasm = wasmBackend(backend);
  const { gradient, mean, square } = floatInputs(inputs, "gradient", "mean", "square");
  const number = (name: string): number => numberAttribute(attrs, name);
  const [beta1, beta2, epsilon] = [number("beta1"), number("beta2"), number("epsilon")];
  const [scale1, scale2] = [1 / number("correction1"), 1 / number("correction2")];
  const room = (): tf.TensorInfo => allocate(wasm, gradient.shape);
  const [direction, nextMean, nextSquare] = [room(), room(), room()];
  const [g, m, v] = [view(wasm, gradient), view(wasm, mean), view(wasm, square)];
  const [d, nextM, nextV] = [view(wasm, direction), view(wasm, nextMean), view(wasm, nextSquare)];
  for (let at = 0; at < g.length; at++) {
    const slope = g[at]!;
    const first = beta1 * m[at]! + (1 - beta1) * slope;
    const second = beta2 * v[at]! + (1 - beta2) * slope * slope;
    nextM[at] = first;
    nextV[at] = second;
    d[at] = first * scale1 / (Math.sqrt(second * scale2) + epsilon);
  }
  return [direction, nextMean, nextSquare];
};

/**
 * {gradient, mean, square} of one shape to [direction, mean, square]: m ← β₁m + (1 − β₁)g, v ← β₂v + (1 − β₂)g², and
 * (m / c₁) / (√(v / c₂) + ε) with the corrections c₁ and c₂ for the start.
 */
export const wasmAdamDirection: tf.KernelConfig = { kernelName: "AdamDirection", backendName: "wasm", kernelFunc };
