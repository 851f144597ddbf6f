/** Weights that go to published names and come back. */
import { orThrow } from "../../lib/errors.ts";
import { float32Values, storedFloat32, type StoredTensor, type TensorFile } from "../../lib/formats/tensor_file.ts";
import { type Conversion, toOwn, toPublished, withoutPrefix } from "../../lib/weights/convert.ts";
import { recognizeNames } from "../../lib/weights/recognize.ts";
import type { NamedWeights } from "../../lib/weights/restore.ts";
import { assert, assertEquals } from "../std.ts";
import { onWasm } from "../support.ts";
import { fileOf, storedNetwork } from "./support.ts";

const ownWeights = (file: TensorFile): NamedWeights => ({
  file,
  title: "own",
  kind: "depth",
  prefix: "",
  names: new Map(file.entries.map(({ name }) => [name, name])),
  leftOut: [],
});

const foreignWeights = (file: TensorFile): NamedWeights => ({
  file,
  ...orThrow(recognizeNames(file.path, file.entries.map(({ name }) => name))),
});

const written = async ({ tensors }: Conversion): Promise<readonly StoredTensor[]> =>
  await Promise.all(tensors.map(async ({ entry, bytes }) => ({ ...entry, bytes: orThrow(await bytes()) })));

const sorted = (tensors: readonly StoredTensor[]): readonly StoredTensor[] =>
  tensors.toSorted((a, b) => a.name < b.name ? -1 : 1);

([18, 50] as const).forEach((depth) =>
  onWasm(`weights on ResNet-${depth} come back from published names bit by bit`, async () => {
    const own = await storedNetwork(depth);
    const published = await written(toPublished(ownWeights(await fileOf(own)), 7));
    const back = await written(toOwn(foreignWeights(await fileOf(published))));
    assertEquals(sorted(back), sorted(own));
  })
);

onWasm("published weights have PyTorch's layout, and each batch norm its counter of batches", async () => {
  const own = await storedNetwork(18);
  const published = new Map((await written(toPublished(ownWeights(await fileOf(own)), 7))).map((t) => [t.name, t]));
  const kernel = own.find(({ name }) => name === "params/backbone/stem/conv/kernel");
  const weight = published.get("res_backbone.conv1.conv1.weight");
  assert(kernel !== undefined && weight !== undefined);
  assertEquals([kernel.shape, weight.shape], [[7, 7, 3, 4], [4, 3, 7, 7]]);
  const [here, there] = [float32Values(kernel), float32Values(weight)];
  assertEquals(there[((3 * 3 + 1) * 7 + 2) * 7 + 5], here[((2 * 7 + 5) * 3 + 1) * 4 + 3]);
  const counters = [...published.values()].filter(({ name }) => name.endsWith("num_batches_tracked"));
  const variances = [...published.keys()].filter((name) => name.endsWith("running_var"));
  assertEquals(counters.map(({ name }) => name.replace("num_batches_tracked", "running_var")), variances);
  counters.forEach(({ dtype, shape, bytes }) =>
    assertEquals([dtype, shape, [...bytes]], ["I64", [], [7, 0, 0, 0, 0, 0, 0, 0]])
  );
});

onWasm("what has no published name is left out and told", async () => {
  const optimizer = storedFloat32("optimizer/adam/mean/backbone/stem/conv/kernel", [1], Float32Array.of(1));
  const own = [...await storedNetwork(18), optimizer];
  const { leftOut, tensors } = toPublished(ownWeights(await fileOf(own)), 0);
  assertEquals(leftOut, [optimizer.name]);
  assert(!tensors.some(({ entry }) => entry.name.includes("optimizer")));
});

onWasm("a prefix is taken off, and what has none is told", async () => {
  const tensors = ["model.a", "model.b", "ema.a"].map((name) => storedFloat32(name, [1], Float32Array.of(name.length)));
  const conversion = withoutPrefix(await fileOf(tensors), "model.");
  assertEquals(conversion.leftOut, ["ema.a"]);
  const back = await written(conversion);
  assertEquals(back.map((tensor) => [tensor.name, ...float32Values(tensor)]), [["a", 7], ["b", 7]]);
});
