/** Opens TensorFlow.js's wasm backend, with this library's kernels in it. */
// The backend is imported for its effect: it registers itself and its kernels.
import { E } from "../../dependencies/fp.ts";
import { tf } from "../../dependencies/tensorflow.ts";
import "../../dependencies/wasm.ts";
import { DeviceError, type Health } from "../device_failure.ts";
import { einsumKernel } from "../einsum.ts";
import { stridedSliceKernel } from "../strided_slice.ts";
import { registerGradients } from "../gradients.ts";
import { type KernelChoice, registerKernels } from "../kernels.ts";
import { wasmAdamDirection } from "./adam.ts";
import { wasmConv2DBackpropFilter } from "./conv2d_backprop_filter.ts";
import { wasmConv2DBackpropInput } from "./conv2d_backprop_input.ts";
import { wasmConv2D } from "./convolution.ts";
import {
  wasmDepthwiseConv2d,
  wasmDepthwiseConv2dBackpropFilter,
  wasmDepthwiseConv2dBackpropInput,
} from "./depthwise_convolution.ts";
import { wasmFusedConvolution } from "./fused_convolution.ts";
import { wasmMaxPoolGrad } from "./max_pool_grad.ts";
import { wasmNormalizeBatch, wasmNormalizeBatchGrad } from "./normalize_batch.ts";
import { wasmMaxima } from "./maxima.ts";
import { wasmMorphology } from "./morphology.ts";
import { wasmOtherForms, withChannelsFirst } from "./other_forms.ts";
import { wasmUnsortedSegmentSum } from "./segment_sum.ts";
import { wasmBatchMatMul, wasmIdentity } from "./shared_data.ts";
import { wasmVolumeGradients } from "./volume_gradients.ts";

/** What TensorFlow.js could not train without. */
const filterGradient = withChannelsFirst(wasmConv2DBackpropFilter, ["x", "dy"], false);

/** To go back to TensorFlow.js's own kernel, delete this library's and its line here. */
const kernels: readonly tf.KernelConfig[] = [
  wasmAdamDirection,
  wasmBatchMatMul,
  withChannelsFirst(wasmConv2D, ["x"], true),
  filterGradient,
  withChannelsFirst(wasmConv2DBackpropInput, ["dy"], true),
  wasmDepthwiseConv2d,
  wasmDepthwiseConv2dBackpropFilter,
  wasmDepthwiseConv2dBackpropInput,
  wasmFusedConvolution,
  wasmIdentity,
  wasmMaxPoolGrad,
  wasmNormalizeBatch,
  wasmNormalizeBatchGrad,
  wasmUnsortedSegmentSum,
  einsumKernel("wasm"),
  stridedSliceKernel("wasm"),
  ...wasmMaxima,
  ...wasmMorphology,
  ...wasmOtherForms,
  ...wasmVolumeGradients,
];

/** Puts this library's kernels or TensorFlow.js's own in place on wasm, but for what could not be trained without. */
export const registerWasmKernels = (choice: KernelChoice): void => registerKernels(kernels, choice, [filterGradient]);

/** What is used of the backend's WebAssembly module. */
interface Module {
  readonly _free: (address: number) => void;
  _malloc: (bytes: number) => number;
}

/** The memory of a WebAssembly module has 32-bit addresses. */
const mostBytes = 2 ** 32 - 1;

/**
 * The module's own allocation gives 0 where memory ends, over which TensorFlow.js would write, from 2 GB on addresses below
 * 0, at which it would read something else, and for 4 GB or more the few bytes that are left of their number in 32 bits.
 */
const allocateSoundly = (module: Module): void => {
  // At its first call the module puts another function in this one's place.
  module._free(module._malloc(1));
  const allocate = module._malloc;
  module._malloc = (bytes) => {
    const address = bytes > mostBytes ? 0 : allocate(bytes) >>> 0;
    if (address > 0 || bytes === 0) return address;
    throw new DeviceError(`no room for ${bytes} bytes in the 4 GB of the wasm backend`);
  };
};

/** Opens the wasm backend: one thread of the processor, with SIMD. */
export const openWasm = async (choice: KernelChoice): Promise<Health> => {
  registerWasmKernels(choice);
  registerGradients(choice);
  if (!await tf.setBackend("wasm")) throw new DeviceError("TensorFlow.js could not start its wasm backend");
  await tf.ready();
  const { wasm } = tf.backend() as tf.KernelBackend & { readonly wasm: Module };
  allocateSoundly(wasm);
  return () => Promise.resolve(E.right(undefined));
};
