import { countTensors } from "../../lib/backend/device.ts";
import { tf } from "../../lib/dependencies/tensorflow.ts";
import { scope } from "../../lib/tensor/scope.ts";
import { assert, assertEquals, assertThrows } from "../std.ts";
import { onBackend } from "../support.ts";

onBackend("a scope frees all that was made in it but for what it returns, at any depth", async () => {
  const before = countTensors();
  const result = scope(() => {
    const [a, b, c, d] = [1, 2, 3, 4].map((value) => tf.scalar(value));
    const lost = tf.add(tf.scalar(5), tf.scalar(6));
    assert(a !== undefined && b !== undefined && c !== undefined && d !== undefined && lost.size === 1);
    return { a, list: [b, [{ deep: { deeper: [c] } }, tf.mul(c, d)]], count: 3, nothing: null } as const;
  });
  assertEquals(countTensors(), before + 4);
  const kept = [result.a, result.list[0], result.list[1][0].deep.deeper[0], result.list[1][1]];
  assertEquals(await Promise.all(kept.map(async (tensor) => (await tensor.data())[0])), [1, 2, 3, 12]);
  kept.forEach((tensor) => tensor.dispose());
});

onBackend("a scope leaves alone what was made before it, used, returned or not", async () => {
  const outer = [tf.tensor1d([1, 2]), tf.tensor1d([3, 4])] as const;
  const { returned, sum } = scope(() => ({ returned: outer[0], sum: tf.add(outer[0], outer[1]) }));
  assert(returned === outer[0]);
  assertEquals(await sum.data(), Float32Array.from([4, 6]));
  assert(outer.every((tensor) => !tensor.isDisposed));
  tf.dispose([...outer, sum]);
});

onBackend("what an inner scope returns lives as long as the outer one keeps it", async () => {
  const before = countTensors();
  const kept = scope(() => {
    const lost = scope(() => tf.tensor1d([1]));
    const inner = scope(() => [tf.add(lost, 1)]);
    assertEquals(countTensors(), before + 2);
    return inner;
  });
  assertEquals(countTensors(), before + 1);
  assertEquals(await kept[0]?.data(), Float32Array.from([2]));
  tf.dispose(kept);
});

onBackend("a scope that throws frees all that was made in it, and throws on", () => {
  const before = countTensors();
  const error = assertThrows(() =>
    scope(() => {
      scope(() => tf.scalar(1));
      tf.add(tf.scalar(1), tf.scalar(2));
      throw new RangeError("on purpose");
    })
  );
  assert(error instanceof RangeError && error.message === "on purpose");
  assertEquals(countTensors(), before);
});

onBackend("after a scope that threw, the scope around it still frees what is its own", () => {
  const before = countTensors();
  scope(() => {
    tf.scalar(1);
    assertThrows(() =>
      scope(() => {
        tf.scalar(2);
        throw new Error("on purpose");
      })
    );
    tf.scalar(3);
  });
  assertEquals(countTensors(), before);
});
