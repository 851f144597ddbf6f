/**
 * All that the library computes with tensors, on networks that are narrow but have every part of the published ones:
 * the kernels that these programs run are those that the table of operations must cover.
 */
import { resNetOfWidth } from "../../../lib/cliffnet/backbone.ts";
import { type CliffNet, cliffNetOn, preprocess, type Preprocessing } from "../../../lib/cliffnet/network.ts";
import { type Sample, type Split, splitOf } from "../../../lib/data/dataset.ts";
import { TE } from "../../../lib/dependencies/fp.ts";
import { frozen, sobel } from "../../../lib/embedding/embedding.ts";
import {
  reconstructionBatch,
  reconstructionError,
  reconstructionLearner,
  reconstructionStages,
  reconstructor,
} from "../../../lib/embedding/reconstruction.ts";
import { sceneAccuracy, sceneBatch, sceneClassifier, sceneLearner, sceneStages } from "../../../lib/embedding/scene.ts";
import { orThrow } from "../../../lib/errors.ts";
import { hierarchical } from "../../../lib/loss/hierarchical.ts";
import { named, type Objective, sum, warmup } from "../../../lib/loss/objective.ts";
import { l1, l2 } from "../../../lib/loss/pixel.ts";
import { compose, type Learner } from "../../../lib/nn/layer.ts";
import { adam } from "../../../lib/optim/adam.ts";
import { chain, clipByGlobalNorm, type Transformation } from "../../../lib/optim/transformation.ts";
import { keyOf } from "../../../lib/tensor/key.ts";
import { scope } from "../../../lib/tensor/scope.ts";
import { type Branch, disposeTree } from "../../../lib/tensor/tree.ts";
import { depthBatch, depthLearner, predictor } from "../../../lib/train/depth_network.ts";
import { initialState, trainStep } from "../../../lib/train/step.ts";
import { noise } from "../support.ts";

/** Something that users run; it leaves no tensors. */
export interface Program {
  readonly name: string;
  /** Whether it runs on wasm alone: it has the units of another program, and a software GPU would compile for long. */
  readonly wasmOnly?: boolean;
  readonly run: () => void | Promise<void>;
}

const key = keyOf(5);
const scenes = ["kitchen", "hall"];
const [height, width] = [38, 51];

/** Channels of the stages of both generators. */
const widths = [4, 8];

const sampleOf = (index: number): Sample => ({
  name: `sample ${index}`,
  image: {
    height,
    width,
    pixels: Uint8Array.from(noise(height * width * 3, index), (value) => 127 * (value + 1)),
  },
  depth: {
    height,
    width,
    metres: Float32Array.from(noise(height * width, index + 9), (value, at) => at % 7 === 3 ? 0 : 2 + value),
  },
  scene: scenes[index % 2] ?? null,
  intrinsics: null,
});

const samples: readonly Sample[] = [0, 1].map(sampleOf);

const split: Split = splitOf(
  samples.map((sample) => ({ ...sample, where: sample.name, read: TE.of(sample) })),
);

const narrowNetwork = (depth: 18 | 50, preprocessing: Preprocessing): CliffNet => {
  const { channels, backbone } = resNetOfWidth(depth, 1);
  return compose(preprocess(preprocessing), cliffNetOn(backbone, channels, 4, 2));
};

const optimizer = adam(() => 1e-3, 1e-4);
const clipped = chain("clipped", [clipByGlobalNorm(1), optimizer]);

/** One step of training; later ones run the same kernels. */
const train = <B, P extends Branch, S extends Branch>(
  learner: Learner<B, P, S>,
  batch: B,
  transformation: Transformation = optimizer,
): void =>
  scope(() => {
    trainStep(learner, transformation)(initialState(learner, transformation, key), batch);
  });

const objectiveOf = (): Objective => {
  const [ofScenes, ofReconstruction] = [sceneStages(widths), reconstructionStages(widths)];
  return sum(
    warmup(100)(named("embedding", hierarchical(frozen(ofScenes, ofScenes.init(key)), [1, 10, 15]))),
    named("embedding", hierarchical(frozen(ofReconstruction, ofReconstruction.init(key)), [0, 1, 1])),
    named("gradient", hierarchical(sobel, [0, 1])),
    named("l1", l1),
    named("l2", l2),
  );
};

const training = (depth: 18 | 50, preprocessing: Preprocessing, transformation: Transformation) => (): void =>
  scope(() => {
    const learner = depthLearner(narrowNetwork(depth, preprocessing), objectiveOf());
    train(learner, depthBatch(samples), transformation);
  });

const predict = async (): Promise<void> => {
  const network = narrowNetwork(50, "rgb-imagenet");
  const variables = scope(() => network.init(key));
  for (const rows of [height, height - 8]) {
    orThrow(await predictor(network, variables, rows, width)(sampleOf(3).image)());
  }
  Object.values(variables).forEach(disposeTree);
};

const pretrainScenes = async (): Promise<void> => {
  const classifier = sceneClassifier(widths, scenes.length);
  scope(() => train(sceneLearner(classifier), orThrow(sceneBatch(scenes)(samples))));
  const variables = scope(() => classifier.init(key));
  orThrow(await sceneAccuracy(classifier, variables, scenes, split)());
  Object.values(variables).forEach(disposeTree);
};

const pretrainReconstruction = async (): Promise<void> => {
  const layer = reconstructor(widths);
  scope(() => train(reconstructionLearner(layer), reconstructionBatch(samples)));
  const variables = scope(() => layer.init(key));
  orThrow(await reconstructionError(layer, variables, split)());
  Object.values(variables).forEach(disposeTree);
};

/** Training, prediction, and pretraining and evaluation of both generators. */
export const programs: readonly Program[] = [
  { name: "training with ResNet-18", run: training(18, "bgr-caffe", clipped) },
  { name: "training with ResNet-50", run: training(50, "rgb-imagenet", optimizer), wasmOnly: true },
  { name: "prediction", run: predict },
  { name: "pretraining and evaluation of HEG-S", run: pretrainScenes },
  { name: "pretraining and evaluation of HEG-R", run: pretrainReconstruction },
];
