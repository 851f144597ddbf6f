/** What can be known of a run before it begins is a failure at its start: nothing is trained, and nothing written. */
import { countTensors, openDevice } from "../../lib/backend/device.ts";
import { E } from "../../lib/dependencies/fp.ts";
import { describe, orThrow } from "../../lib/errors.ts";
import type { Configuration } from "../../lib/experiment/configuration.ts";
import { decodeConfiguration } from "../../lib/experiment/configuration_file.ts";
import { runExperiment, runPretraining } from "../../lib/experiment/experiment.ts";
import { disposePretrained } from "../../lib/experiment/pretraining.ts";
import { silent } from "../../lib/train/listener.ts";
import { assert, assertEquals, assertStringIncludes } from "../std.ts";
import { writePairs } from "../tasks/pairs.ts";
import { namesIn, tinier, tiny, withFolder } from "../tasks/support.ts";

const device = orThrow(await openDevice("wasm")());
const configured = (value: unknown): Configuration => orThrow(decodeConfiguration("test", value));

/** Starts a run that must fail before a step is made and a file is written; gives what is said of it. */
const refusal = async (folder: string, configuration: Configuration, out = `${folder}/run`): Promise<string> => {
  const [before, names] = [countTensors(), namesIn(folder)];
  const steps: string[] = [];
  const progress = (label: string) => {
    steps.push(label);
    return { update: () => {}, end: () => {} };
  };
  const result = await runExperiment(configuration, { device, workers: 0, out, listener: { ...silent, progress } })();
  assert(E.isLeft(result));
  assertEquals([steps, namesIn(folder), countTensors() - before], [[], names, 0]);
  return describe(result.left);
};

const onFiles = (folder: string, more: object = {}) => ({
  ...tiny,
  data: { kind: "files", folder: `${folder}/data`, height: 32, width: 40 },
  ...more,
});

/** Runs a test on a folder of pairs whose list was changed. */
const withPairs = async (
  use: (folder: string) => Promise<void>,
  change: (list: string) => string = (list) => list,
): Promise<void> =>
  await withFolder(async (folder) => {
    await writePairs(`${folder}/data`);
    const path = `${folder}/data/pairs.csv`;
    await Deno.writeTextFile(path, change(await Deno.readTextFile(path)));
    await use(folder);
  });

Deno.test("labels that HEG-S lacks are told before anything is trained", async () => {
  await withPairs(async (folder) => {
    assertStringIncludes(await refusal(folder, configured(onFiles(folder))), "1 scene label among 3 training samples");
  }, (list) => list.replaceAll("office", "kitchen"));
  await withPairs(async (folder) => {
    assertStringIncludes(await refusal(folder, configured(onFiles(folder))), "0 scene labels among 3 training samples");
  }, (list) => list.replaceAll(/office|kitchen/g, ""));
});

Deno.test("the first sample of either split, and what the protocol makes of it, is tried", async () => {
  for (const name of ["0.png", "3_depth.png"]) {
    await withPairs(async (folder) => {
      await Deno.writeTextFile(`${folder}/data/${name}`, "no picture");
      assertStringIncludes(await refusal(folder, configured({ ...onFiles(folder), loss: [{ kind: "l1" }] })), name);
    });
  }
});

Deno.test("files that a run needs are there and fit before it begins", async () => {
  await withFolder(async (folder) => {
    const missing = `${folder}/none.safetensors`;
    const withGenerator = { ...tiny, generators: { ...tiny.generators, reconstruction: { checkpoint: missing } } };
    for (const more of [{ ...tiny, backbone: { ...tiny.backbone, weights: missing } }, withGenerator]) {
      assertStringIncludes(await refusal(folder, configured(more)), missing);
    }
    // A random generator's file is none of HEG-R's.
    const configuration = configured({ ...tiny, generators: { random: { widths: [4, 6], steps: 1, batch: 2 } } });
    const made = orThrow(await runPretraining(configuration, "random", { device, workers: 0, out: `${folder}/heg` })());
    disposePretrained(made);
    const { checkpoint } = made;
    const wrong = { ...tiny, generators: { ...tiny.generators, reconstruction: { checkpoint } } };
    assertStringIncludes(await refusal(folder, configured(wrong)), 'kind "random"');
    const backbone = { ...tiny.backbone, weights: checkpoint };
    assertStringIncludes(await refusal(folder, configured({ ...tiny, backbone })), 'kind "random"');
  });
});

Deno.test("a loss that fails its trial, a folder that cannot be written to and numbers of no file are told", async () => {
  await withFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/loss.ts`, "\nexport default () => { throw new Error('no loss'); };\n");
    const own = configured({ ...tinier, lossFile: `${folder}/loss.ts` });
    for (const part of [`${folder}/loss.ts:2`, "no loss"]) assertStringIncludes(await refusal(folder, own), part);
    const sound = configured(tinier);
    assertStringIncludes(await refusal(folder, sound, `${folder}/loss.ts/run`), "file");
    for (const training of [{ steps: NaN, batch: 2 }, { steps: -1, batch: 2 }, { steps: 1, batch: 0 }]) {
      assertStringIncludes(await refusal(folder, { ...sound, training }), "field training.");
    }
    assertStringIncludes(await refusal(folder, { ...sound, data: { ...sound.data, height: 0.5 } }), "0.5");
  });
});
