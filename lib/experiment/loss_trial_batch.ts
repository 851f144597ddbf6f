/** The small batches on which losses of one's own are tried out, and what losses are on them, as numbers. */
import { tf } from "../dependencies/tensorflow.ts";
import { lossContext } from "../loss/loss.ts";
import type { Term } from "../loss/objective.ts";
import {
  asFeatures,
  type DepthMaps,
  type Images,
  type Scalar,
  type Tensor,
  validMask,
  type ValidMasks,
} from "../tensor/features.ts";
import { type Key, keyOf } from "../tensor/key.ts";
import { scope } from "../tensor/scope.ts";
import { withDeepStacks } from "../modules/user_code.ts";

/** Numbers of two images, from which tensors are made for each call. */
export interface Batch {
  readonly shape: [number, number, number, number];
  readonly target: readonly number[];
  readonly prediction: readonly number[];
  readonly colours: readonly number[];
}

const numbers = (count: number, at: (index: number) => number): readonly number[] =>
  Array.from({ length: count }, (_, index) => at(index));

/** Depths of 0…6 m, where 0 is a hole, and a prediction of 2…3 m. */
const batchOf = (height: number, width: number, isHole: (at: number) => boolean): Batch => {
  const count = 2 * height * width;
  return {
    shape: [2, height, width, 1],
    target: numbers(count, (at) => isHole(at) ? 0 : 1 + (at * 5 + Math.floor(at / width)) % 6),
    prediction: numbers(count, (at) => 2 + (at * 7 % 11) / 10),
    colours: numbers(3 * count, (at) => (at * 13 % 17) / 16),
  };
};

/** Two depth maps with many holes. */
export const small = batchOf(16, 24, (at) => at % 7 === 0);

/** Maps that hold wide windows, and hardly a hole. */
export const large = batchOf(36, 48, (at) => at < 48);

/** The batch with other numbers where nothing was measured. */
export const otherHoles = (batch: Batch): Batch => {
  const changed = (values: readonly number[], hole: number) =>
    values.map((value, at) => batch.target[at] === 0 ? hole : value);
  return { ...batch, target: changed(batch.target, 5), prediction: changed(batch.prediction, 3.7) };
};

/** The second image before the first. */
export const reversed = (batch: Batch): Batch => {
  const turned = (
    values: readonly number[],
  ) => [...values.slice(values.length / 2), ...values.slice(0, values.length / 2)];
  return {
    ...batch,
    target: turned(batch.target),
    prediction: turned(batch.prediction),
    colours: turned(batch.colours),
  };
};

/** The tensors of a batch; the valid mask is that of another one, whose holes stay holes whatever they hold. */
const tensorsOf = ({ shape, target, prediction, colours }: Batch, measured: Batch) => {
  const maps = (values: readonly number[]): DepthMaps => asFeatures(1, tf.tensor4d([...values], shape));
  const [batch, height, width] = shape;
  const mask: ValidMasks = validMask(maps(measured.target));
  const images: Images = asFeatures(3, tf.tensor4d([...colours], [batch, height, width, 3]));
  return { target: maps(target), prediction: maps(prediction), mask, images };
};

/** A loss of a batch as a function of the prediction, with what it learns as drawn. Runs in a scope. */
export const prepared = ({ loss, learns }: Term, batch: Batch, measured: Batch, key: Key) => {
  const { target, prediction, mask, images } = tensorsOf(batch, measured);
  const params = learns === undefined ? {} : learns.init(keyOf(0));
  const run = (depth: Tensor, own = params): Scalar =>
    loss(target, asFeatures(1, depth), mask, lossContext(images, 0, key, own));
  return { run, prediction, params };
};

/** The key of the trial, and another one. */
export const [firstKey, otherKey] = [keyOf(0), keyOf(1)];

/** A loss and its gradient by the prediction as numbers. */
export interface Measured {
  readonly value: number;
  readonly gradient: readonly number[];
}

const numbersOf = async (tensor: Tensor): Promise<readonly number[]> => {
  try {
    return [...await tensor.data()];
  } finally {
    tensor.dispose();
  }
};

/** A loss as a number. */
export const valueOf = async (term: Term, batch: Batch, key = firstKey): Promise<number> => {
  const [value = NaN] = await numbersOf(scope(() => {
    const { run, prediction } = prepared(term, batch, batch, key);
    // The value itself is not what the scope gives: it is left over where the loss keeps it.
    return tf.mul<Scalar>(run(prediction), 1);
  }));
  return value;
};

/** A loss and its gradient, where another batch says which pixels were measured. */
export const measure = async (term: Term, batch: Batch, measured = batch): Promise<Measured> => {
  const { value, grad } = scope(() => {
    const { run, prediction } = prepared(term, batch, measured, firstKey);
    return withDeepStacks(() => tf.valueAndGrad((depth: Tensor) => run(depth))(prediction));
  });
  const [[first = NaN], gradient] = await Promise.all([numbersOf(value), numbersOf(grad)]);
  return { value: first, gradient };
};
