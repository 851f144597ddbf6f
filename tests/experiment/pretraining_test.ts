import { countTensors, openDevice } from "../../lib/backend/device.ts";
import type { Dataset, Split } from "../../lib/data/dataset.ts";
import { openDataset } from "../../lib/data/open_dataset.ts";
import { augmentedRead } from "../../lib/data/split.ts";
import { E, pipe, TE } from "../../lib/dependencies/fp.ts";
import { type GeneratorName, generatorNames } from "../../lib/embedding/generators.ts";
import { type Failure, failure, orThrow } from "../../lib/errors.ts";
import { decodeConfiguration } from "../../lib/experiment/configuration_file.ts";
import {
  disposePretrained,
  prepareGenerators,
  type Pretraining,
  pretrainOrLoad,
} from "../../lib/experiment/pretraining.ts";
import { makeAll } from "../../lib/tensor/scope.ts";
import { silent } from "../../lib/train/listener.ts";
import { assert, assertEquals } from "../std.ts";
import { withFolder } from "../tasks/support.ts";

const device = orThrow(await openDevice("wasm")());

const small = { widths: [3, 4], steps: 1, batch: 2 };

const configuration = orThrow(decodeConfiguration("test", {
  data: { kind: "scenes", height: 32, width: 40, train: 4, test: 2 },
  generators: { scene: small, reconstruction: small, image: small, random: small },
}));

/** The setting of a run that tells its messages to a list. */
const settingIn = (out: string, dataset: Dataset, messages: string[]): Pretraining => ({
  device,
  configuration,
  data: { resized: dataset, augmented: () => augmentedRead(dataset.train, (_, sample) => sample) },
  log: { write: () => () => E.right(undefined) },
  out,
  listener: { ...silent, message: (line) => messages.push(line) },
});

/** Runs `use` with a setting on built-in scenes, and gives its messages and how many tensors it has left. */
const measured = async (
  use: (setting: Pretraining) => Promise<void>,
  change: (dataset: Dataset) => Dataset = (dataset) => dataset,
): Promise<{ readonly messages: readonly string[]; readonly left: number }> => {
  const messages: string[] = [];
  const dataset = change(orThrow(await openDataset(configuration.data)()));
  const before = countTensors();
  await withFolder((out) => use(settingIn(out, dataset, messages)));
  return { messages, left: countTensors() - before };
};

const problem = failure("data", "frame 7", "a hole", "a frame");

Deno.test("generators that are made belong to the caller, and each is told of when it is ready", async () => {
  const { messages, left } = await measured(async (setting) => {
    const made = orThrow(await prepareGenerators(setting, generatorNames, pretrainOrLoad)());
    assertEquals(made.map(({ generator }) => generator), [...generatorNames]);
    made.forEach(disposePretrained);
  });
  assertEquals(left, 0);
  const reports = messages.filter((line) => !line.includes("waited for data") && !line.includes("bottleneck"));
  assertEquals(reports.map((line) => line.split(/ (?:recognizes|reconstructs|has)/)[0]), [
    "HEG-S",
    "HEG-R",
    "the HEG of grey images",
    "the random HEG",
  ]);
});

Deno.test("if a generator cannot be had, those before it are freed", async () => {
  for (const failing of generatorNames) {
    const { left } = await measured(async (setting) => {
      const generatorOf = (given: Pretraining, name: GeneratorName) =>
        name === failing ? TE.left<Failure>(problem) : pretrainOrLoad(given, name);
      const result = await prepareGenerators(setting, generatorNames, generatorOf)();
      assertEquals(result, E.left(problem));
    });
    assertEquals(left, 0, failing);
  }
});

Deno.test("a generator that trains but cannot be evaluated, or written, leaves nothing on the device", async () => {
  for (const name of ["scene", "reconstruction", "image"] as const) {
    const { left } = await measured(async (setting) => {
      assertEquals(await pretrainOrLoad(setting, name)(), E.left(problem));
    }, (dataset) => ({ ...dataset, test: { ...dataset.test, read: () => TE.left(problem) } }));
    assertEquals(left, 0, name);
  }
  for (const name of generatorNames) {
    const { left } = await measured(async (setting) => {
      const result = await pretrainOrLoad({ ...setting, out: `${setting.out}/\0` }, name)();
      assert(E.isLeft(result));
      assertEquals(result.left.kind, "file");
    });
    assertEquals(left, 0, name);
  }
});

Deno.test("data without scenes to tell apart are refused by the generators that learn them, by their names", async () => {
  for (const [name, title] of [["scene", "HEG-S"], ["image", "the HEG of grey images"]] as const) {
    await measured(async (setting) => {
      const result = await pretrainOrLoad(setting, name)();
      assert(E.isLeft(result));
      assertEquals([result.left.kind, result.left.found], ["data", "1 scene label among 4 training samples"]);
      assertEquals(result.left.expected, `at least 2, for ${title} learns to tell scenes apart`);
    }, (dataset) => ({ ...dataset, scenes: ["hall"] }));
  }
});

Deno.test("a sample without a scene that stands for an unreadable one with a scene is not learned from", async () => {
  for (const name of ["scene", "image"] as const) {
    const { left } = await measured(async (setting) => {
      const made = orThrow(await pretrainOrLoad(setting, name)());
      assertEquals(Object.keys(made.report).sort(), ["accuracy", "mostFrequent"]);
      assert(Number.isFinite(made.report.accuracy));
      disposePretrained(made);
    }, (dataset) => {
      const withoutFirst = ({ read, ...split }: Split): Split => ({
        ...split,
        read: (index) => pipe(read(index), TE.map((sample) => index === 0 ? { ...sample, scene: null } : sample)),
      });
      return { ...dataset, train: withoutFirst(dataset.train), test: withoutFirst(dataset.test) };
    });
    assertEquals(left, 0, name);
  }
});

Deno.test("a thing that cannot be made frees those before it, and asks for none after it", async () => {
  const freed: number[] = [];
  const asked: number[] = [];
  const maker = (index: number) => () => {
    asked.push(index);
    return Promise.resolve(index === 3 ? E.left(problem) : E.right(index));
  };
  const free = (made: number): void => {
    freed.push(made);
  };
  assertEquals(await makeAll([1, 2, 3, 4].map(maker), free)(), E.left(problem));
  assertEquals([asked, freed], [[1, 2, 3], [1, 2]]);
  assertEquals(await makeAll([1, 2].map(maker), free)(), E.right([1, 2]));
  assertEquals(freed, [1, 2]);
});
