import { fold, type Key } from "../../tensor/key.ts";
import type { Interior, Light, SceneDescription, Solid, View } from "./description.ts";
import { between, chance } from "./draws.ts";
import { interiors, type SceneKind } from "./kinds.ts";
import { anyColour } from "./materials.ts";
import type { Rotation, Vector } from "./vector.ts";
import { cameraFor } from "./view.ts";

/** The mirror image of an interior, left for right; every solid is its own mirror image about its middle. */
const mirrored = ({ room, solids, lights, views }: Interior): Interior => {
  const flip = ([x, y, z]: Vector): Vector => [room.size[0] - x, y, z];
  const turn = ([a, b, c]: Rotation): Rotation => [
    [a[0], -a[1], -a[2]],
    [-b[0], b[1], b[2]],
    [-c[0], c[1], c[2]],
  ];
  const [west, east, south, north] = room.walls;
  const [first, ...others] = views.map(({ from: [a, b], target }): View => ({
    from: [[flip(b)[0], a[1], a[2]], [flip(a)[0], b[1], b[2]]],
    target: flip(target),
  }));
  return {
    room: { ...room, walls: [east, west, south, north] },
    solids: solids.map((one): Solid => ({
      ...one,
      centre: flip(one.centre),
      rotation: turn(one.rotation),
    })),
    lights: lights.map((one): Light => ({ ...one, centre: flip(one.centre) })),
    views: [first ?? views[0], ...others],
  };
};

/** A room of a kind with its furniture, light and camera, all drawn from the key. */
export const describeScene = (
  kind: SceneKind,
  key: Key,
): SceneDescription => {
  const drawn = interiors[kind](fold(key, "interior"));
  const interior = chance(key, "mirrored", 0.5) ? mirrored(drawn) : drawn;
  const [camera, solids] = cameraFor(fold(key, "camera"), interior);
  return {
    room: interior.room,
    solids,
    lights: interior.lights,
    ambient: anyColour(fold(key, "ambient"), [0, 0.2], [0.15, 0.4]),
    exposure: between(key, "exposure", 0.42, 0.62),
    camera,
  };
};
