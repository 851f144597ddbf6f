import type { DepthImage, RgbImage } from "../formats/raster.ts";
import { foldIn, type Key, keyOf } from "../tensor/key.ts";
import { cameraFor, intrinsicsOf, type PinholeIntrinsics } from "./camera.ts";
import { castScene } from "./cast.ts";
import {
  between,
  chance,
  type Interior,
  type Light,
  type SceneDescription,
  type Solid,
  type View,
} from "./description.ts";
import { kindAt, type SceneKind } from "./kinds.ts";
import { bathroom } from "./kinds/bathroom.ts";
import { hall } from "./kinds/hall.ts";
import { kitchen } from "./kinds/kitchen.ts";
import { bedroom, livingRoom } from "./kinds/living.ts";
import { corridor, stairwell } from "./kinds/passages.ts";
import { classroom, library, office } from "./kinds/work.ts";
import { anyColour } from "./materials.ts";
import { pictureOf } from "./picture.ts";
import { noisyDepth, noisyPixels, sensorHoles } from "./sensor.ts";
import { shaderOf } from "./shade.ts";
import { tracerOf } from "./tracer.ts";
import type { Rotation, Vector } from "./vector.ts";

/** What each kind draws from a key. */
const interiors: { readonly [kind in SceneKind]: (key: Key) => Interior } = {
  bathroom,
  bedroom,
  classroom,
  corridor,
  hall,
  kitchen,
  library,
  living_room: livingRoom,
  office,
  stairs: stairwell,
};

/** The mirror image of an interior, left for right; every solid is its own mirror image about its middle. */
const mirrored = ({ room, solids, lights, views }: Interior): Interior => {
  const flip = ([x, y, z]: Vector): Vector => [room.size[0] - x, y, z];
  const turn = ([a, b, c]: Rotation): Rotation => [
    [a[0], -a[1], -a[2]],
    [-b[0], b[1], b[2]],
    [-c[0], c[1], c[2]],
  ];
  const [west, east, south, north] = room.walls;
  const flipView = ({ from: [a, b], target }: View): View => ({
    from: [[flip(b)[0], a[1], a[2]], [flip(a)[0], b[1], b[2]]],
    target: flip(target),
  });
  const [first, ...others] = views;
  return {
    room: { ...room, walls: [east, west, south, north] },
    solids: solids.map((one): Solid => ({
      ...one,
      centre: flip(one.centre),
      rotation: turn(one.rotation),
    })),
    lights: lights.map((one): Light => ({ ...one, centre: flip(one.centre) })),
    views: [flipView(first), ...others.map(flipView)],
  };
};

/** A room of a kind with its furniture, light and camera, all drawn from the key. */
export const describeScene = (
  kind: SceneKind,
  key: Key,
): SceneDescription => {
  const drawn = interiors[kind](foldIn(key, "interior"));
  const interior = chance(key, "mirrored", 0.5) ? mirrored(drawn) : drawn;
  const [camera, solids] = cameraFor(foldIn(key, "camera"), interior);
  return {
    room: interior.room,
    solids,
    lights: interior.lights,
    ambient: anyColour(foldIn(key, "ambient"), [0, 0.2], [0.15, 0.4]),
    exposure: between(key, "exposure", 0.42, 0.62),
    camera,
  };
};

/** Which scenes to render, and how.
 * @category Scenes */
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

/** What a rendered description gives: picture and depth of one size, and the camera.
 * @category Scenes */
export interface Rendered {
  /** The picture. */
  readonly image: RgbImage;
  /** Metres along the optical axis at pixel centres; 0 = no measurement. */
  readonly depth: DepthImage;
  /** The camera that saw both. */
  readonly intrinsics: PinholeIntrinsics;
}

/** A rendered built-in scene, as a sample of a data set.
 * @category Scenes */
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
export const sceneKey = (seed: number, index: number): Key => foldIn(foldIn(keyOf(seed), "scenes"), index);

/** What the built-in scene of a seed and an index is called, and its kind. */
export const sceneLabel = (seed: number, index: number): { readonly name: string; readonly scene: SceneKind } => {
  const kind = kindAt(seed, index);
  return { name: `${kind}-${String(index).padStart(6, "0")}`, scene: kind };
};

/**
 * The built-in scene of a seed and an index (a non-negative integer): equal arguments give equal bytes on every
 * platform. Each run of as many indices as there are kinds holds every kind once. Depth is within 0.5…10 m.
 * @category Scenes
 */
export const renderScene = (options: SceneOptions, index: number): RenderedScene => {
  const label = sceneLabel(options.seed, index);
  const key = sceneKey(options.seed, index);
  return { ...label, ...renderDescription(describeScene(label.scene, key), options, key) };
};
