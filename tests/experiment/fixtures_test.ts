// What version 0.1.0 wrote, a tiny training with every generator, is read by every later version.
import { countTensors, openDevice } from "../../lib/backend/device.ts";
import { withData } from "../../lib/data/open_data.ts";
import { tf } from "../../lib/dependencies/tensorflow.ts";
import { generatorNames } from "../../lib/embedding/generators.ts";
import { orThrow } from "../../lib/errors.ts";
import { networkOf, objectiveOf, optimizerOf } from "../../lib/experiment/compose.ts";
import type { Configuration } from "../../lib/experiment/configuration.ts";
import { readConfiguration } from "../../lib/experiment/configuration_file.ts";
import { evaluateData, evaluationJson } from "../../lib/experiment/evaluation.ts";
import { configuredProtocol } from "../../lib/experiment/evaluation_protocol.ts";
import { disposeReady, readyGenerators } from "../../lib/experiment/explained_generators.ts";
import { openLog } from "../../lib/experiment/files.ts";
import { pretrainOrLoad } from "../../lib/experiment/pretraining.ts";
import { disposeVariables, loadDepthNetwork } from "../../lib/experiment/trained_network.ts";
import { trainAndEvaluate, type TrainingRun } from "../../lib/experiment/training.ts";
import { isJsonObject } from "../../lib/formats/json.ts";
import { publishedParameters } from "../../lib/loss/pixel_losses.ts";
import { asFeatures } from "../../lib/tensor/features.ts";
import { scope } from "../../lib/tensor/scope.ts";
import { formLeaves } from "../../lib/tensor/tree.ts";
import { type Checkpoint, readCheckpoint, resumeState } from "../../lib/train/checkpoint.ts";
import { depthLearner } from "../../lib/train/depth_network.ts";
import { silent } from "../../lib/train/listener.ts";
import { disposeState } from "../../lib/train/loop.ts";
import { assert, assertAlmostEquals, assertEquals, fromFileUrl } from "../std.ts";
import { readLeaves } from "../support.ts";
import { withFolder } from "../tasks/support.ts";

const device = orThrow(await openDevice("wasm")());

const fixture = (name: string): string => fromFileUrl(new URL(`../fixtures/0.1.0/${name}`, import.meta.url));
const jsonOf = (path: string) => JSON.parse(Deno.readTextFileSync(path));

const configuration: Configuration = orThrow(await readConfiguration(fixture("config.json"), [])());
const checkpoint: Checkpoint = orThrow(await readCheckpoint(fixture("checkpoint.safetensors"))());

/** Of a value only the fields that another one has. */
const fieldsOf = (value: unknown, other: unknown): unknown => {
  if (Array.isArray(value) && Array.isArray(other)) return value.map((each, at) => fieldsOf(each, other[at]));
  if (!isJsonObject(value) || !isJsonObject(other)) return value;
  return Object.fromEntries(
    Object.keys(other).filter((name) => Object.hasOwn(value, name)).map((name) => [
      name,
      fieldsOf(value[name], other[name]),
    ]),
  );
};

/** Runs a test that must leave no tensor behind. */
const leavingNothing = (behaviour: string, run: () => Promise<void>): void =>
  Deno.test(behaviour, async () => {
    const before = countTensors();
    await run();
    assertEquals(countTensors(), before, "tensors left over");
  });

Deno.test("every field of the configuration is what the file says, and what is new has the published values", () => {
  const written = jsonOf(fixture("config.json"));
  assertEquals(fieldsOf(configuration, written), written);
  const ssim = configuration.loss.find(({ kind }) => kind === "ssim");
  assertEquals(ssim, { ...publishedParameters("ssim"), kind: "ssim", weight: 0.1, warmup: 0 });
});

Deno.test("the checkpoint has the paths and shapes of today's network and optimizer, and no others", async () => {
  const { form } = await networkOf(configuration);
  const optimizer = optimizerOf(configuration.optim).form(form.params);
  const today = Object.entries({ params: form.params, statistics: form.statistics, optimizer }).flatMap((
    [root, tree],
  ) => formLeaves(tree, root));
  const stored = checkpoint.weights.file.entries.map(({ name, shape }) => ({ path: name, shape: [...shape] }));
  const sorted = (leaves: readonly { readonly path: string; readonly shape: readonly number[] }[]) =>
    leaves.map(({ path, shape }) => `${path} ${shape.join("×")}`).sort();
  assert(stored.length > 100);
  assertEquals(sorted(stored), sorted(today));
});

