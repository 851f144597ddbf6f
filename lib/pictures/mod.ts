/**
 * Pictures of depth: colour maps with scales, panels, sheets.
 *
 * ```ts
 * import { contactSheet, depthPicture, pairPanel } from "@cliffnet/cliffnet/pictures";
 *
 * const depth = { height: 2, width: 3, metres: new Float32Array([1, 1, 2, 2, 0, 3]) };
 * const picture = depthPicture(depth); // R, G, B with a colour bar
 * const image = { height: 2, width: 3, pixels: new Uint8Array(18) };
 * const sheet = contactSheet([pairPanel({ title: "a corner", image, depth })]);
 * ```
 *
 * @module
 */
export type { DepthImage, RgbImage, ValueMap } from "../formats/raster.ts";
export type { Explanation, GeneratorExplanation, LevelExplanation, TermExplanation } from "../loss/explanation.ts";
export type { Range, Rgb } from "./colormap.ts";
export { type DepthEncoding, type DepthFormat, depthFormats, usualEncoding } from "./depth_formats.ts";
export { type ExplanationPage, explanationPage } from "./explanation_page.ts";
export {
  absoluteError,
  contactSheet,
  depthPicture,
  pairPanel,
  type PanelInput,
  type PanelPair,
  samplePanel,
} from "./panel.ts";
