import { countTensors } from "../../lib/backend/device.ts";
import { tf } from "../../lib/dependencies/tensorflow.ts";
import { valueAndGradient } from "../../lib/tensor/gradient.ts";
import { scope } from "../../lib/tensor/scope.ts";
import { type Branch, disposeTree } from "../../lib/tensor/tree.ts";
import { assertClose } from "../backend/support.ts";
import { assert, assertEquals, assertStringIncludes, assertThrows } from "../std.ts";
import { onBackend, readLeaves } from "../support.ts";

/** f(x, y, c) = Σ a·x² + Σ x·y + 3·Σ c, whose gradient is (2a·x + y, x, 3). */
const [a, x, y, c] = [[1, -2, 0.5], [3, 1, -4], [0.25, 2, 7], [9, 8]] as const;

const params = () => ({ late: { y: tf.tensor1d([...y]), c: tf.tensor1d([...c]) }, x: tf.tensor1d([...x]) });

const quadratic = ({ x, late }: ReturnType<typeof params>) => {
  const bowl = tf.sum(tf.mul(tf.tensor1d([...a]), tf.square(x)));
  const mixed = tf.sum(tf.mul(x, late.y));
  return tf.add<tf.Scalar>(tf.add(bowl, mixed), tf.mul(tf.sum(late.c), 3));
};

const dot = (first: readonly number[], second: readonly number[]): number =>
  first.reduce((sum, value, at) => sum + value * (second[at] ?? NaN), 0);

onBackend("value and gradient of a quadratic are those of the closed form, each at its parameter's path", async () => {
  const tree = params();
  const result = valueAndGradient(tree, (own) => [quadratic(own), {}]);
  const squares = x.map((value) => value * value);
  assertEquals(result.value.shape, []);
  assertClose(await result.value.data(), [dot(a, squares) + dot(x, y) + 3 * (c[0] + c[1])], 1e-6);
  const gradients = await readLeaves(result.gradients);
  assertEquals([...gradients.keys()], ["late/y", "late/c", "x"]);
  assertClose(gradients.get("x")?.values ?? [], x.map((value, at) => 2 * (a[at] ?? NaN) * value + (y[at] ?? NaN)));
  assertClose(gradients.get("late/y")?.values ?? [], x);
  assertClose(gradients.get("late/c")?.values ?? [], [3, 3]);
  [tree, result.gradients, result.value].forEach(disposeTree);
});

onBackend(
  "auxiliary tensors survive with their values, also where they are parameters, and carry no gradient",
  async () => {
    const tree = params();
    const { value, auxiliary, gradients } = valueAndGradient(tree, (own) => {
      const doubled = tf.mul(own.x, 2);
      return [quadratic(own), { nested: { doubled }, same: own.x, made: tf.square(doubled) }];
    });
    const numbers = await readLeaves(auxiliary);
    assertEquals([...numbers.keys()], ["nested/doubled", "same", "made"]);
    assertEquals(numbers.get("nested/doubled")?.values, Float32Array.from(x, (v) => 2 * v));
    assertEquals(numbers.get("made")?.values, Float32Array.from(x, (v) => 4 * v * v));
    assertEquals(numbers.get("same")?.values, Float32Array.from(x));
    assertClose(await gradients.late.y.data(), x);
    [value, auxiliary, gradients].forEach(disposeTree);
    assert(!tree.x.isDisposed, "an auxiliary tensor was the caller's parameter itself");
    disposeTree(tree);
  },
);

onBackend("no tensor is left but value, auxiliaries and gradients, in a scope and outside of one", () => {
  const tree = params();
  const before = countTensors();
  const run = () => valueAndGradient(tree, (own) => [quadratic(own), { made: tf.square(own.x) }]);
  const { value, auxiliary, gradients } = run();
  assertEquals(countTensors(), before + 1 + 1 + 3);
  [value, auxiliary, gradients].forEach(disposeTree);
  const outer = scope(() => run().value);
  assertEquals(countTensors(), before + 1);
  outer.dispose();
  disposeTree(tree);
});

onBackend("a value that does not depend on a parameter is an error, and nothing is left of it", () => {
  const tree = params();
  const before = countTensors();
  const error = assertThrows(() =>
    valueAndGradient(tree, ({ x }) => [tf.sum<tf.Scalar>(x), { doubled: tf.mul(x, 2) }])
  );
  assertStringIncludes(String(error), "Cannot compute gradient");
  assertEquals(countTensors(), before);
  disposeTree(tree);
});

onBackend("what the function throws is thrown on, and nothing that it saved for the gradient is left", () => {
  const tree = params();
  const before = countTensors();
  const bug = new Error("a bug");
  const saving = ({ x }: ReturnType<typeof params>): readonly [tf.Scalar, Branch] => {
    tf.sum(tf.square(tf.relu(x)));
    throw bug;
  };
  assert(assertThrows(() => valueAndGradient(tree, saving)) === bug);
  assertEquals(countTensors(), before);
  const nested = () =>
    valueAndGradient(tree, (outer) => {
      tf.square(outer.x);
      return [valueAndGradient(outer, saving).value, {}];
    });
  assert(assertThrows(nested) === bug);
  assertEquals(countTensors(), before);
  const { value, auxiliary, gradients } = valueAndGradient({ x: tree.x }, ({ x }) => [tf.sum<tf.Scalar>(x), {}]);
  assertEquals(countTensors(), before + 2);
  [{ value }, auxiliary, gradients, tree].forEach((each: Branch) => disposeTree(each));
});
