/**
 * Gradients that TensorFlow.js has wrong or not at all, composed of its operations, so that they are right on every backend.
 * TensorFlow.js's table of gradients holds for all backends at once.
 */
import { tf } from "../dependencies/tensorflow.ts";
import { convolutionGradients } from "./gradients/convolutions.ts";
import { indexed } from "./gradients/indices.ts";
import { places } from "./gradients/places.ts";
import { pointwise } from "./gradients/pointwise.ts";
import { products } from "./gradients/products.ts";
import { resizings } from "./gradients/resizing.ts";
import { running } from "./gradients/running.ts";
import { windows } from "./gradients/windows.ts";
import type { KernelChoice } from "./kernels.ts";

/** To go back to TensorFlow.js's own gradient, or none, delete this library's from its list. */
const gradients: readonly tf.GradConfig[] = [
  ...convolutionGradients,
  ...pointwise,
  ...products,
  ...running,
  ...places,
  ...indexed,
  ...windows,
  ...resizings,
];

/** TensorFlow.js's own gradients in whose place this library's come. */
const stock = new Map(gradients.map(({ kernelName }) => [kernelName, tf.getGradient(kernelName)]));

/** Puts this library's gradients in place, or, for "stock", TensorFlow.js's own back. Calling it again changes nothing. */
export const registerGradients = (choice: KernelChoice): void =>
  gradients.forEach((own) => {
    const { kernelName } = own;
    const wanted: tf.GradConfig | undefined = choice === "own" ? own : stock.get(kernelName);
    const present: tf.GradConfig | undefined = tf.getGradient(kernelName);
    if (present === wanted) return;
    if (present !== undefined) tf.unregisterGradient(kernelName);
    if (wanted !== undefined) tf.registerGradient(wanted);
  });
