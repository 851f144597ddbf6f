import { tf } from "../dependencies/tensorflow.ts";
import type { Schedule } from "../loss/schedule.ts";
import { type Branch, mapTree, type Tree, zipTree } from "../tensor/tree.ts";
import { addDecay, inSequence, scaleBySchedule, type Transformation } from "./transformation.ts";

/** Constants of Adam; the defaults are PyTorch's: 0.9, 0.999, 1e-8. */
export interface AdamOptions {
  readonly beta1?: number;
  readonly beta2?: number;
  readonly epsilon?: number;
}

const zerosLike = (params: Branch): Branch => mapTree(params, (tensor) => tf.zerosLike(tensor));

const average = <P extends Branch>(
  old: Tree,
  gradients: P,
  decay: number,
  of: (g: tf.Tensor) => tf.Tensor,
): P =>
  zipTree(
    gradients,
    old,
    (gradient, before) => tf.add(tf.mul(before, decay), tf.mul(of(gradient), 1 - decay)),
  );

/**
 * Adam's direction (Kingma and Ba, ICLR 2015, algorithm 1): m̂ / (√v̂ + ε), with both moments corrected for their start.
 */
export const scaleByAdam = (options: AdamOptions = {}): Transformation => {
  const { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 } = options;
  return {
    name: "adam",
    init: (params) => ({ mean: zerosLike(params), square: zerosLike(params) }),
    update: (gradients, state, _, step) => {
      const mean = average(
        state.mean ?? {},
        gradients,
        beta1,
        (gradient) => gradient,
      );
      const square = average(state.square ?? {}, gradients, beta2, tf.square);
      const [correction1, correction2] = [
        1 - beta1 ** (step + 1),
        1 - beta2 ** (step + 1),
      ];
      const updates = zipTree(mean, square, (m, v) => {
        const deviation = tf.add(
          tf.mul(tf.sqrt(v), 1 / Math.sqrt(correction2)),
          epsilon,
        );
        return tf.div(tf.mul(m, 1 / correction1), deviation);
      });
      return [updates, { mean, square }];
    },
  };
};

/**
 * Adam with weight decay added to the gradient, on weights alone (PAPER, "Training"): decay, Adam, −learning rate.
 */
export const adam = (
  learningRate: Schedule,
  weightDecay = 0,
  options: AdamOptions = {},
): Transformation =>
  inSequence("optimizer", [
    addDecay(weightDecay),
    scaleByAdam(options),
    scaleBySchedule((step) => -learningRate(step)),
  ]);
