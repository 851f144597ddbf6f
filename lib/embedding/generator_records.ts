/** The built-in generators, one after the other: their lists are in `generators.ts`. */
import {
  codePerPixel,
  type FixedGenerator,
  type Generator,
  type GeneratorReport,
  learnedFields,
  trackedFields,
} from "./generator.ts";

const percent = (share: number): string => `${(100 * share).toFixed(0)} %`;

/** Which samples are not in the accuracy, for after it; nothing if all are. */
const describeLeftOut = ({ leftOut = 0, heldOut = 0, unlabelled = 0 }: GeneratorReport): string =>
  [
    ...(leftOut === 0 || heldOut > 0 ? [] : [`; left out are ${leftOut} test samples of no scene that training has`]),
    ...(unlabelled === 0 ? [] : [`; ${unlabelled} training samples without a scene were not learned from`]),
  ].join("");

const describeAccuracy = (report: GeneratorReport): string | null => {
  const { accuracy, mostFrequent, leftOut = 0, heldOut = 0 } = report;
  if (accuracy === undefined || mostFrequent === undefined) return null;
  const tested = heldOut === 0
    ? "the test scenes"
    : `the scenes of ${heldOut} held-out training samples, as none of the ${leftOut} test samples has a scene of training`;
  return `recognizes ${percent(accuracy)} of ${tested} (the most frequent scene: ${percent(mostFrequent)})${
    describeLeftOut(report)
  }`;
};

/** HEG-S, which learns the scene from the depth map. */
export const sceneGenerator: Generator<"scene", typeof learnedFields> = {
  name: "scene",
  title: "HEG-S",
  description: "HEG-S: learns the scene from the depth map.",
  settings: learnedFields,
  warnings: () => [],
  describe: describeAccuracy,
  load: () => import("./scene.ts").then(({ sceneCode }) => sceneCode),
};

const copyWarning = (numbersPerPixel: number): string =>
  `HEG-R's bottleneck holds ${
    numbersPerPixel.toFixed(1)
  } numbers for each pixel, with which it could copy the depth map; ` +
  "a smaller last one of generators.reconstruction.widths makes it learn what depth maps are like";

/** HEG-R, which learns to reconstruct the depth map through a bottleneck. */
export const reconstructionGenerator: Generator<"reconstruction", typeof learnedFields> = {
  name: "reconstruction",
  title: "HEG-R",
  description:
    "HEG-R: learns to reconstruct the depth map. Published widths 16, 32, 64 hold 4 numbers a pixel at the " +
    "bottleneck and could copy, which training says; 16, 32, 8 hold ½.",
  settings: learnedFields,
  warnings: ({ widths }, height, width) => {
    const share = codePerPixel(widths, height, width);
    return share < 1 ? [] : [copyWarning(share)];
  },
  describe: ({ error, ofMean }) =>
    error === undefined || ofMean === undefined
      ? null
      : `reconstructs test depth to ${error.toFixed(3)} m (the mean depth: ${ofMean.toFixed(3)} m)`,
  load: () => import("./reconstruction.ts").then(({ reconstructionCode }) => reconstructionCode),
};

/** A control that learns the scene from grey images. */
export const imageGenerator: Generator<"image", typeof learnedFields> = {
  name: "image",
  title: "the HEG of grey images",
  description:
    "HEG-S's layers learn the scene from the same frames' grey images, brought to mean and deviation of the " +
    "data's depth by one scale for all.",
  settings: learnedFields,
  warnings: () => [],
  describe: describeAccuracy,
  load: () => import("./image.ts").then(({ imageCode }) => imageCode),
};

/** A control that learns nothing. */
export const randomGenerator: Generator<"random", typeof trackedFields> = {
  name: "random",
  title: "the random HEG",
  description:
    "HEG-S's layers as drawn from the seed, their batch norms' statistics tracked over 50 batches of depth, " +
    "so that only the weights are random.",
  settings: trackedFields,
  warnings: () => [],
  describe: ({ batches }) =>
    batches === undefined ? null : `has learned nothing; its batch norms have tracked ${batches} batches`,
  load: () => import("./scene.ts").then(({ sceneStages }) => ({ stages: sceneStages, pretrain: null })),
};

/** Sobel filters, at one scale. */
export const sobelGenerator: FixedGenerator<"sobel"> = {
  name: "sobel",
  title: "Sobel",
  unit: "m",
  description: "Depth gradients.",
  levels: () => 1,
  load: () => import("./embedding.ts").then(({ sobel }) => () => sobel),
  // Its first level is the Sobel pair itself; the others are those of the multi-scale gradient loss.
  loadExplained: () => import("./embedding.ts").then(({ multiScaleSobel }) => multiScaleSobel(4)),
};

/** Sobel filters, at scales as long as the depth maps have pixels. */
export const multiScaleSobelGenerator: FixedGenerator<"multi-scale-sobel"> = {
  name: "multi-scale-sobel",
  title: "Multi-scale Sobel",
  unit: "m",
  description: "Depth gradients of means over 1, 2, 4 … pixels, a level each.",
  levels: (height, width) => 1 + Math.floor(Math.log2(Math.min(height, width))),
  load: () => import("./embedding.ts").then(({ multiScaleSobel }) => multiScaleSobel),
  loadExplained: null,
};
