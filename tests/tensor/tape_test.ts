import { countTensors } from "../../lib/backend/device.ts";
import { tf } from "../../lib/dependencies/tensorflow.ts";
import { stopGradient } from "../../lib/nn/operations.ts";
import type { Tensor } from "../../lib/tensor/features.ts";
import { valueAndGradient } from "../../lib/tensor/gradient.ts";
import { disposeTree } from "../../lib/tensor/tree.ts";
import { assertClose } from "../backend/support.ts";
import { assertEquals } from "../std.ts";
import { onBackend, valuesOf } from "../support.ts";

type Pair = { readonly x: tf.Tensor1D; readonly y: tf.Tensor1D };

const [first, second] = [[3, 1, -4, 2], [0.25, 2, 7, -1]] as const;

const pair = (): Pair => ({ x: tf.tensor1d([...first]), y: tf.tensor1d([...second]) });

/** The same tensor as value and as gradient, which is the hardest to free at the right time. */
const unchanged = (x: Tensor): Tensor =>
  tf.customGrad((input) => ({ value: (input as Tensor).clone(), gradFunc: (dy: Tensor) => dy }))(x);

/** Both inputs get the very same tensor as their gradient. */
const sumOf = (a: Tensor, b: Tensor): Tensor =>
  tf.customGrad((p, q) => ({ value: tf.add(p as Tensor, q as Tensor), gradFunc: (dy: Tensor) => [dy, dy] }))(a, b);

const total = (tensor: Tensor): tf.Scalar => tf.sum<tf.Scalar>(tensor);

/** A sum over elements: the operations that it is computed by, and one of its terms as plain numbers. */
interface Case {
  readonly run: (params: Pair) => tf.Scalar;
  /** `fixed` is x where no gradient flows. */
  readonly term: (x: number, y: number, at: number, fixed: number) => number;
}

const cases: Readonly<Record<string, Case>> = {
  "a tensor that is both factors": {
    run: ({ x, y }) => total(tf.mul(tf.mul(x, x), y)),
    term: (x, y) => x * x * y,
  },
  "a tensor that is used three times": {
    run: ({ x, y }) => {
      const shared = tf.mul(x, y);
      return total(tf.add(tf.square(shared), tf.mul(shared, tf.exp(tf.mul(shared, 0.1)))));
    },
    term: (x, y) => (x * y) ** 2 + x * y * Math.exp(0.1 * x * y),
  },
  "a gradient that is the result's own": {
    run: ({ x, y }) => total(tf.mul(unchanged(tf.square(x)), unchanged(unchanged(y)))),
    term: (x, y) => x * x * y,
  },
  "two gradients that are one tensor, which TensorFlow.js's own pass frees too early": {
    run: ({ x, y }) => {
      const shared = tf.square(x);
      return total(tf.mul(sumOf(shared, sumOf(shared, y)), y));
    },
    term: (x, y) => (2 * x * x + y) * y,
  },
  "results that are not used": {
    run: ({ x, y }) => {
      const [low = x] = tf.split(tf.mul(x, y), 2);
      tf.exp(x);
      return tf.add<tf.Scalar>(total(tf.square(low)), total(y));
    },
    term: (x, y, at) => (at < 2 ? (x * y) ** 2 : 0) + y,
  },
  "a constant among the inputs": {
    run: ({ x, y }) => total(tf.mul(tf.mul(x, tf.tensor1d([1, 2, 3, 4])), tf.sigmoid(y))),
    term: (x, y, at) => x * (at + 1) / (1 + Math.exp(-y)),
  },
  "a stopped gradient": {
    run: ({ x, y }) => total(tf.mul(stopGradient(tf.square(x)), tf.mul(x, y))),
    term: (x, y, _, fixed) => fixed * fixed * x * y,
  },
};

const slope = (of: (at: number) => number): number => (of(1e-5) - of(-1e-5)) / 2e-5;

for (const [what, { run, term }] of Object.entries(cases)) {
  onBackend(`gradients are those of central differences: ${what}`, async () => {
    const params = pair();
    const { value, gradients } = valueAndGradient(params, (own) => [run(own), {}]);
    const at = (index: number, [dx, dy]: readonly [number, number]): number => {
      const [x, y] = [first[index] ?? NaN, second[index] ?? NaN];
      return term(x + dx, y + dy, index, x);
    };
    assertClose(await gradients.x.data(), first.map((_, index) => slope((h) => at(index, [h, 0]))), 1e-4, "x");
    assertClose(await gradients.y.data(), first.map((_, index) => slope((h) => at(index, [0, h]))), 1e-4, "y");
    [params, { value }, gradients].forEach(disposeTree);
  });
}

/** x² by an operation that tells how many tensors there are when its gradient is asked for. */
const telling = (tell: (tensors: number) => void) => (x: Tensor): Tensor =>
  tf.customGrad((...args: (Tensor | tf.GradSaveFunc)[]) => {
    const [input, save] = args as [Tensor, tf.GradSaveFunc];
    save([input]);
    return {
      value: tf.square(input),
      gradFunc: (dy: Tensor, saved: Tensor[]) => {
        tell(countTensors());
        return saved.map((kept) => tf.mul(tf.mul(dy, kept), 2));
      },
    };
  })(x);

/** How many tensors there are when each of 8 stages is asked for its gradient, the last stage first. */
const counting = (stage: (square: (x: Tensor) => Tensor, x: Tensor) => Tensor): readonly number[] => {
  const params = { x: tf.tensor1d([0.1, -0.1]) };
  const counts: number[] = [];
  const square = telling((tensors) => counts.push(tensors));
  const result = valueAndGradient(params, ({ x }) => {
    const stages = Array.from({ length: 8 });
    return [total(stages.reduce<Tensor>((value) => stage(square, value), x)), {}];
  });
  [params, { value: result.value }, result.gradients].forEach(disposeTree);
  return counts;
};

const falling = (counts: readonly number[]): readonly number[] =>
  counts.slice(1).map((count, at) => (counts[at] ?? NaN) - count);

onBackend("what a stage saved is gone when the one before it is asked for its gradient", () => {
  assertEquals(falling(counting((square, x) => square(x))), Array(7).fill(1));
});

onBackend("where a tensor was used twice, neither of the gradients that were added is left", () => {
  // A sum saves both of its terms, and the square its input.
  assertEquals(falling(counting((square, x) => tf.add(square(x), x))), Array(7).fill(3));
});

onBackend("inside another gradient nothing is freed that this one still needs", async () => {
  // V · ∇V with V = Σ x³, whose gradient is 3x² · Σ 3x² + V · 6x.
  const product = (x: Tensor): Tensor => {
    const { gradients, value } = valueAndGradient({ x: x as tf.Tensor1D }, (own) => [total(tf.pow(own.x, 3)), {}]);
    return tf.mul(value, gradients.x);
  };
  const x = tf.tensor1d([2, -3]);
  const numbers = await valuesOf(() => tf.grad((at) => total(product(at)))(x));
  assertClose(numbers, [12 * 39 - 19 * 12, 27 * 39 + 19 * 18], 1e-4);
  x.dispose();
});
