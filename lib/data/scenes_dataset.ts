import { TE } from "../dependencies/fp.ts";
import { countFrom, requireNumbers } from "../formats/numbers.ts";
import { sceneKinds } from "../scenes/kinds.ts";
import { renderScene, sceneLabel, type SceneOptions } from "../scenes/render.ts";
import type { Dataset, Split } from "./dataset.ts";

/** Options of {@link scenesDataset}: those of the scenes, and how many of them train and test.
 * @category Data */
export interface ScenesDatasetOptions extends SceneOptions {
  /** How many scenes the training split has. */
  readonly train: number;
  /** How many scenes the test split has. */
  readonly test: number;
}

/** Test scenes are counted from here, far behind the last training scene. */
const firstTestScene = 1_000_000_000;

/** The range up to which built-in scenes are evaluated; few depths of the largest halls lie beyond it, and these count. */
const range = { near: 0, far: 10 };

const ranges = {
  height: countFrom(1),
  width: countFrom(1),
  seed: countFrom(0),
  train: countFrom(0),
  test: countFrom(0),
} as const;

/**
 * Built-in scenes, rendered when they are read: no two of the training and the test split are the same.
 *
 * @throws RangeError for sizes, counts or a seed that are no whole numbers.
 * @category Data
 */
export const scenesDataset = (options: ScenesDatasetOptions): Dataset => {
  requireNumbers("built-in scenes", ranges, { ...options });
  const { train, test, ...scene } = options;
  const split = (first: number, size: number): Split => ({
    size,
    entry: (index) => ({ ...sceneLabel(scene.seed, first + index), where: `built-in scene ${first + index}` }),
    read: (index) => TE.fromIO(() => renderScene(scene, first + index)),
  });
  return {
    name: "built-in scenes",
    scenes: sceneKinds,
    train: split(0, train),
    test: split(firstTestScene, test),
    range,
  };
};
