/**
 * Embedding generators: functions from a depth map to feature maps, learned (HEG-S, HEG-R) or fixed.
 *
 * ```ts
 * import { multiScaleSobel, sceneClassifier } from "@cliffnet/cliffnet/embedding";
 * import { hierarchical } from "@cliffnet/cliffnet";
 *
 * const classifier = sceneClassifier([16, 32, 64], 10); // HEG-S with its head: depth maps to logits of 10 scenes
 * const loss = hierarchical(multiScaleSobel(3), [0, 1, 1, 1]);
 * ```
 *
 * @module
 */
export { coarsest, type Embedding, embeddingStages, firstLevels, frozen, multiScaleSobel, sobel } from "./embedding.ts";
export { codePerPixel } from "./generator.ts";
export { generators } from "./generators.ts";
export { reconstructionStages, reconstructor } from "./reconstruction.ts";
export { sceneClassifier, sceneStages, softmaxCrossEntropy } from "./scene.ts";
export type { channels, DepthMaps, Features, HasChannels, Tensor4D } from "../tensor/features.ts";
