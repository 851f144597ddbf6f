import { lookAt } from "../../lib/scenes/camera.ts";
import type { Material, SceneDescription, Solid } from "../../lib/scenes/description.ts";
import { plain } from "../../lib/scenes/materials.ts";
import { type Key, keyOf } from "../../lib/tensor/key.ts";

/** Any key, where none matters. */
export const key: Key = keyOf(7);
/** A matt grey. */
export const grey: Material = plain(key, [0.5, 0.5, 0.5]);

/** An empty grey room of 4 × 3 × 8 m, the camera at (2, 1.5, 1) looking ahead, 60° wide. */
export const roomWith = (solids: readonly Solid[]): SceneDescription => ({
  room: {
    size: [4, 3, 8],
    floor: grey,
    ceiling: grey,
    walls: [grey, grey, grey, grey],
  },
  solids,
  lights: [{
    centre: [2, 2.8, 3],
    spread: [0.2, 0, 0.2],
    colour: [1, 1, 1],
    shadows: true,
  }],
  ambient: [0.3, 0.3, 0.3],
  exposure: 0.5,
  camera: lookAt([2, 1.5, 1], [2, 1.5, 8], 60, 0),
});
