/** Batch norm in training on wasm, where there is nothing to normalize; all else is in tests/nn/batch_norm_test.ts. */
import { runFused } from "../../lib/backend/kernels.ts";
import { tf } from "../../lib/dependencies/tensorflow.ts";
import { assertEquals } from "../std.ts";
import { onWasm } from "../support.ts";

const epsilon = 0.25;

const valuesOf = async (run: () => readonly tf.Tensor[]): Promise<readonly (readonly number[])[]> => {
  const results = tf.tidy(() => [...run()]);
  const values = await Promise.all(results.map(async (result) => Array.from(await result.data())));
  tf.dispose(results);
  return values;
};

for (const shape of [[0, 4, 5, 2], [3, 0, 5, 2]]) {
  onWasm(`a batch without elements, [${shape}], has moments and gradients of 0`, async () => {
    const vector = (value: number) => tf.fill([2], value);
    const [y, ...moments] = await valuesOf(() =>
      runFused("NormalizeBatch", { x: tf.zeros(shape), gamma: vector(2), beta: vector(3) }, { epsilon })
    );
    assertEquals(y, []);
    assertEquals(moments, [[0, 0], [0, 0], [2, 2]]);
    const [dx, ...gradients] = await valuesOf(() => {
      const inputs = { x: tf.zeros(shape), dy: tf.zeros(shape), gamma: vector(2), mean: vector(0), inverse: vector(2) };
      return runFused("NormalizeBatchGrad", inputs, {});
    });
    assertEquals(dx, []);
    assertEquals(gradients, [[0, 0], [0, 0]]);
  });
}
