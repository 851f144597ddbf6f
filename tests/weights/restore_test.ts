import { countTensors } from "../../lib/backend/device.ts";
import { cliffNet } from "../../lib/cliffnet/network.ts";
import { E, TE } from "../../lib/dependencies/fp.ts";
import { tf } from "../../lib/dependencies/tensorflow.ts";
import { failure } from "../../lib/errors.ts";
import { storedFloat32, type TensorEntry, type TensorFile } from "../../lib/formats/tensor_file.ts";
import { adam } from "../../lib/optim/adam.ts";
import { type Branch, countParameters, type Form, formLeaves } from "../../lib/tensor/tree.ts";
import { type NamedWeights, restoreTree, restoreVariables } from "../../lib/weights/restore.ts";
import { assert, assertEquals, assertRejects } from "../std.ts";
import { onWasm } from "../support.ts";

const network = cliffNet();
const optimizer = adam(() => 1).form(network.form.params);

const entriesOf = (root: string, form: Form<Branch>): readonly TensorEntry[] =>
  formLeaves(form, root).map(({ path, shape }) => ({ name: path, dtype: "F32", shape }));

const entries = [
  ...entriesOf("params", network.form.params),
  ...entriesOf("statistics", network.form.statistics),
  ...entriesOf("optimizer", optimizer),
];

/** An own checkpoint of the published network, as large as it is, whose values are given by `read`. */
const weightsOf = (read: TensorFile["read"], of: readonly TensorEntry[] = entries): NamedWeights => ({
  file: { path: "net.safetensors", format: "safetensors", metadata: {}, entries: of, values: [], read },
  kind: "depth",
  title: "own",
  prefix: "",
  names: new Map(of.map(({ name }) => [name, name])),
  leftOut: [],
});

const unreadable = failure("file", "net.safetensors", "a bad disk", "a file");

/** How many tensors were ever made, one for this question among them: each has the next number. */
const tensorsMade = (): number => {
  const probe = tf.scalar(0);
  probe.dispose();
  return probe.id;
};

onWasm("nothing is made on the device before the first value of a checkpoint is read", async () => {
  assertEquals(countParameters(network.form.params), 36_892_481);
  const [before, made] = [countTensors(), tensorsMade()];
  const seen: (readonly [alive: number, made: number])[] = [];
  const weights = weightsOf(() => {
    seen.push([countTensors(), tensorsMade()]);
    return TE.left(unreadable);
  });
  assertEquals(await restoreVariables(weights, network)(), E.left(unreadable));
  assertEquals(await restoreTree<Branch>(weights, "optimizer", optimizer)(), E.left(unreadable));
  assertEquals(seen, [[before, made + 1], [before, made + 2]]);
});

onWasm("nothing is made on the device for a checkpoint that does not fit", async () => {
  const made = tensorsMade();
  const weights = weightsOf(() => TE.left(unreadable), entries.slice(1));
  const result = await restoreVariables(weights, network)();
  assert(E.isLeft(result));
  assertEquals(result.left.details, [`missing   ${entries[0]?.name}`]);
  assertEquals(tensorsMade(), made + 1);
});

/** Values for the first tensors of a small file, and then what `last` does. */
const small = { params: { a: [2], b: [3] }, statistics: {} };

const failing = (last: () => ReturnType<TensorFile["read"]>): NamedWeights =>
  weightsOf(
    (name) => name === "params/a" ? TE.right(storedFloat32(name, [2], Float32Array.of(1, 2))) : last(),
    entriesOf("params", small.params),
  );

onWasm("tensors that were read before one that cannot be are freed, be that a failure or a bug", async () => {
  const before = countTensors();
  const failed = await restoreTree<Branch>(failing(() => TE.left(unreadable)), "params", small.params)();
  assertEquals(failed, E.left(unreadable));
  const bug = new Error("a bug");
  const broken = failing(() => () => Promise.reject(bug));
  const thrown = await assertRejects(() => restoreTree<Branch>(broken, "params", small.params)());
  assert(thrown === bug);
  assertEquals(countTensors(), before);
});

onWasm("a weight that is not finite is refused by its file and its name, with nothing left on the device", async () => {
  for (const strange of [NaN, Infinity, -Infinity]) {
    const before = countTensors();
    const weights = failing(() => TE.right(storedFloat32("params/b", [3], Float32Array.of(1, strange, 2))));
    const result = await restoreTree<Branch>(weights, "params", small.params)();
    assert(E.isLeft(result));
    const { kind, where, found } = result.left;
    assertEquals([kind, where, found], ["numeric", "net.safetensors", `${strange} in params/b`]);
    assertEquals(countTensors(), before);
  }
});
