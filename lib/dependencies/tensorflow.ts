/** TensorFlow.js with the gradients of its operations registered (the core package alone has none). */
export * as tf from "./tensorflow_exports.ts";
