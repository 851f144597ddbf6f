// deno task train --loss configs/losses/relative.ts
// The error relative to the true depth: 10 cm at 1 m count as much as 50 cm at 5 m.
import { absolute, type Loss, maskedMean, tf } from "../../mod.ts";

const relative: Loss = (target, prediction, mask) => {
  // Where nothing was measured the target is 0; the maximum keeps the quotient finite, and the mask leaves it out.
  const errors = absolute(tf.sub(target, prediction));
  return maskedMean(tf.div(errors, tf.maximum(target, 0.1)), mask);
};

export default relative;
