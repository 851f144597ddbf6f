/** The memory of training: the most that a step of the full network takes, and whether many small steps take ever more. */
import { type BackendName, countTensors, type Device } from "../lib/backend/device.ts";
import { resNetOfWidth } from "../lib/cliffnet/backbone.ts";
import { cliffNetOn, type CliffNetParams, type CliffNetStatistics } from "../lib/cliffnet/network.ts";
import { E, pipe, type TaskEither, TE } from "../lib/dependencies/fp.ts";
import { tf } from "../lib/dependencies/tensorflow.ts";
import type { Failure } from "../lib/errors.ts";
import { named } from "../lib/loss/objective.ts";
import { l1 } from "../lib/loss/pixel.ts";
import type { Learner } from "../lib/nn/layer.ts";
import { keyOf } from "../lib/tensor/key.ts";
import { scope } from "../lib/tensor/scope.ts";
import { type Branch, countParameters, disposeTree, leaves } from "../lib/tensor/tree.ts";
import { depthLearner } from "../lib/train/depth_network.ts";
import { trainLoop } from "../lib/train/loop.ts";
import { initialState, type TrainState, trainStep } from "../lib/train/step.ts";
import { runToEnd } from "./measure.ts";
import { type Usage, type Watch, watching } from "./memory_watch.ts";
import { type Batch, blankState, depthBatch, fullNetwork, titleOf, usualAdam } from "./whole_network.ts";

/** What a memory measurement was made on, and of what. */
interface Measurement {
  readonly backend: BackendName;
  readonly adapter: string;
  readonly name: string;
}

/** What cannot be freed before the end of a step, in bytes. */
export interface Kept {
  readonly parameters: number;
  readonly gradients: number;
  /** Adam's moments. */
  readonly moments: number;
  /** What the forward pass saved for the backward pass. */
  readonly activations: number;
  readonly sum: number;
}

/** The memory of one training step, in bytes, with all that was there before it. */
export interface StepMemory extends Measurement {
  readonly kind: "step memory";
  readonly kept: Kept;
  readonly peak: Usage;
}

/** Memory after so many steps. */
export interface AfterSteps extends Usage {
  readonly steps: number;
  readonly tensors: number;
  /** Bytes of the process that are in the machine's memory. */
  readonly resident: number;
}

/** Memory after some steps and after many. */
export interface Steadiness extends Measurement {
  readonly kind: "steadiness";
  readonly early: AfterSteps;
  readonly late: AfterSteps;
}

/** A row of the table of memory. */
export type Memory = StepMemory | Steadiness;

/** The name of {@link stepMemory}'s measurement. */
export const stepMemoryName = (size: Batch): string => `memory of a training step, ${titleOf(size)}`;

/** The name of {@link steadiness}'s measurement. */
export const steadinessName = (steps: readonly [early: number, late: number]): string =>
  `memory after ${steps[0]} and ${steps[1]} steps of a small network`;

/** Bytes of what was recorded for the backward pass, each tensor's data once, but for the data of some tensors. */
const savedBytes = (except: readonly tf.Tensor[]): number => {
  const known = new Set<object>(except.map(({ dataId }) => dataId));
  const saved = tf.engine().state.activeTape.flatMap((node) => node.saved ?? []);
  return saved.reduce((sum, { dataId, size }) => known.has(dataId) ? sum : known.add(dataId) && sum + 4 * size, 0);
};

/** The same learner, which tells how much its forward pass saved. */
const telling = <B extends Branch, P extends Branch, S extends Branch>(
  learner: Learner<B, P, S>,
  tell: (bytes: number) => void,
): Learner<B, P, S> => ({
  ...learner,
  losses: (variables, batch, mode, step) => {
    const losses = learner.losses(variables, batch, mode, step);
    tell(savedBytes(leaves({ ...variables, batch }).map(({ tensor }) => tensor)));
    return losses;
  },
});

const keptOf = ({ variables, optimizer }: TrainState<Branch, Branch>, activations: number): Kept => {
  const parameters = 4 * countParameters(variables.params);
  const moments = 4 * countParameters(optimizer);
  return { parameters, gradients: parameters, moments, activations, sum: 2 * parameters + moments + activations };
};

const disposeState = ({ variables, optimizer }: TrainState<Branch, Branch>): void =>
  [variables.params, variables.statistics, optimizer].forEach(disposeTree);

/** Makes one step of the full network, from weights of 0. */
export const stepMemory = (device: Device, size: Batch): Promise<StepMemory> =>
  watching(device.backend, async (watch) => {
    const activations: number[] = [];
    const learner = telling(depthLearner(fullNetwork(), named("l1", l1)), (bytes) => activations.push(bytes));
    const state = blankState(learner, usualAdam);
    const batch = depthBatch(size);
    const step = trainStep(learner, usualAdam);
    await runToEnd({ name: "", run: () => step(state, batch)[1].loss });
    const [saved] = activations;
    if (saved === undefined) throw new Error("the step ran without a forward pass");
    const [{ backend, adapter }, kept] = [device, keptOf(state, saved)];
    disposeState(state);
    disposeTree(batch);
    return { kind: "step memory", backend, adapter, name: stepMemoryName(size), kept, peak: watch.peak() };
  });

const smallPictures: Batch = { batch: 2, height: 32, width: 40 };

const smallLearner = () => {
  const { backbone, channels } = resNetOfWidth(18, 8, "3x3");
  return depthLearner(cliffNetOn(backbone, channels, 8), named("l1", l1));
};

type SmallState = TrainState<CliffNetParams, CliffNetStatistics>;

const afterSteps = (steps: number, watch: Watch): AfterSteps => ({
  steps,
  tensors: countTensors(),
  ...watch.usage(),
  resident: Deno.memoryUsage().rss,
});

/** Trains a small network in the real loop, and looks at the memory after some steps and after many. */
export const steadiness = (
  device: Device,
  [early, late]: readonly [early: number, late: number],
): TaskEither<Failure, Steadiness> => {
  const learner = smallLearner();
  const stepWith = trainStep(learner, usualAdam);
  const train = (steps: number) => (state: SmallState): TaskEither<Failure, SmallState> => {
    const batchAt = () => TE.fromIO(() => scope(() => depthBatch(smallPictures)));
    const onStep = () => E.right(undefined);
    return trainLoop({ device, steps, batchAt, stepWith, onStep }, state);
  };
  const measure = (watch: Watch): TaskEither<Failure, Steadiness> =>
    pipe(
      TE.fromIO(() => initialState(learner, usualAdam, keyOf(1))),
      TE.chain(train(early)),
      TE.map((state) => ({ state, first: afterSteps(early, watch) })),
      TE.chain(({ state, first }) => TE.map((last: SmallState) => ({ first, last }))(train(late)(state))),
      TE.map(({ first, last }) => {
        const { backend, adapter } = device;
        const after = afterSteps(late, watch);
        disposeState(last);
        return { kind: "steadiness", backend, adapter, name: steadinessName([early, late]), early: first, late: after };
      }),
    );
  return () => watching(device.backend, (watch) => measure(watch)());
};
