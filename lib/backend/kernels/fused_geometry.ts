/** What FusedConvolution of both backends reads off the shapes of its inputs. */
import type { tf } from "../../dependencies/tensorflow.ts";
import { convolutionGeometry, fourSizes, numberAttribute } from "./attributes.ts";

type Four = [number, number, number, number];

const shapeOf = (inputs: tf.NamedTensorInfoMap, name: string): Four => fourSizes(name, inputs[name]?.shape);

const expectSame = (name: string, found: readonly number[], expected: readonly number[]): void => {
  if (found.every((size, axis) => size === expected[axis])) return;
  throw new Error(`kernel input ${name}: found the sizes [${found}], expected [${expected}].`);
};

/** The shape of [x, second ⊙ gain] along channels, second and gain if they are there. */
const joinedShape = (inputs: tf.NamedTensorInfoMap): Four => {
  const [batch, height, width, channels] = shapeOf(inputs, "x");
  if (inputs.second === undefined) {
    if (inputs.gain === undefined) return [batch, height, width, channels];
    throw new Error("kernel input gain: found a tensor, expected none without the input second.");
  }
  const second = shapeOf(inputs, "second");
  expectSame("second", second.slice(0, 3), [batch, height, width]);
  if (inputs.gain !== undefined) expectSame("gain", shapeOf(inputs, "gain"), second);
  return [batch, height, width, channels + second[3]];
};

/**
 * The geometry of the convolution of [x, second ⊙ gain], second and gain if they are there, with the filter and
 * ⌊size / 2⌋ zeros at every side. Throws where the shapes of the inputs do not belong together.
 */
export const fusedGeometry = (
  inputs: tf.NamedTensorInfoMap,
  attrs: tf.NamedAttrMap,
): tf.backend_util.Conv2DInfo => {
  const [input, filter] = [joinedShape(inputs), shapeOf(inputs, "filter")];
  expectSame("filter", [filter[2]], [input[3]]);
  const [rows, columns] = [Math.floor(filter[0] / 2), Math.floor(filter[1] / 2)];
  const pad = [[0, 0], [rows, rows], [columns, columns], [0, 0]];
  const geometry = convolutionGeometry({ strides: numberAttribute("stride", attrs.stride), pad }, input, filter);
  if (inputs.residual === undefined) return geometry;
  const [batch, , , channels] = shapeOf(inputs, "residual");
  expectSame("residual", [batch, channels], [geometry.batchSize, geometry.outChannels]);
  return geometry;
};

/** Whether the residual, if there is one, has another height or width than the output. */
export const isResized = (
  { residual }: tf.NamedTensorInfoMap,
  { outHeight, outWidth }: tf.backend_util.Conv2DInfo,
): boolean => residual !== undefined && (residual.shape[1] !== outHeight || residual.shape[2] !== outWidth);

/** The attributes of TensorFlow.js's ResizeBilinear to the size of the output: half-pixel centres, as in resize.ts. */
export const resizeAttributes = ({ outHeight, outWidth }: tf.backend_util.Conv2DInfo): tf.NamedAttrMap => ({
  size: [outHeight, outWidth],
  alignCorners: false,
  halfPixelCenters: true,
});
