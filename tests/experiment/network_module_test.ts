// A network of one's own: its options, that it computes what its layers do, and where what it throws is told.
import { openDevice } from "../../lib/backend/device.ts";
import { type DepthNetwork, preprocess } from "../../lib/cliffnet/network.ts";
import { E, pipe } from "../../lib/dependencies/fp.ts";
import { tf } from "../../lib/dependencies/tensorflow.ts";
import { type Failure, FailureError, orThrow } from "../../lib/errors.ts";
import { loadNetworkModule } from "../../lib/experiment/network_module.ts";
import { biasedConv, compose, convNormRelu, inputFeatures, layer, softplus, untyped } from "../../lib/nn/mod.ts";
import { asFeatures } from "../../lib/tensor/features.ts";
import { keyOf } from "../../lib/tensor/key.ts";
import { scope } from "../../lib/tensor/scope.ts";
import { type Branch, formLeaves, leaves } from "../../lib/tensor/tree.ts";
import { assert, assertEquals, assertStringIncludes, assertThrows } from "../std.ts";
import { ownFiles, writeFiles } from "../modules/support.ts";
import { moduleUrl, withFolder } from "../tasks/support.ts";

orThrow(await openDevice("wasm")());

const madeAt = async (path: string, options = {}): Promise<E.Either<Failure, DepthNetwork>> =>
  pipe(await loadNetworkModule(path)(), E.chain(({ make }) => make(options)));

/** What a network draws, what it computes of it, and what its statistics are then. */
const numbersOf = ({ init, apply }: DepthNetwork): readonly (readonly [path: string, values: readonly number[]])[] =>
  scope(() => {
    const variables = init(keyOf(3));
    const images = asFeatures(3, tf.randomUniform([2, 16, 20, 3], 0, 1, "float32", 7));
    const [depth, statistics] = apply(variables, images, "training");
    const [tested] = apply({ ...variables, statistics }, images, "inference");
    const all: Branch = { ...variables, after: statistics, depth, tested };
    return leaves(all).map(({ path, tensor }) => [path, [...tensor.dataSync()]] as const);
  });

Deno.test("a network that was loaded draws and computes, bit by bit, what its layers do", async () => {
  await withFolder(async (folder) => {
    await writeFiles(folder, ownFiles);
    const chain = pipe(
      inputFeatures(3),
      layer("first", convNormRelu(3, 5, 3)),
      layer("last", biasedConv(5, 1, 1)),
      layer("positive", softplus(1)),
    );
    const built = untyped(compose(preprocess("rgb-centred"), chain));
    const loaded = orThrow(await madeAt(`${folder}/network.ts`, { width: 5 }));
    assertEquals(loaded.form, built.form);
    const before = tf.memory().numTensors;
    const numbers = numbersOf(loaded);
    assertEquals(numbers, numbersOf(built));
    assertEquals(numbers.find(([path]) => path === "depth")?.[1].length, 2 * 16 * 20);
    assertEquals(tf.memory().numTensors, before);
  });
});

Deno.test("options take their defaults, and a wrong one is told by file and field", async () => {
  await withFolder(async (folder) => {
    await writeFiles(folder, ownFiles);
    const path = `${folder}/network.ts`;
    const kernelOf = async (options: object) =>
      formLeaves(orThrow(await madeAt(path, options)).form.params).find(({ path }) => path.startsWith("first/"))?.shape;
    assertEquals([await kernelOf({}), await kernelOf({ width: 7 })], [[3, 3, 3, 3], [3, 3, 3, 7]]);
    for (const [options, field] of [[{ width: 0 }, "width"], [{ depth: 1 }, "depth"]] as const) {
      const made = await madeAt(path, options);
      assert(E.isLeft(made));
      assertEquals([made.left.kind, made.left.where], ["configuration", `${path}, networkOptions, field ${field}`]);
    }
  });
});

const head = `import { networkModule } from "${moduleUrl("lib/experiment/network_module.ts")}";
const depthless = () => { throw new Error("no depth"); };
`;

Deno.test("what makes no layer is told, and what throws when it is made or run, at its line", async () => {
  await withFolder(async (folder) => {
    const write = async (name: string, source: string): Promise<string> => {
      await writeFiles(folder, { [name]: `${head}export default networkModule({}, ${source});\n` });
      return `${folder}/${name}`;
    };
    for (const [at, source] of ["() => undefined", "() => ({})", "() => ({ init() {}, apply() {} })"].entries()) {
      const path = await write(`layer${at}.ts`, source);
      const made = await madeAt(path);
      assert(E.isLeft(made), source);
      assertEquals([made.left.kind, made.left.where, made.left.found], ["script", path, "no layer"]);
    }
    const path = await write("throws.ts", "depthless");
    const made = await madeAt(path);
    assert(E.isLeft(made));
    assertEquals([made.left.kind, made.left.where, made.left.found], ["script", `${path}:2`, "no depth"]);

    const late = await write("late.ts", "() => ({ form: {}, init: depthless, apply: depthless })");
    const { init } = orThrow(await madeAt(late));
    const thrown = assertThrows(() => init(keyOf(0)));
    assert(thrown instanceof FailureError);
    assertEquals([thrown.failure.kind, thrown.failure.where], ["script", `${late}:2`]);
  });
});

Deno.test("another default export is told by what it is", async () => {
  await withFolder(async (folder) => {
    const ofData = `import { dataModule } from "${moduleUrl("lib/data/data_module.ts")}";\n`;
    const others = [
      ["export const network = 1;", "no default export"],
      ["export default () => {};", "a default export of type function"],
      [`${ofData}export default dataModule({}, () => ({}));`, "made by dataModule"],
    ] as const;
    for (const [at, [text, says]] of others.entries()) {
      await writeFiles(folder, { [`${at}.ts`]: text });
      const result = await loadNetworkModule(`${folder}/${at}.ts`)();
      assert(E.isLeft(result));
      assertEquals([result.left.kind, result.left.where], ["script", `${folder}/${at}.ts`]);
      assertStringIncludes(result.left.found, says);
      assertStringIncludes(result.left.expected, "networkModule");
    }
    const missing = await loadNetworkModule(`${folder}/none.ts`)();
    assertEquals(E.isLeft(missing) && missing.left.kind, "missing");
  });
});
