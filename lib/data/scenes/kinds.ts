import { fold, type Key, keyOf, permutation } from "../../tensor/key.ts";
import type { Interior } from "./description.ts";
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

/** The kinds of built-in scene, in the order of their class numbers. */
export const sceneKinds = [
  "bathroom",
  "bedroom",
  "classroom",
  "corridor",
  "hall",
  "kitchen",
  "library",
  "living_room",
  "office",
  "stairs",
] as const;

/** The label of a built-in scene. */
export type SceneKind = typeof sceneKinds[number];

/** What each kind draws from a key. */
export const interiors: {
  readonly [kind in SceneKind]: (key: Key) => Interior;
} = {
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

/** The kind of a scene: each block of as many indices as there are kinds holds every kind once, in random order. */
export const kindAt = (seed: number, index: number): SceneKind => {
  const count = sceneKinds.length;
  const key = fold(fold(keyOf(seed), "kinds"), Math.floor(index / count));
  return sceneKinds[permutation(key, count)[index % count] ?? 0] ??
    sceneKinds[0];
};
