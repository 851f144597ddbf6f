// What would end the training of a network of one's own, or train in silence and wrongly, is found before it begins.
import { openDevice } from "../../lib/backend/device.ts";
import { E, type Either, pipe, TE } from "../../lib/dependencies/fp.ts";
import { tf } from "../../lib/dependencies/tensorflow.ts";
import { describe, type Failure, orThrow } from "../../lib/errors.ts";
import { decodeConfiguration } from "../../lib/experiment/configuration_file.ts";
import { loadNetworkModule } from "../../lib/experiment/network_module.ts";
import { tryNetwork } from "../../lib/experiment/network_trial.ts";
import { assert, assertEquals, assertStringIncludes, fromFileUrl } from "../std.ts";
import { writeFiles } from "../modules/support.ts";
import { moduleUrl, withFolder } from "../tasks/support.ts";

orThrow(await openDevice("wasm")());

/** A sound network, and others that change one thing of it. */
const head = `import { networkModule } from "${moduleUrl("lib/experiment/network_module.ts")}";
import { biasedConv, compose, convNormRelu, fromFunction, inputFeatures, layer } from "${moduleUrl("lib/nn/mod.ts")}";
import { pipe } from "${moduleUrl("lib/dependencies/pipe.ts")}";
import { tf } from "${moduleUrl("lib/dependencies/tensorflow.ts")}";
const sound = pipe(inputFeatures(3), layer("first", convNormRelu(3, 4, 3)), layer("last", biasedConv(4, 1, 1)));
const then = (change) => compose(sound, fromFunction(change));
const { init, form, apply } = sound;
const withParams = (more) => ({ ...sound, init: (key) => {
  const { params, statistics } = init(key);
  return { params: { ...params, ...more() }, statistics };
} });
const formed = (more) => ({ ...form, params: { ...form.params, ...more } });
export default networkModule({}, () =>
`;

/** The line of {@link head} behind which a network stands. */
const line = head.split("\n").length;

const trial = async (path: string, data: object = { height: 32, width: 40 }): Promise<Either<Failure, void>> => {
  const configuration = orThrow(
    decodeConfiguration("test", { networkFile: path, data: { kind: "scenes", ...data } }),
  );
  return await pipe(
    loadNetworkModule(path),
    TE.chainEitherK(({ make }) => make({})),
    TE.chain((network) => tryNetwork(network, configuration)),
  )();
};

/** Each with words of what is found and of what to write instead. */
const refused: Readonly<Record<string, readonly [source: string, ...says: string[]]>> = {
  "half the size": ["then((depth) => tf.avgPool(depth, 2, 2, 'same'))", "shape [2, 16, 20, 1]", "[2, 32, 40, 1]"],
  "two channels": ["then((depth) => tf.concat([depth, depth], 3))", "shape [2, 32, 40, 2]", "[2, 32, 40, 1]"],
  "no channel": ["then((depth) => tf.squeeze(depth, [3]))", "shape [2, 32, 40]", "[2, 32, 40, 1]"],
  "no tensor": ["then(() => 3)", "an output of type number", "depth maps"],
  "no output": ["then(() => undefined)", "an output of type undefined", "depth maps"],
  "another size in inference": [
    "({ ...sound, apply: (variables, images, mode) => {\n  const [depth, after] = apply(variables, images, mode);\n" +
    "  return [mode === 'training' ? depth : tf.avgPool(depth, 2, 2, 'same'), after];\n} })",
    "shape [2, 16, 20, 1]",
  ],
  "not a number": ["then((depth) => tf.log(tf.sub(tf.neg(tf.abs(depth)), 1)))", "NaN or infinite", "finite depths"],
  "infinite in inference": [
    "({ ...sound, apply: (variables, images, mode) => {\n  const [depth, after] = apply(variables, images, mode);\n" +
    "  return [mode === 'training' ? depth : tf.div(tf.onesLike(depth), 0), after];\n} })",
    "NaN or infinite",
  ],
  "parameters of another shape": [
    "({ ...withParams(() => ({ gain: tf.zeros([3]) })), form: formed({ gain: [2] }) })",
    "parameters of another form",
    "as `form` has them",
  ],
  "parameters that no form names": ["withParams(() => ({ gain: tf.zeros([2]) }))", "parameters of another form"],
  "statistics of another form at the start": [
    "({ ...sound, init: (key) => ({ ...init(key), statistics: {} }) })",
    "statistics of another form",
  ],
  "statistics of another form after a step": [
    "({ ...sound, apply: (...given) => [apply(...given)[0], { steps: tf.scalar(1) }] })",
    "statistics of another form",
  ],
  "a depth of steps": ["then((depth) => tf.round(depth))", "gradients that are all 0", "never learn", "changes with"],
  "an idle parameter": [
    "({ ...withParams(() => ({ idle: tf.zeros([2]) })), form: formed({ idle: [2] }) })",
    "a parameter that the depth does not depend on",
    "idle",
    "belongs to the statistics",
  ],
  "many idle parameters": [
    "then((depth) => tf.ones(depth.shape))",
    "parameters that the depth does not depend on",
    "5 parameters",
    "and 2 more",
  ],
  "no gradient": [
    "then((depth) => tf.image.rotateWithOffset(depth, 0.1))",
    "gradient",
    "operations that have a gradient",
  ],
  "a variable": [
    "{\n  const gain = tf.variable(tf.scalar(1));\n  return then((depth) => tf.mul(depth, gain));\n}",
    "tf.variable",
    "parameters in `form` and `init`",
  ],
  "kept": ["then((depth) => { tf.keep(tf.clone(depth)); return depth; })", "keeps", "tf.keep"],
};

