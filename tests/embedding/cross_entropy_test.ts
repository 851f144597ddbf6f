import { tf } from "../../lib/dependencies/tensorflow.ts";
import { softmaxCrossEntropy } from "../../lib/embedding/scene.ts";
import { assertClose, noise } from "../backend/support.ts";
import { assert } from "../std.ts";
import { onBackend, read, valuesOf } from "../support.ts";

const [batch, classes] = [3, 4];
const labels = [2, 0, 2];
const oneHot = labels.flatMap((label) => Array.from({ length: classes }, (_, at) => Number(at === label)));

const softmax = (row: readonly number[]): readonly number[] => {
  const most = Math.max(...row);
  const powers = row.map((value) => Math.exp(value - most));
  const sum = powers.reduce((total, power) => total + power, 0);
  return powers.map((power) => power / sum);
};

const rowsOf = (logits: readonly number[]) => labels.map((_, row) => logits.slice(row * classes, (row + 1) * classes));

const reference = (logits: readonly number[]): number =>
  -rowsOf(logits).reduce((sum, row, at) => sum + Math.log(softmax(row)[labels[at] ?? -1] ?? NaN), 0) / batch;

const computed = async (logits: readonly number[]) =>
  await read(() => {
    const truth = tf.tensor2d(oneHot, [batch, classes]);
    const loss = (x: tf.Tensor) => softmaxCrossEntropy(x.as2D(batch, classes), truth);
    const input = tf.tensor2d([...logits], [batch, classes]);
    return { loss: loss(input), gradient: tf.grad(loss)(input) };
  });

for (const spread of [0.1, 3, 30]) {
  onBackend(`cross entropy of logits within ±${spread} and its gradient are the closed forms`, async () => {
    const logits = noise(batch * classes, 1).map((value) => value * spread);
    const { loss, gradient } = await computed(logits);
    assertClose(loss.values, [reference(logits)], 1e-5);
    const slopes = rowsOf(logits).flatMap((row, at) =>
      softmax(row).map((share, label) => (share - Number(label === labels[at])) / batch)
    );
    assertClose(gradient.values, slopes, 1e-5);
  });
}

onBackend("equal logits cost the logarithm of the number of classes", async () => {
  const values = await valuesOf(() => softmaxCrossEntropy(tf.zeros([2, 8]), tf.oneHot([1, 5], 8).toFloat().as2D(2, 8)));
  assertClose(values, [Math.log(8)], 1e-5);
});

onBackend("logits in the thousands overflow nothing", async () => {
  const logits = [5000, -5000, 0, 1, -4000, 4000, 0, 0, 1, 2, 3, 4];
  const { loss, gradient } = await computed(logits);
  assertClose(loss.values, [(5000 + 8000 + Math.log(Math.exp(-2) + Math.exp(-1) + 1 + Math.E)) / 3], 1e-5);
  assert(gradient.values.every(Number.isFinite));
});
