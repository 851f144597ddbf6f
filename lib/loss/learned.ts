/** Losses with parameters of their own, which are learned, saved, resumed and logged with the network. */
import { tf } from "../dependencies/tensorflow.ts";
import type { Parametrized } from "../nn/layer.ts";
import { constant } from "../optim/transformation.ts";
import type { Scalar } from "../tensor/features.ts";
import { foldIn, type Key } from "../tensor/key.ts";
import type { Branch, Empty, Form } from "../tensor/tree.ts";
import { type Loss, type LossTraits, withTraits } from "./loss.ts";
import type { Objective } from "./objective.ts";

/** A loss with parameters P of its own. Those named "kernel" or "weight" decay as those of networks do.
 * @category Losses */
export interface LearnedLoss<P extends Branch> extends LossTraits {
  /** Names and shapes of the parameters: `{ s: [] }` for a scalar. */
  readonly form: Form<P>;
  /** The first parameters, of that form; the caller owns them. */
  readonly init: (key: Key) => P;
  /** The loss with given parameters; each of them must count. */
  readonly loss: (params: P) => Loss;
  /** The weight that the parameters give to the loss, logged at each step as `weights`. */
  readonly weight?: (params: P) => Scalar;
}

/**
 * A loss with parameters of its own as an objective of one term, of weight 1, logged under `name`. The network's optimizer
 * learns them; checkpoints hold them under `objective/NAME`, and predicting needs them no more.
 * @category Losses
 */
export const learned = <P extends Branch>(
  name: string,
  { form, init, loss, weight, ...traits }: LearnedLoss<P>,
): Objective => [{
  name,
  weight: constant(1),
  loss: withTraits<Loss>((target, prediction, mask, at) => loss(at.params as P)(target, prediction, mask, at), traits),
  learns: {
    form: form as Form<Branch>,
    init,
    ...(weight === undefined ? {} : { weight: (params) => weight(params as P) }),
  },
}];

type Uncertainty = { readonly s: Scalar };

/**
 * Losses that weight themselves by learned uncertainty (Kendall, Gal and Cipolla, "Multi-task learning using uncertainty to
 * weigh losses for scene geometry and semantics", CVPR 2018): the sum of
 *
 *     exp(−s_i) · L_i + s_i / 2,        s_i = ln 2σ_i²
 *
 * which is the publication's L_i / 2σ_i² + ln σ_i but for a constant. All s_i begin at 0, where each weight is 1, and go
 * to ln 2L_i; a sum below 0 is right. The weights exp(−s_i) are logged at each step.
 *
 * ```ts
 * export default learnedWeights({ l1, smooth: edgeAwareSmoothness });
 * ```
 * @category Losses
 */
export const learnedWeights = (losses: Readonly<Record<string, Loss>>): Objective =>
  Object.entries(losses).flatMap(([name, loss]) =>
    learned<Uncertainty>(name, {
      ...{ usesHoles: loss.usesHoles ?? false, ordered: loss.ordered ?? false },
      form: { s: [] },
      init: () => ({ s: tf.scalar(0) }),
      loss: ({ s }) => (...given) => tf.add(tf.mul(loss(...given), tf.exp(tf.neg(s))), tf.div(s, 2)),
      weight: ({ s }) => tf.exp(tf.neg(s)),
    })
  );

/** What an objective learns, by the names of its terms. @throws Error if two terms that learn have the same name. */
export const learnedPartsOf = (objective: Objective): Parametrized<Branch, Empty> => {
  const parts = objective.flatMap(({ name, learns }) => learns === undefined ? [] : [{ name, learns }]);
  const twice = parts.find(({ name }, at) => parts.findIndex((part) => part.name === name) !== at);
  if (twice !== undefined) throw new Error(`two terms that learn are named "${twice.name}"`);
  return {
    init: (key) => ({
      params: Object.fromEntries(parts.map(({ name, learns }) => [name, learns.init(foldIn(key, name))])),
      statistics: {},
    }),
    form: { params: Object.fromEntries(parts.map(({ name, learns }) => [name, learns.form])), statistics: {} },
  };
};
