/** Every differentiable function of TensorFlow.js, on every backend, against its definition in float64. */
import { assertEquals, assertStringIncludes, assertThrows } from "../std.ts";
import { tf } from "../../lib/dependencies/tensorflow.ts";
import { valueAndGradient } from "../../lib/tensor/gradient.ts";
import { scope } from "../../lib/tensor/scope.ts";
import { checkOperation } from "./operations/check.ts";
import type { Covered } from "./operations/core/covered.ts";
import { operationNames } from "./operations/core/page.ts";
import { coreFunctions } from "./operations/core/table.ts";
import { uncovered } from "./operations/core/uncovered.ts";
import type { Operation } from "./operations/operation.ts";
import { openBackends, testOn } from "./support.ts";

const backends = await openBackends();

const isRefused = (backend: string, { refused }: Covered, { name }: Operation): boolean =>
  backend === "webgpu" && refused !== undefined && name.includes(refused.row);

const assertRefused = ({ operands, tensors }: Operation, { refused }: Covered): void =>
  scope(() => {
    const x = tf.ones([...operands[0]?.shape ?? []]);
    const reason = assertThrows(() => valueAndGradient({ x }, (at) => [tf.sum(tensors(at.x)), {}]));
    assertStringIncludes(String(reason), refused?.webgpu ?? "nothing is refused");
  });

coreFunctions.forEach((each) =>
  each.rows.forEach((row) =>
    backends.forEach((device) =>
      testOn([device], row.name, async () => {
        if (isRefused(device.backend, each, row)) assertRefused(row, each);
        else await checkOperation(row);
      })
    )
  )
);

Deno.test("every function of TensorFlow.js is in the table, or it is said why not", () => {
  const known = [...coreFunctions.map(({ name }) => name), ...uncovered.keys()];
  const names = operationNames();
  assertEquals(names.filter((name) => !known.includes(name)), []);
  // meshgrid is one, too, though it is made in another way.
  assertEquals(known.filter((name) => !names.includes(name) && name !== "meshgrid"), []);
  assertEquals(known.length, new Set(known).size);
});
