/** TensorFlow.js's own tests that fail with this library's kernels, and why. */
import type { ExpectedFailures } from "./outcomes.ts";

/** A failure is expected if its message or its name matches, the first of these that does. */
export const expectedFailures: readonly ExpectedFailures[] = [
  {
    reason: "the test holds a gradient of TensorFlow.js that is wrong: this library's is the slope of the operation",
    matching: /^mirrorPad grad|^avgPool gradient .* p=explicit$/,
    holdsWrong: true,
  },
  {
    reason: "the test holds that there is no gradient of dilated depthwise convolutions: here there is one",
    matching: /^depthwiseConv2d gradients throws error on dilations > 1$/,
    holdsWrong: true,
  },
  {
    reason: "complex numbers, which wasm does not have",
    backend: "wasm",
    matching: /Kernel '(Complex|FFT|IFFT|Real|Imag)' not registered/,
  },
  {
    reason: "ragged tensors: of lists of other lengths",
    matching: /agged(TensorToTensor|Range|Gather)/,
  },
  {
    reason: "texts: no numbers",
    matching: /string|StaticRegexReplace|staticRegexReplace|Unknown dtype string/,
  },
  {
    reason: "integers: wasm multiplies matrices of floats alone",
    backend: "wasm",
    matching: /kernel input \w+: found int32, expected float32|non-float32 tensors not yet supported/,
  },
  {
    reason: "a canvas or a picture of a web page, which Deno does not have",
    matching: /document is not defined|Image is not defined|^draw on canvas context|canvas|OffscreenCanvas/,
  },
  {
    reason: "the test holds that a window of one pixel is the identity, padding or not",
    backend: "wasm",
    matching: /^pool (max|avg) x=\[2,2,3\] f=\[1,1\] s=2 p=1 fractional/,
  },
  {
    reason: "what is no number does not go through wasm's clipByValue",
    backend: "wasm",
    matching: /^clipByValue (basic vec4|propagates NaNs)$/,
  },
  {
    reason: "no kernel of integers or of sparse tensors",
    backend: "webgpu",
    matching: /Kernel '(BitwiseAnd|NonMaxSuppressionV4|Unique|SparseFillEmptyRows|SparseReshape)'|^sparse/,
  },
  {
    reason: "an index beyond the end, which a GPU reads as some other",
    backend: "webgpu",
    matching: /^gather throws when index is out of bound$/,
  },
  {
    reason: "an angle of so many turns that float32 holds no fraction of one",
    backend: "webgpu",
    matching: /^tan numbers exceed float32 precision$/,
  },
  { reason: "a threshold of integers", matching: /^threshold method otsu/ },
];
