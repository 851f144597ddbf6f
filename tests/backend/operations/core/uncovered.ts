/** TensorFlow.js's functions that no row is about, and why: nothing of them is trained through. */

const integers = "gives integers, or asks a question: no gradient (what is compared has the gradient 0)";
const makes = "makes a tensor of no tensor: no gradient";
const draws = "draws from a generator that no key fixes: use drawUniform, drawNormal";
const alias = "another name of a function above for one rank";
const complex = "complex numbers: not here";
const notFloats = "of texts, or of lists of other lengths: not of float32 numbers";

const named = (reason: string, names: string): readonly (readonly [name: string, reason: string])[] =>
  names.split(" ").map((name) => [name, reason] as const);

/** By name. */
export const uncovered: ReadonlyMap<string, string> = new Map([
  ...named(
    integers,
    "all any argMax argMin bincount bitwiseAnd broadcastArgs denseBincount equal greater greaterEqual",
  ),
  ...named(integers, "isFinite isInf isNaN less lessEqual logicalAnd logicalNot logicalOr logicalXor notEqual"),
  ...named(integers, "searchSorted unique image.nonMaxSuppression image.nonMaxSuppressionAsync image.threshold"),
  ...named(integers, "image.nonMaxSuppressionWithScore image.nonMaxSuppressionWithScoreAsync"),
  ...named(integers, "image.nonMaxSuppressionPadded image.nonMaxSuppressionPaddedAsync"),
  ...named(makes, "eye oneHot signal.hammingWindow signal.hannWindow"),
  ...named(draws, "multinomial rand randomGamma randomNormal randomStandardNormal randomUniform randomUniformInt"),
  ...named(draws, "truncatedNormal"),
  ...named(alias, "batchNorm2d batchNorm3d batchNorm4d concat1d concat2d concat3d concat4d pad1d pad2d pad3d pad4d"),
  ...named(alias, "reverse1d reverse2d reverse3d reverse4d slice1d slice2d slice3d slice4d"),
  ...named(complex, "complex fft ifft imag irfft real rfft signal.stft spectral.fft spectral.ifft spectral.rfft"),
  ...named(complex, "spectral.irfft"),
  ...named(notFloats, "raggedGather raggedRange raggedTensorToTensor string.stringNGrams string.stringSplit"),
  ...named(notFloats, "string.stringToHashBucketFast string.staticRegexReplace sparse.sparseFillEmptyRows"),
  ...named(notFloats, "sparse.sparseReshape"),
  ...named(
    "has no gradient in TensorFlow.js: use gather and unsortedSegmentSum",
    "sparse.sparseSegmentMean sparse.sparseSegmentSum",
  ),
  ...named("has no gradient in TensorFlow.js: turn pictures before they are trained on", "image.rotateWithOffset"),
  ...named("has no gradient in TensorFlow.js: sample by products with matrices of shares", "image.transform"),
  ...named("has no gradient in TensorFlow.js: use linalg.gramSchmidt", "linalg.qr"),
  ...named("in the table of this library's own kernels", "depthwiseConv2d separableConv2d fused.depthwiseConv2d"),
]);
