/** Fine-tuning begins with what of a file fits by path and shape, and says by prefixes what does not. */
import { countTensors, openDevice } from "../../lib/backend/device.ts";
import { E } from "../../lib/dependencies/fp.ts";
import { orThrow } from "../../lib/errors.ts";
import { storedFloat32, type StoredTensor } from "../../lib/formats/tensor_file.ts";
import { keyOf } from "../../lib/tensor/key.ts";
import { disposeTree } from "../../lib/tensor/tree.ts";
import { beginningWith, describeFit, fittingTensors, partialFit } from "../../lib/weights/partial.ts";
import type { NamedWeights } from "../../lib/weights/restore.ts";
import { assert, assertEquals, assertNotEquals, assertStringIncludes } from "../std.ts";
import { readLeaves } from "../support.ts";
import { fileOf, narrowNetwork, storedNetwork } from "./support.ts";

orThrow(await openDevice("wasm")());

const ownWeights = async (tensors: readonly StoredTensor[]): Promise<NamedWeights> => ({
  file: await fileOf(tensors),
  ...{ title: "own", kind: "depth", prefix: "", leftOut: [] },
  names: new Map(tensors.map(({ name }) => [name, name])),
});

const everything = () => true;
const kernel = "params/backbone/stem/conv/kernel";

Deno.test("what has the path and the shape is taken, the rest is drawn as it always is", async () => {
  const before = countTensors();
  const stored = await storedNetwork(18);
  const network = narrowNetwork(18);
  const other = stored.map((tensor) =>
    tensor.name === kernel ? storedFloat32(kernel, [7, 7, 3, 5], new Float32Array(735)) : tensor
  ).filter(({ name }) => name !== "params/estimator/score/output/bias");
  const weights = await ownWeights([...other, storedFloat32("params/more/bias", [1], new Float32Array(1))]);
  const fit = partialFit(weights, network, everything);
  assertEquals([fit.unlike, fit.missing], [[kernel], ["params/estimator/score/output/bias"]]);
  assertEquals([fit.unselected, fit.surplus], [[], ["params/more/bias"]]);
  assertEquals(fit.taken.length, stored.length - 2);
  const tensors = orThrow(await fittingTensors(weights, fit)());
  const [begun, drawn] = [beginningWith(network, tensors).init(keyOf(7)), network.init(keyOf(7))];
  const [values, random] = [await readLeaves({ ...begun }), await readLeaves({ ...drawn })];
  for (const { name, bytes } of stored) {
    const expected = fit.taken.includes(name) ? new Float32Array(bytes.slice().buffer) : random.get(name)?.values;
    assertEquals(values.get(name)?.values, expected, name);
  }
  assertNotEquals(
    values.get("params/pyramid/lateral/level2/conv/kernel"),
    random.get("params/pyramid/lateral/level2/conv/kernel"),
  );
  [{ ...begun }, { ...drawn }].forEach(disposeTree);
  tensors.forEach((tensor) => tensor.dispose());
  assertEquals(countTensors(), before);
});

Deno.test("a selection is by the path below params and statistics alike", async () => {
  const weights = await ownWeights(await storedNetwork(18));
  const fit = partialFit(weights, narrowNetwork(18), (path) => path.startsWith("backbone/"));
  assert(fit.taken.length > 0 && fit.taken.every((path) => /^(params|statistics)\/backbone\//.test(path)));
  assert(fit.taken.some((path) => path.startsWith("statistics/")));
  assertEquals(fit.missing, []);
});

Deno.test("a fit is told by prefixes and counts, in a short line whatever does not fit", async () => {
  const weights = await ownWeights(await storedNetwork(18));
  const fit = partialFit(weights, narrowNetwork(50), everything);
  const said = describeFit(fit);
  for (const part of ["of another shape: ", "not in the file: backbone ", "only in the file: backbone "]) {
    assertStringIncludes(said, part);
  }
  assert(said.length < 400, said);
  const all = fit.taken.length + fit.unlike.length + fit.missing.length;
  assert(said.startsWith(`${fit.taken.length} of the network's ${all} tensors`), said);
  const many = Array.from({ length: 300 }, (_, at) => `part${at}.weight`);
  assertStringIncludes(describeFit({ ...fit, surplus: many }), "296 more groups");
});

Deno.test("a tensor with a number that is none is an error, and leaves no tensor behind", async () => {
  const stored = await storedNetwork(18);
  const spoilt = stored.map((tensor) =>
    tensor.name === "params/estimator/score/output/bias"
      ? storedFloat32(tensor.name, [1], Float32Array.of(NaN))
      : tensor
  );
  const weights = await ownWeights(spoilt);
  const before = countTensors();
  const result = await fittingTensors(weights, partialFit(weights, narrowNetwork(18), everything))();
  assert(E.isLeft(result) && result.left.kind === "numeric");
  assertEquals(countTensors(), before);
});
