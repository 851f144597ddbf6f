import { fold, type Key } from "../../tensor/key.ts";
import type { Interior, Light, SceneDescription, Solid, View } from "./description.ts";
import { between, chance } from "./draws.ts";
import { bathroom } from "./kinds/bathroom.ts";
import { bedroom } from "./kinds/bedroom.ts";
import { classroom } from "./kinds/classroom.ts";
import { corridor } from "./kinds/corridor.ts";
import { hall } from "./kinds/hall.ts";
import { kitchen } from "./kinds/kitchen.ts";
import { library } from "./kinds/library.ts";
import { livingRoom } from "./kinds/living_room.ts";
import { office } from "./kinds/office.ts";
import { stairwell } from "./kinds/stairwell.ts";
import type { SceneKind } from "./kinds.ts";
import { anyColour } from "./materials.ts";
import type { Rotation, Vector } from "./vector.ts";
import { cameraFor } from "./view.ts";

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