leavingNothing("the network of the checkpoint has the metrics that it had", async () => {
  const trained = orThrow(await loadDepthNetwork(fixture("checkpoint.safetensors"), { device })());
  assertEquals(trained.configuration, configuration);
  const { data, evaluation } = trained.configuration;
  const measured = orThrow(
    await withData(
      data,
      { workers: 0, listener: silent },
      (opened) => evaluateData(opened, trained.predict, configuredProtocol(evaluation), silent),
    )(),
  );
  trained.dispose();
  const { frames_per_second: _, ...before } = jsonOf(fixture("metrics.json")).network;
  const { frames_per_second: __, ...now } = evaluationJson(measured);
  for (const [name, value] of Object.entries(before)) {
    // Other processors round other last bits.
    if (typeof value === "number") assertAlmostEquals(Number(now[name]), value, 1e-4 * Math.abs(value), name);
    else assertEquals(now[name], value);
  }
});

leavingNothing("each generator beside the checkpoint embeds depth maps in as many channels as it has", async () => {
  const ready = orThrow(await readyGenerators([], fixture("checkpoint.safetensors"), configuration)());
  const made = ready.filter(({ variables }) => variables !== null);
  assertEquals(made.map(({ name }) => name).sort(), [...generatorNames].sort());
  for (const { name, embedding } of made) {
    const values = scope(() => {
      const ramp = asFeatures(1, tf.reshape(tf.linspace(0.5, 8, 32 * 40), [1, 32, 40, 1]));
      const maps = embedding(ramp);
      const widths = name === "image" ? [4] : [4, 6];
      assertEquals(maps.map(({ shape }) => shape), widths.map((width, at) => [1, 32 >> at, 40 >> at, width]), name);
      return maps.map((map) => map.dataSync()).flatMap((map) => [...map]);
    });
    assert(values.every(Number.isFinite) && new Set(values).size > 100, name);
  }
  ready.forEach(disposeReady);
});

leavingNothing("the state of the training is restored: its step, its key and every tensor of the file", async () => {
  const network = await networkOf(configuration);
  const learner = depthLearner(network, await objectiveOf([{ kind: "l1", weight: 1, warmup: 0 }], {}));
  const state = orThrow(await resumeState(checkpoint, learner, optimizerOf(configuration.optim))());
  assertEquals([state.step, state.key], [3, checkpoint.key]);
  const leaves = await readLeaves({ ...state.variables, optimizer: state.optimizer });
  assertEquals([...leaves.keys()].sort(), checkpoint.weights.file.entries.map(({ name }) => name).sort());
  disposeState(state);
});

/** The steps of the depth network that a log tells of. */
const depthSteps = (out: string) =>
  Deno.readTextFileSync(`${out}/log.jsonl`).trimEnd().split("\n").map((line) => JSON.parse(line)).filter(({ phase }) =>
    phase === "depth"
  );

/** Trains by a configuration with two steps more, from the beginning or from a checkpoint, and gives the steps made. */
const trainedOn = async (from: Configuration, interrupted: Checkpoint | null) => {
  const longer = { ...from, training: { ...from.training, steps: 5 } };
  const steps: unknown[] = [];
  await withFolder(async (out) => {
    const log = orThrow(await openLog(out)());
    const result = orThrow(
      await withData(longer.data, { workers: 0, listener: silent }, (data) => {
        const setting = { device, configuration: longer, data, log, out, listener: silent };
        const run: TrainingRun = { ...setting, generatorOf: pretrainOrLoad, keepEvery: 0, interrupted };
        return trainAndEvaluate(run, { ...data.original.test, size: 0 });
      })(),
    );
    disposeVariables(result.variables);
    steps.push(...depthSteps(out));
  });
  return steps as readonly { readonly step: number; readonly lr: number; readonly terms: Record<string, number> }[];
};

leavingNothing("training goes on from the checkpoint, with its generators, as if it had not stopped", async () => {
  const file = (name: string) => ({ checkpoint: fixture(`heg-${name}.safetensors`) });
  const { scene, reconstruction, image, random } = configuration.generators;
  const generators = {
    scene: { ...scene, ...file("scene") },
    reconstruction: { ...reconstruction, ...file("reconstruction") },
    image: { ...image, ...file("image") },
    random: { ...random, ...file("random") },
  };
  const resumed = await trainedOn({ ...configuration, generators }, checkpoint);
  const whole = await trainedOn(configuration, null);
  assertEquals(resumed.map(({ step }) => step), [4, 5]);
  for (const { step, lr, terms } of resumed) {
    const same = whole.find((each) => each.step === step);
    assert(same !== undefined);
    assertEquals([lr, Object.keys(terms)], [same.lr, Object.keys(same.terms)]);
    // The checkpoint's own steps were made by another processor, which rounds other last bits.
    for (const [name, value] of Object.entries(terms)) {
      assertAlmostEquals(value, same.terms[name] ?? NaN, 1e-3 * value, `${name} at step ${step}`);
    }
  }
});
