/** Layers that multiply by weights, convolutions and linear layers, and how their weights begin. */
import { tf } from "../dependencies/tensorflow.ts";
import { type Key, normals, uniforms } from "../tensor/key.ts";

/**
 * Convolution weights from a normal distribution whose deviation is √(2 / fan in), fan in = kernel² · input channels
 * (He et al., "Delving deep into rectifiers", ICCV 2015). Shape (height, width, input channels, output channels).
 */
export const heNormal = (
  key: Key,
  shape: readonly [number, number, number, number],
): tf.Tensor4D => {
  const [height, width, inputChannels, outputChannels] = shape;
  const deviation = Math.sqrt(2 / (height * width * inputChannels));
  const values = normals(key, height * width * inputChannels * outputChannels)
    .map((value) => value * deviation);
  return tf.tensor4d(values, [...shape]);
};

/** Weights of a linear layer, uniform in ±1/√(input channels). Shape (input channels, output channels). */
export const linearUniform = (
  key: Key,
  inputChannels: number,
  outputChannels: number,
): tf.Tensor2D => {
  const bound = 1 / Math.sqrt(inputChannels);
  const values = Float32Array.from(
    uniforms(key, inputChannels * outputChannels),
    (u) => (2 * u - 1) * bound,
  );
  return tf.tensor2d(values, [inputChannels, outputChannels]);
};
