import { foldIn, keyOf, permutation } from "../tensor/key.ts";

/** The kinds of built-in scene, in the order of their class numbers.
 * @category Scenes */
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

/** The label of a built-in scene.
 * @category Scenes */
export type SceneKind = typeof sceneKinds[number];

/**
 * The kind of a scene: each block of as many indices as there are kinds holds every kind once, in random order.
 *
 * @throws RangeError unless the index is a whole number from 0.
 */
export const kindAt = (seed: number, index: number): SceneKind => {
  const count = sceneKinds.length;
  const key = foldIn(foldIn(keyOf(seed), "kinds"), Math.floor(index / count));
  const place = index < 0 ? undefined : permutation(key, count)[index % count];
  const kind = sceneKinds.find((_, at) => at === place);
  if (kind === undefined) throw new RangeError(`built-in scene ${index}: its index is not a whole number from 0`);
  return kind;
};
