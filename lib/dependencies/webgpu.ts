/** TensorFlow.js's WebGPU backend. Importing this value, not only its type, registers the backend as "webgpu". */
export { WebGPUBackend } from "npm:@tensorflow/tfjs-backend-webgpu@4.22.0";
