/** TensorFlow.js with the gradients of its operations registered (the core package alone has none). */
export * as tf from "npm:@tensorflow/tfjs@4.22.0";
