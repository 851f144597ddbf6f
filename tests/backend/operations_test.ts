/**
 * Every operation that the library computes with, on every backend, against its definition in float64: results, gradients
 * of what is linear by the adjoint identity, and others by slopes. See operations/.
 */
import { tf } from "../../lib/dependencies/tensorflow.ts";
import { assert, assertEquals } from "../std.ts";
import { checkOperation, runOperation } from "./operations/check.ts";
import { kernelsOf } from "./operations/kernel_names.ts";
import { kinks } from "./operations/kinks.ts";
import { programs } from "./operations/programs.ts";
import { operations } from "./operations/table.ts";
import { forwardAndBackward, openBackends, testOn } from "./support.ts";

const backends = await openBackends();

operations.forEach((operation) => testOn(backends, operation.name, () => checkOperation(operation)));

kinks.forEach(({ name, tensors, gradient }) =>
  testOn(backends, `${name} has PyTorch's gradient below, at and above 0`, async () => {
    const { gradients: [dx = []] } = await forwardAndBackward(
      (x = tf.scalar(NaN)) => tensors(x),
      [{ shape: [1, 1, 3, 1], values: [-2, 0, 2] }],
      [1, 1, 1],
    );
    assertEquals(Array.from(dx, (value) => value + 0), [...gradient]);
  })
);

testOn(backends, "every kernel that training, pretraining and prediction run is in a row of the table", async () => {
  const inTable = await kernelsOf(() => operations.forEach(runOperation));
  for (const program of programs.filter(({ wasmOnly }) => wasmOnly !== true || tf.getBackend() === "wasm")) {
    const used = await kernelsOf(program.run);
    assert(used.size > 0);
    assertEquals([...used].filter((kernel) => !inTable.has(kernel)), [], `kernels of ${program.name} without a row`);
  }
});
