// A network and a data set of one's own are trained like others, known again by what they say, and run only on a user's word.
import { countTensors } from "../../lib/backend/device.ts";
import { E, pipe, TE } from "../../lib/dependencies/fp.ts";
import { describe, type Failure, orThrow } from "../../lib/errors.ts";
import { planConversion, writeConversion } from "../../lib/experiment/conversion.ts";
import type { Experiment } from "../../lib/experiment/experiment.ts";
import { initialFile } from "../../lib/experiment/initial_weights.ts";
import { configuredNetwork } from "../../lib/experiment/network_module.ts";
import { pytorchModuleOf } from "../../lib/experiment/pytorch_conversion.ts";
import { loadDepthNetwork, type LoadOptions } from "../../lib/experiment/trained_network.ts";
import { openTensorFile } from "../../lib/formats/open_tensor_file.ts";
import { decodeRgbPng } from "../../lib/formats/png.ts";
import { moduleHash } from "../../lib/modules/module_files.ts";
import { readCheckpoint } from "../../lib/train/checkpoint.ts";
import { silent } from "../../lib/train/listener.ts";
import { assert, assertEquals, assertNotEquals, assertStringIncludes, fromFileUrl } from "../std.ts";
import { helperText, networkText, ownFiles, writeFiles } from "../modules/support.ts";
import { moduleUrl, namesIn, pngOf, withFolder } from "../tasks/support.ts";
import { configured, device, ownConfiguration, trainIn } from "./own_modules_support.ts";

const picture = orThrow(decodeRgbPng("picture", pngOf(32, 40)));

/** What a module does when it runs, so that it is seen. */
const marking = (folder: string): string => `Deno.writeTextFileSync(${JSON.stringify(`${folder}/ran`)}, "");\n`;

const hasRun = (folder: string): boolean => namesIn(folder).includes("ran");

/** Why a checkpoint is not loaded; nothing of it is left. */
const refusal = async (checkpoint: string, options: LoadOptions): Promise<Failure> => {
  const before = countTensors();
  const result = await loadDepthNetwork(checkpoint, { device, ...options })();
  if (E.isRight(result)) throw new Error("was loaded");
  assertEquals(countTensors(), before);
  return result.left;
};

/** A checkpoint that is the same, but for its metadata. */
const rewritten = async (path: string, to: string, change: (configuration: string) => string): Promise<void> => {
  const file = orThrow(await openTensorFile(path)());
  const plan = orThrow(planConversion(file, { names: null, settings: [], listener: silent }));
  const metadata = { ...plan.metadata, configuration: change(plan.metadata.configuration ?? "") };
  orThrow(await writeConversion(to, { ...plan, metadata }, silent)());
};

/** The network of one's own that all steps below look at. */
const withExperiment = async (use: (folder: string, experiment: Experiment) => Promise<void>): Promise<void> =>
  await withFolder(async (folder) => {
    await writeFiles(folder, ownFiles);
    const before = countTensors();
    const experiment = orThrow(await trainIn(folder, ownConfiguration(folder)));
    try {
      await use(folder, experiment);
    } finally {
      experiment.trained.dispose();
    }
    assertEquals(countTensors(), before, "tensors left over");
  });

