/**
 * Weights of other programs: their names, reading and converting them.
 *
 * ```ts
 * import { recognizeNames, withBackbone } from "@cliffnet/cliffnet/weights";
 * import { orThrow } from "@cliffnet/cliffnet";
 *
 * const { title, kind } = orThrow(recognizeNames("resnet18.pth", ["layer1.0.conv2.weight", "conv1.weight"])); // torchvision's
 * ```
 *
 * @module
 */
export type { Either, TaskEither } from "../dependencies/fp.ts";
export type { GeneratorName, generators } from "../embedding/generators.ts";
export type { Failure, FailureKind } from "../errors.ts";
export type { Dtype } from "../formats/bytes.ts";
export type { LazyTensor } from "../formats/safetensors.ts";
export type { PlainValue, StoredTensor, TensorEntry, TensorFile, TensorFileFormat } from "../formats/tensor_file.ts";
export { type Conversion, toOwn, toPublished, withoutPrefix } from "./convert.ts";
export { beginningWith, describeFit, fittingTensors, type PartialFit, partialFit } from "./partial.ts";
export { pytorchModule, type PytorchOptions } from "./pytorch_module.ts";
export { type NamingTitle, type RecognizedNames, recognizeNames, type WeightsKind } from "./recognize.ts";
export { type NamedWeights, restoreTree, restoreVariables, withBackbone } from "./restore.ts";
