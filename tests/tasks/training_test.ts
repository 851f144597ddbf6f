import { openDevice } from "../../lib/backend/device.ts";
import { withData } from "../../lib/data/open_data.ts";
import { TE } from "../../lib/dependencies/fp.ts";
import { tf } from "../../lib/dependencies/tensorflow.ts";
import { orThrow } from "../../lib/errors.ts";
import { decodeConfiguration } from "../../lib/experiment/configuration_file.ts";
import { openLog } from "../../lib/experiment/files.ts";
import { pretrainOrLoad } from "../../lib/experiment/pretraining.ts";
import { disposeVariables } from "../../lib/experiment/trained_network.ts";
import { trainAndEvaluate, type TrainingRun } from "../../lib/experiment/training.ts";
import { silent } from "../../lib/train/listener.ts";
import { assertEquals } from "../std.ts";
import { tiny, withFolder } from "./support.ts";

const reading = { workers: 0, listener: silent };

/** Tensors that are left on the device after each of two runs. */
const leftAfterRuns = async (value: unknown): Promise<readonly number[]> => {
  const device = orThrow(await openDevice("wasm")());
  const configuration = orThrow(decodeConfiguration("tiny", value));
  const left: number[] = [];
  await withFolder(async (out) => {
    const runs = withData(configuration.data, reading, (data) =>
      TE.rightTask(async () => {
        for (let run = 0; run < 2; run++) {
          const log = orThrow(await openLog(out)());
          const setting = { device, configuration, data, log, out, listener: silent };
          const whole: TrainingRun = { ...setting, generatorOf: pretrainOrLoad, keepEvery: 2, interrupted: null };
          disposeVariables(orThrow(await trainAndEvaluate(whole, data.original.test)()).variables);
          left.push(tf.memory().numTensors);
        }
      }));
    orThrow(await runs());
  });
  return left;
};

Deno.test("a run leaves no tensor behind, so that many can follow one another", async () => {
  const generators = { ...tiny.generators, random: { widths: [4, 6], steps: 1, batch: 2 } };
  const random = { kind: "hierarchical", generator: "random", weights: [0, 1, 1] };
  orThrow(await openDevice("wasm")());
  const before = tf.memory().numTensors;
  assertEquals(await leftAfterRuns({ ...tiny, generators, loss: [...tiny.loss, random] }), [before, before]);
});

Deno.test("a run that begins with a ResNet from a file frees it", async () => {
  await withFolder(async (folder) => {
    const first = { ...tiny, loss: [{ kind: "l1" }], training: { steps: 1, batch: 2 } };
    const path = `${folder}/checkpoint.safetensors`;
    const device = orThrow(await openDevice("wasm")());
    const configuration = orThrow(decodeConfiguration("tiny", first));
    const trained = withData(configuration.data, reading, (data) => async () => {
      const log = orThrow(await openLog(folder)());
      const setting = { device, configuration, data, log, out: folder, listener: silent };
      return await trainAndEvaluate(
        { ...setting, generatorOf: pretrainOrLoad, keepEvery: 0, interrupted: null },
        data.original.test,
      )();
    });
    disposeVariables(orThrow(await trained()).variables);
    const before = tf.memory().numTensors;
    assertEquals(await leftAfterRuns({ ...first, backbone: { ...first.backbone, weights: path } }), [before, before]);
  });
});