Deno.test("a network of one's own is trained on data of one's own, kept, and known again by its text", async (t) => {
  await withExperiment(async (folder, { trained, evaluation, paths: { checkpoint } }) => {
    const networkFile = `${folder}/network.ts`;
    const depth = orThrow(await trained.predict(picture)());
    const predictedWith = async (path: string, networkFile: string): Promise<typeof depth> => {
      const loaded = orThrow(await loadDepthNetwork(path, { device, networkFile })());
      const result = orThrow(await loaded.predict(picture)());
      loaded.dispose();
      return result;
    };

    await t.step("all test samples are evaluated, and the checkpoint holds the modules' hashes", async () => {
      assertEquals(evaluation.sum.images, 2);
      const { modules, samples } = orThrow(await readCheckpoint(checkpoint)());
      assertEquals(modules, {
        network: orThrow(await moduleHash(networkFile)()),
        data: orThrow(await moduleHash(`${folder}/walls.ts`)()),
      });
      assert(samples !== undefined, "the samples' names tell them again");
    });

    await t.step("with its module named, from wherever that lies, it predicts the same", async () => {
      assertEquals(await predictedWith(checkpoint, networkFile), depth);
      await writeFiles(`${folder}/moved`, ownFiles);
      assertEquals(await predictedWith(checkpoint, `${folder}/moved/network.ts`), depth);
    });

    await t.step("what only a checkpoint names is not run", async () => {
      await writeFiles(`${folder}/foreign`, { "network.ts": `${marking(`${folder}/foreign`)}${networkText}` });
      const foreign = `${folder}/foreign.safetensors`;
      await rewritten(checkpoint, foreign, (text) => text.replaceAll(networkFile, `${folder}/foreign/network.ts`));
      const problem = await refusal(foreign, {});
      assertEquals([problem.kind, problem.where], ["usage", "--network"]);
      for (const part of [`${folder}/foreign/network.ts`, "no code is run", "--network FILE.ts"]) {
        assertStringIncludes(describe(problem), part);
      }
      assertEquals((await refusal(checkpoint, {})).kind, "usage", "also where it has run before");
      assert(!hasRun(`${folder}/foreign`), "it has run");
    });

    await t.step("another text of the module, or of a file that it imports, is refused before it runs", async () => {
      const others = [
        { "network.ts": `${marking(`${folder}/other0`)}${networkText}` },
        { "helper.ts": `${marking(`${folder}/other1`)}${helperText(1)}` },
      ];
      for (const [at, text] of others.entries()) {
        const other = `${folder}/other${at}`;
        await writeFiles(other, { ...ownFiles, ...text });
        const problem = await refusal(checkpoint, { networkFile: `${other}/network.ts` });
        assertEquals([problem.kind, problem.where], ["checkpoint", `${other}/network.ts`]);
        for (const part of ["another module", checkpoint]) assertStringIncludes(describe(problem), part);
        assert(!hasRun(other), "it has run");
      }
    });

    await t.step("other options, and the built-in network in its place, are refused", async () => {
      const width = await refusal(checkpoint, { networkFile, settings: ["networkOptions.width=5"] });
      assertEquals([width.kind, width.where], ["configuration", "field networkOptions"]);
      for (const part of ['{"width":5}', '{"width":4}']) assertStringIncludes(describe(width), part);
      const none = await refusal(checkpoint, { settings: ["networkFile=", "networkOptions={}"] });
      assertEquals([none.kind, none.where], ["configuration", "field networkFile"]);
      const builtIn = fromFileUrl(moduleUrl("tests/fixtures/0.1.0/checkpoint.safetensors"));
      const own = await refusal(builtIn, { networkFile });
      assertEquals([own.kind, own.where], ["configuration", "field networkFile"]);
      assertStringIncludes(describe(own), "no module");
    });

    await t.step("a network of another width begins with what fits of it", async () => {
      const fitOf = async (width: number) => {
        const init = { file: checkpoint };
        const configuration = ownConfiguration(folder, { networkOptions: { width }, init });
        const initial = orThrow(
          await pipe(
            configuredNetwork(configuration),
            TE.chain((network) => initialFile(network, configuration, silent)),
          )(),
        );
        assert(initial !== null);
        return initial.fit;
      };
      const [same, other] = [await fitOf(4), await fitOf(5)];
      assertEquals([same.unlike, same.missing], [[], []]);
      assertEquals(other.taken.filter((path) => path.startsWith("params/last/")), ["params/last/bias"]);
      assert(other.unlike.includes("params/first/conv/kernel"), other.unlike.join());
      assertEquals([...other.taken, ...other.unlike].toSorted(), [...same.taken].toSorted());
    });

    await t.step("it is converted with all of its tensors by its own names, and has no published ones", async () => {
      const file = orThrow(await openTensorFile(checkpoint)());
      const options = { settings: [], listener: silent };
      const plan = orThrow(planConversion(file, { ...options, names: "own" }));
      assertEquals(
        plan.tensors.map(({ entry }) => entry.name).toSorted(),
        file.entries.map(({ name }) => name).toSorted(),
      );
      orThrow(await writeConversion(`${folder}/own.safetensors`, plan, silent)());
      assertEquals(await predictedWith(`${folder}/own.safetensors`, networkFile), depth);
      for (
        const result of [
          planConversion(file, { ...options, names: "published" }),
          await pytorchModuleOf(file, options)(),
        ]
      ) {
        assert(E.isLeft(result));
        assertEquals([result.left.kind, result.left.where], ["checkpoint", checkpoint]);
        assertStringIncludes(result.left.found, `a network of your own, ${networkFile}`);
      }
    });
  });
});

Deno.test("the options of a network and of data reach them", async () => {
  await withFolder(async (folder) => {
    await writeFiles(folder, ownFiles);
    const configuration = ownConfiguration(folder, { networkOptions: { width: 2 }, training: { steps: 1, batch: 1 } });
    const { trained } = orThrow(await trainIn(folder, configuration));
    assertEquals(trained.network.form.params.last, { kernel: [1, 1, 2, 1], bias: [1] });
    trained.dispose();
    const { samples } = orThrow(await readCheckpoint(`${folder}/run/checkpoint.safetensors`)());
    await Deno.remove(`${folder}/run`, { recursive: true });
    const data = { ...configuration.data, options: { count: 5 } };
    orThrow(await trainIn(folder, configured({ ...configuration, data }))).trained.dispose();
    const other = orThrow(await readCheckpoint(`${folder}/run/checkpoint.safetensors`)());
    assertNotEquals(other.samples, samples, "one sample more is another data set");
  });
});
