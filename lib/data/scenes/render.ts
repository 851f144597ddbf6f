import { fold, type Key, keyOf } from "../../tensor/key.ts";
import type { DepthImage, RgbImage } from "../../formats/raster.ts";
import { intrinsicsOf, type PinholeIntrinsics } from "./camera.ts";
import { castScene } from "./cast.ts";
import type { SceneDescription } from "./description.ts";
import { kindAt, type SceneKind } from "./kinds.ts";
import { pictureOf } from "./picture.ts";
import { describeScene } from "./scene.ts";
import { noisyDepth, noisyPixels, sensorHoles } from "./sensor.ts";
import { shaderOf } from "./shade.ts";
import { tracerOf } from "./tracer.ts";

/** Which scenes to render, and how. */
export interface SceneOptions {
  /** A non-negative integer; all scenes of a seed differ from those of another. */
  readonly seed: number;
  /** Rows of the picture, at least 1. */
  readonly height: number;
  /** Columns of the picture, at least 1. */
  readonly width: number;
  /** Adds the noise of a structured-light sensor to the depth and of a camera to the picture; off unless given. */
  readonly noise?: boolean;
  /** Sets the depth to 0 where a structured-light sensor measures nothing; off unless given. */
  readonly holes?: boolean;
}

/** What a rendered description gives: picture and depth of one size, and the camera. */
export interface Rendered {
  /** The picture. */
  readonly image: RgbImage;
  /** Metres along the optical axis at pixel centres; 0 = no measurement. */
  readonly depth: DepthImage;
  /** The camera that saw both. */
  readonly intrinsics: PinholeIntrinsics;
}

/** A rendered built-in scene, as a sample of a data set. */
export interface RenderedScene extends Rendered {
  /** The kind and the index. */
  readonly name: string;
  /** What is to be seen. */
  readonly scene: SceneKind;
}

/** Renders a description: the picture, and depth at pixel centres, exact unless the options say otherwise. */
export const renderDescription = (
  scene: SceneDescription,
  options: Omit<SceneOptions, "seed">,
  key: Key,
): Rendered => {
  const { height, width, noise = false, holes = false } = options;
  const tracer = tracerOf(scene);
  const seen = castScene(scene, tracer, height, width);
  const image = pictureOf(shaderOf(scene, tracer), seen);
  const exact = { height, width, metres: new Float32Array(seen.depth) };
  const depth = noise ? noisyDepth(key, exact) : exact;
  const missing = holes ? sensorHoles(key, scene.camera, tracer, seen) : null;
  return {
    image: noise ? { ...image, pixels: noisyPixels(key, image.pixels) } : image,
    depth: missing === null ? depth : {
      ...depth,
      metres: depth.metres.map((z, at) => missing[at] === 1 ? 0 : z),
    },
    intrinsics: intrinsicsOf(scene.camera, height, width),
  };
};

/** The key from which everything in a scene is drawn. */
export const sceneKey = (seed: number, index: number): Key => fold(fold(keyOf(seed), "scenes"), index);

/** What the built-in scene of a seed and an index is called, and its kind. */
export const sceneLabel = (seed: number, index: number): { readonly name: string; readonly scene: SceneKind } => {
  const kind = kindAt(seed, index);
  return { name: `${kind}-${String(index).padStart(6, "0")}`, scene: kind };
};

/**
 * The built-in scene of a seed and an index (a non-negative integer): equal arguments give equal bytes on every
 * platform. Each run of as many indices as there are kinds holds every kind once. Depth is within 0.5…10 m.
 */
export const renderScene = (options: SceneOptions, index: number): RenderedScene => {
  const label = sceneLabel(options.seed, index);
  const key = sceneKey(options.seed, index);
  return { ...label, ...renderDescription(describeScene(label.scene, key), options, key) };
};
