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
export { toOwn, toPublished, withoutPrefix } from "./convert.ts";
export { recognizeNames } from "./recognize.ts";
export { restoreTree, restoreVariables, withBackbone } from "./restore.ts";
