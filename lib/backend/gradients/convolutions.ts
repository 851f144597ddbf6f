/**
 * Gradients of convolutions with holes in the filter, and of those of each channel by itself: TensorFlow.js refuses the
 * former and forgets the dilation where it differentiates a gradient. Here all are this library's kernels.
 */
import { tf } from "../../dependencies/tensorflow.ts";
import { isDilated } from "../kernel_arguments.ts";

type Dy = tf.Tensor | tf.Tensor[];

const single = (dy: Dy): tf.Tensor => Array.isArray(dy) ? tf.addN(dy) : dy;

const run = (name: string, inputs: tf.NamedTensorMap, attributes: tf.NamedAttrMap): tf.Tensor =>
  single(tf.engine().runKernel(name, inputs, attributes));

/** Two tensors that were kept. @throws Error if there are fewer. */
const two = (saved: readonly tf.Tensor[]): readonly [tf.Tensor, tf.Tensor] => {
  const [first, second] = saved;
  if (first !== undefined && second !== undefined) return [first, second];
  throw new Error(`found ${saved.length} tensors that were kept for a gradient, expected 2`);
};

/** What says how a window moves, of the attributes of a convolution or of one of its gradients. */
const movement = (attributes: tf.NamedAttrMap): tf.NamedAttrMap => {
  const names = ["strides", "pad", "dataFormat", "dilations", "dimRoundingMode"];
  return Object.fromEntries(Object.entries(attributes).filter(([name]) => names.includes(name)));
};

/** The names of a kind of convolution and of its gradients. */
interface Kernels {
  readonly forward: string;
  readonly input: string;
  readonly filter: string;
}

const dense: Kernels = { forward: "Conv2D", input: "Conv2DBackpropInput", filter: "Conv2DBackpropFilter" };

const depthwise: Kernels = {
  forward: "DepthwiseConv2dNative",
  input: "DepthwiseConv2dNativeBackpropInput",
  filter: "DepthwiseConv2dNativeBackpropFilter",
};

const toInput = ({ input }: Kernels, dy: tf.Tensor, filter: tf.Tensor, x: tf.Tensor, attributes: tf.NamedAttrMap) =>
  run(input, { dy, filter }, { ...movement(attributes), inputShape: x.shape });

const toFilter = (kernels: Kernels, x: tf.Tensor, dy: tf.Tensor, filter: tf.Tensor, attributes: tf.NamedAttrMap) =>
  run(kernels.filter, { x, dy }, { ...movement(attributes), filterShape: filter.shape });

/** Of y = x ∗ w. */
const ofForward = (kernels: Kernels): tf.GradConfig => ({
  kernelName: kernels.forward,
  inputsToSave: ["x", "filter"],
  gradFunc: (dys, saved, attrs) => {
    const [[x, filter], dy] = [two(saved), single(dys)];
    return {
      x: () => toInput(kernels, dy, filter, x, attrs),
      filter: () => toFilter(kernels, x, dy, filter, attrs),
    };
  },
});

/** Of the gradient of x, which is linear in dy and w: for its own gradient g, g ∗ w and that of w for g and dy. */
const ofInputGradient = (kernels: Kernels): tf.GradConfig => ({
  kernelName: kernels.input,
  inputsToSave: ["dy", "filter"],
  gradFunc: (gs, saved, attrs) => {
    const [[dy, filter], g] = [two(saved), single(gs)];
    return {
      dy: () => run(kernels.forward, { x: g, filter }, movement(attrs)),
      filter: () => toFilter(kernels, g, dy, filter, attrs),
    };
  },
});

/** Of the gradient of w, which is linear in x and dy: for its own gradient g, that of x for dy and g, and x ∗ g. */
const ofFilterGradient = (kernels: Kernels): tf.GradConfig => ({
  kernelName: kernels.filter,
  inputsToSave: ["x", "dy"],
  gradFunc: (gs, saved, attrs) => {
    const [[x, dy], g] = [two(saved), single(gs)];
    return {
      x: () => toInput(kernels, dy, g, x, attrs),
      dy: () => run(kernels.forward, { x, filter: g }, movement(attrs)),
    };
  },
});

/** The gradient for filters with holes, and TensorFlow.js's own, if it has one, for others. */
const whereDilated = (own: tf.GradConfig): tf.GradConfig => {
  const stock: tf.GradConfig | undefined = tf.getGradient(own.kernelName);
  return {
    ...own,
    gradFunc: (dy, saved, attrs) => (isDilated(attrs) || stock === undefined ? own : stock).gradFunc(dy, saved, attrs),
  };
};

/** All of them. */
export const convolutionGradients: readonly tf.GradConfig[] = [
  whereDilated(ofForward(dense)),
  whereDilated(ofInputGradient(dense)),
  ofFilterGradient(dense),
  ...[ofForward(depthwise), ofInputGradient(depthwise), ofFilterGradient(depthwise)],
];
