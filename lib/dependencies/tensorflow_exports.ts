/** The exports of TensorFlow.js one by one: what `tf` is the namespace of. */
export * from "npm:@tensorflow/tfjs@4.22.0";
