/** The losses, of masked depth maps and of classes. */
import { sobel } from "../../../lib/embedding/embedding.ts";
import { softmaxCrossEntropy } from "../../../lib/embedding/scene.ts";
import { hierarchical } from "../../../lib/loss/hierarchical.ts";
import type { DepthLoss } from "../../../lib/loss/loss.ts";
import { l1, l2 } from "../../../lib/loss/pixel.ts";
import { asFeatures } from "../../../lib/tensor/features.ts";
import { sobelOf } from "./convolution.ts";
import { at, mapNumbers, type Numbers, scalar, sumOver, total, zipNumbers } from "./numbers.ts";
import { curved, fixed, type Operand, type Operation, operation } from "./operation.ts";

const depth: Operand["values"] = (noise) => 3 + 2 * noise;

/** One pixel of five is a hole. */
const holes: Operand["values"] = (noise) => noise < -0.6 ? 0 : 1;

type Reference = (target: Numbers, prediction: Numbers, mask: Numbers) => number;

const times = (a: Numbers, b: Numbers): Numbers => zipNumbers(a, b, (x, y) => x * y);

/** The mean of a function of the difference over valid pixels. */
const meanOf = (of: (difference: number) => number): Reference => (target, prediction, mask) => {
  const differences = zipNumbers(target, prediction, (truth, guess) => of(truth - guess));
  return total(times(differences, mask)) / Math.max(1, total(mask));
};

/** A depth loss; ground truth is 0 in holes. */
const depthLoss = (
  name: string,
  loss: DepthLoss,
  reference: Reference,
  shape: readonly number[],
  mask: Operand["values"] = holes,
): Operation =>
  operation(
    `${name} of [${shape}]`,
    [fixed(shape, depth), curved(shape, 12, depth), fixed(shape, mask)],
    (target, prediction, mask) => loss(asFeatures(1, target.mul(mask)), asFeatures(1, prediction), asFeatures(1, mask)),
    (target, prediction, mask) => scalar(reference(times(target, mask), prediction, mask)),
    { terms: shape.reduce((product, size) => product * size, 1) },
  );

/** The mean of |G(d*) − G(d)|, where G is linear, so that only the difference outside of holes counts. */
const gradientLoss: Reference = (target, prediction, mask) => {
  const difference = times(zipNumbers(target, prediction, (truth, guess) => truth - guess), mask);
  const response = sobelOf(difference);
  return total(mapNumbers(response, Math.abs)) / response.values.length;
};

/** PAPER's E = w₀ · l1 + w₁ · mean|G(d*) − G(d)|, of the Sobel pair. */
const weights = [0.5, 2] as const;
const hierarchicalLoss: Reference = (...maps) =>
  weights[0] * meanOf(Math.abs)(...maps) + weights[1] * gradientLoss(...maps);

const [batch, classes] = [5, 7];

const crossEntropy = (spread: number): Operation =>
  operation(
    `cross entropy of logits within ±${spread} of [${batch},${classes}]`,
    [
      curved([batch, classes], classes, (noise) => spread * noise),
      fixed([batch, classes], (_, index) => Number(index % classes === Math.floor(index / classes) * 3 % classes)),
    ],
    (logits, labels) => softmaxCrossEntropy(logits.as2D(batch, classes), labels.as2D(batch, classes)),
    (logits, labels) =>
      scalar(
        sumOver(batch, (row) => {
          const sum = sumOver(classes, (label) => Math.exp(at(logits, row, label)));
          return Math.log(sum) - sumOver(classes, (label) => at(labels, row, label) * at(logits, row, label));
        }) / batch,
      ),
  );

/** Masked losses at odd sizes, also where nothing is valid, and of classes. */
export const losses: readonly Operation[] = [
  depthLoss("L1 with holes", l1, meanOf(Math.abs), [3, 15, 19, 1]),
  depthLoss("L1 with holes", l1, meanOf(Math.abs), [1, 57, 76, 1]),
  depthLoss("L1 without valid pixels", l1, () => 0, [1, 8, 10, 1], () => 0),
  depthLoss("L2 with holes", l2, meanOf((difference) => difference ** 2), [3, 15, 19, 1]),
  depthLoss("hierarchical loss with holes", hierarchical(sobel, weights), hierarchicalLoss, [3, 15, 19, 1]),
  crossEntropy(0.5),
  crossEntropy(10),
];