for (const [name, [source, ...says]] of Object.entries(refused)) {
  Deno.test(`a network that is refused: ${name}`, async () => {
    await withFolder(async (folder) => {
      await writeFiles(folder, { "network.ts": `${head}${source});\n` });
      const result = await trial(`${folder}/network.ts`);
      assert(E.isLeft(result), "was taken");
      assertEquals([result.left.kind, result.left.where], ["script", `${folder}/network.ts`]);
      for (const part of says) assertStringIncludes(describe(result.left), part);
      // What a module has made for good is its own: no other network is to blame for it.
      tf.disposeVariables();
    });
  });
}

/** Each with words of what is thrown in the line behind the head. */
const throwing: Readonly<Record<string, readonly [source: string, says: string]>> = {
  "it takes a single picture": ["then((depth) => tf.reshape(depth, [1, 32, 40, 1]))", "product of shape 1,32,40,1"],
  "it throws": ["then(() => { throw new Error('no depth'); })", "no depth"],
  "it draws no parameters": ["({ ...sound, init: () => { throw new Error('no parameters'); } })", "no parameters"],
};

for (const [name, [source, says]] of Object.entries(throwing)) {
  Deno.test(`a network that is refused at its line: ${name}`, async () => {
    await withFolder(async (folder) => {
      await writeFiles(folder, { "network.ts": `${head}${source});\n` });
      const before = tf.memory().numTensors;
      const result = await trial(`${folder}/network.ts`);
      assert(E.isLeft(result), "was taken");
      assertEquals([result.left.kind, result.left.where], ["script", `${folder}/network.ts:${line}`]);
      assertStringIncludes(result.left.found, says);
      assertEquals(tf.memory().numTensors, before);
    });
  });
}

Deno.test("layers that do not fit each other are the module's fault, too", async () => {
  await withFolder(async (folder) => {
    const source = 'pipe(inputFeatures(3), layer("first", convNormRelu(3, 4, 3)), layer("last", biasedConv(5, 1, 1)))';
    await writeFiles(folder, { "network.ts": `${head}${source});\n` });
    const result = await trial(`${folder}/network.ts`);
    assert(E.isLeft(result), "was taken");
    assertEquals([result.left.kind, result.left.where], ["script", `${folder}/network.ts`]);
    assertStringIncludes(result.left.found, "depth of input (4) must match input depth for filter 5");
  });
});

const accepted: Readonly<Record<string, string>> = {
  "of layers": "sound",
  "it draws in training": "({ ...sound, apply: (variables, images, mode, key) => {\n" +
    "  if (mode === 'training' && key === undefined) throw new Error('no key');\n" +
    "  return apply(variables, images, mode, key);\n} })",
  "it has no parameters": "fromFunction((images) => tf.sum(images, 3, true))",
};

for (const [name, source] of Object.entries(accepted)) {
  Deno.test(`a network that is taken, and leaves no tensor: ${name}`, async () => {
    await withFolder(async (folder) => {
      await writeFiles(folder, { "network.ts": `${head}${source});\n` });
      const before = tf.memory().numTensors;
      orThrow(await trial(`${folder}/network.ts`));
      assertEquals(tf.memory().numTensors, before);
    });
  });
}

Deno.test("a network that makes a constant at its first call, and keeps it, is taken", async () => {
  await withFolder(async (folder) => {
    const source = "{\n  let gain;\n  return then((depth) => tf.mul(depth, gain ??= tf.keep(tf.scalar(2))));\n}";
    await writeFiles(folder, { "network.ts": `${head}${source});\n` });
    const before = tf.memory().numTensors;
    orThrow(await trial(`${folder}/network.ts`));
    assertEquals(tf.memory().numTensors, before + 1);
  });
});

Deno.test("the network of the examples passes the trial", async () => {
  const path = fromFileUrl(moduleUrl("docs/examples/mobile_net.ts"));
  const before = tf.memory().numTensors;
  orThrow(await trial(path, { height: 32, width: 40 }));
  assertEquals(tf.memory().numTensors, before);
});
