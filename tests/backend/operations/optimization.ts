/** What is done to gradients: one step of Adam in each of its forms, and clipping by their common norm. */
import { tf } from "../../../lib/dependencies/tensorflow.ts";
import { adam, scaleByAdam } from "../../../lib/optim/adam.ts";
import { clipByGlobalNorm, type Transformation } from "../../../lib/optim/transformation.ts";
import { type Branch, leaves } from "../../../lib/tensor/tree.ts";
import { at, generate, joinNumbers, mapNumbers } from "./numbers.ts";
import { fixed, type Operation, operation } from "./operation.ts";

const [beta1, beta2, epsilon] = [0.9, 0.999, 1e-8];
const [rate, decay, step] = [0.01, 0.3, 4];

const learningRate = (): number => rate;

/** Update and both moments of one number by PyTorch's Adam, at the step that counts from 0; the update without the rate. */
const adamOf = (gradient: number, mean: number, square: number): readonly number[] => {
  const nextMean = beta1 * mean + (1 - beta1) * gradient;
  const nextSquare = beta2 * square + (1 - beta2) * gradient ** 2;
  const deviation = Math.sqrt(nextSquare / (1 - beta2 ** (step + 1))) + epsilon;
  return [nextMean / (1 - beta1 ** (step + 1)) / deviation, nextMean, nextSquare];
};

/** Gradient, mean, square and parameter of a variable, as sizes that do not fill a workgroup. */
const operandsOf = (size: number) => {
  const shape = [3, 3, 5, 7];
  return [
    fixed(shape, (noise) => size * noise),
    fixed(shape, (noise) => size * noise),
    fixed(shape, (noise) => size * size * (1 + noise) / 2),
    fixed(shape),
  ];
};

const parts = ["update", "mean", "square"] as const;

/** One of the three results of an optimizer whose state lies under `adam` or is it. */
const adamPart = (
  name: string,
  optimizer: Transformation,
  stateOf: (moments: Branch) => Branch,
  part: number,
  size: number,
  reference: (gradient: number, mean: number, square: number, parameter: number) => readonly number[],
): Operation =>
  operation(
    `${name}, ${parts[part]}, of gradients of ${size}`,
    operandsOf(size),
    (gradient, mean, square, parameter) => {
      const state = stateOf({ mean: { kernel: mean }, square: { kernel: square } });
      const [updates, next] = optimizer.update({ kernel: gradient }, state, { kernel: parameter }, step);
      const [first = gradient, second = gradient] = leaves(next).map(({ tensor }) => tensor);
      return [updates.kernel, first, second][part] ?? gradient;
    },
    (gradient, mean, square, parameter) =>
      generate(gradient.shape, (...place) => {
        const [g, m, v, p] = [gradient, mean, square, parameter].map((each) => at(each, ...place));
        return reference(g ?? NaN, m ?? NaN, v ?? NaN, p ?? NaN)[part] ?? NaN;
      }),
  );

/** As one operation with decay and rate where there is such a kernel, and the direction alone. */
const adams: readonly Operation[] = [1e-3, 1e-8].flatMap((size) =>
  parts.flatMap((_, part) => [
    adamPart("Adam's direction", scaleByAdam(), (moments) => moments, part, size, adamOf),
    adamPart(
      "Adam",
      adam(learningRate, decay * size),
      (moments) => ({ decay: {}, adam: moments, schedule: {} }),
      part,
      size,
      (g, m, v, p) => {
        const [direction = NaN, ...moments] = adamOf(g + decay * size * p, m, v);
        return [-rate * direction, ...moments];
      },
    ),
  ])
);

const variables = 40;

/** Clipping of as many variables as a network has, more than a GPU binds to a shader at once. */
const clipping = (limit: number): Operation =>
  operation(
    `gradients of ${variables} variables, clipped to a norm of ${limit}`,
    Array.from({ length: variables }, (_, k) => fixed(k % 2 === 0 ? [3, k + 1] : [k])),
    (...gradients) => {
      const tree: Branch = Object.fromEntries(gradients.map((gradient, k) => [`${k}`, gradient]));
      return tf.concat(
        leaves(clipByGlobalNorm(limit).update(tree, {}, tree, 0)[0]).map(({ tensor }) => tensor.flatten()),
      );
    },
    (...gradients) => {
      const all = joinNumbers(...gradients);
      const norm = Math.sqrt(all.values.reduce((sum, value) => sum + value * value, 0));
      return mapNumbers(all, (value) => value * Math.min(1, limit / norm));
    },
    { terms: 1600 },
  );

/** Adam's step and the clipping of gradients, some of which are longer than the limit and some are not. */
export const optimizations: readonly Operation[] = [...adams, clipping(1), clipping(1000)];
