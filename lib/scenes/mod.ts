/**
 * The built-in scenes: rooms of ten kinds, rendered from a seed, with exact depth.
 *
 * ```ts
 * import { renderScene, sceneKinds, scenesDataset } from "@cliffnet/cliffnet/scenes";
 *
 * const kinds = sceneKinds.length; // 10
 * const sample = renderScene({ seed: 1, height: 24, width: 32 }, 0);
 * const { train } = scenesDataset({ seed: 1, height: 24, width: 32, train: 100, test: 10 });
 * ```
 *
 * @module
 */
export { scenesDataset } from "../data/scenes_dataset.ts";
export type { DepthImage, RgbImage } from "../formats/raster.ts";
export type { PinholeIntrinsics } from "./camera.ts";
export { type SceneKind, sceneKinds } from "./kinds.ts";
export { type Rendered, type RenderedScene, renderScene, type SceneOptions } from "./render.ts";
