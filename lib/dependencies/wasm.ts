/** TensorFlow.js's WebAssembly backend. Importing this value, not only its type, registers the backend as "wasm". */
export { BackendWasm } from "npm:@tensorflow/tfjs-backend-wasm@4.22.0";
