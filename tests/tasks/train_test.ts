import { orThrow } from "../../lib/errors.ts";
import { decodeNpy } from "../../lib/formats/npy.ts";
import { openTensorFile } from "../../lib/formats/open_tensor_file.ts";
import { decodeGrey16, decodeRgbPng } from "../../lib/formats/png.ts";
import { metricNames } from "../../lib/metrics/depth_metrics.ts";
import { assert, assertAlmostEquals, assertEquals, assertStringIncludes } from "../std.ts";
import { readAll } from "../weights/support.ts";
import { failing, namesIn, pngOf, succeeding, tiny, withFolder, writeConfiguration } from "./support.ts";

const jsonOf = async (path: string): Promise<Record<string, unknown>> => JSON.parse(await Deno.readTextFile(path));

/** The values of a record that was read from JSON. */
const numbersOf = (value: unknown): Readonly<Record<string, number>> => {
  assert(typeof value === "object" && value !== null);
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, Number(each)]));
};

/** The tensors of a checkpoint by name. */
const tensorsOf = async (folder: string, name: string) => {
  const path = `${folder}/${name}.safetensors`;
  const tensors = await readAll(orThrow(await openTensorFile(path)()));
  assert(tensors.length > 5);
  return new Map(tensors.map((tensor) => [tensor.name, tensor]));
};

interface LogLine {
  readonly phase: string;
  readonly step: number;
  readonly lr: number;
  readonly loss: number;
  readonly terms: Readonly<Record<string, number>>;
  readonly ms: number;
}

const checkLog = (text: string): void => {
  assert(text.endsWith("\n"));
  const lines: readonly LogLine[] = text.trim().split("\n").map((line) => JSON.parse(line));
  assertEquals(lines.map(({ phase, step }) => `${phase} ${step}`), [
    ...["scene 1", "scene 2", "reconstruction 1", "reconstruction 2"],
    ...["depth 1", "depth 2", "depth 3"],
  ]);
  for (const { loss, terms, ms } of lines) {
    assert(ms > 0);
    const sum = Object.values(terms).reduce((total, term) => total + term, 0);
    assertAlmostEquals(sum, loss, 1e-4 * loss);
  }
  const depth = lines.filter(({ phase }) => phase === "depth");
  [5e-4, 1e-3, 1e-4].forEach((lr, at) => assertAlmostEquals(depth[at]?.lr ?? NaN, lr, 1e-9));
  for (const { terms } of depth) assertEquals(Object.keys(terms), ["l1", "scene", "reconstruction"]);
  assertEquals(depth.map(({ terms }) => terms.scene !== 0), [false, true, true]);
  assert(depth.every(({ terms }) => (terms.reconstruction ?? 0) > 0));
};

const checkMetrics = (metrics: Readonly<Record<string, unknown>>): void => {
  const [network, constant] = [numbersOf(metrics.network), numbersOf(metrics.constant)];
  for (const name of metricNames) {
    assert(Number.isFinite(network[name]), name);
    assert(Number.isFinite(constant[name]), name);
  }
  assertEquals([network.images, network.pixels, constant.images], [2, 2 * 32 * 40, 2]);
  assert((constant.metres ?? 0) > 0.1 && (constant.metres ?? 0) < 20);
  assertEquals(metrics.input, { height: 32, width: 40 });
  assertStringIncludes(JSON.stringify(metrics.backend), '"wasm"');
  assertStringIncludes(JSON.stringify(metrics.generators), '"accuracy"');
  assertStringIncludes(JSON.stringify(metrics.generators), '"ofMean"');
};

const checkPredictions = async (out: string, name: string, height: number, width: number): Promise<void> => {
  const bytesOf = (suffix: string) => Deno.readFile(`${out}/${name}${suffix}`);
  const metres = orThrow(decodeNpy(name, await bytesOf("_depth.npy")));
  assertEquals(metres.shape, [height, width]);
  assert(metres.values.every(Number.isFinite) && new Set(metres.values).size > 10);
  const millimetres = orThrow(decodeGrey16(name, await bytesOf("_depth16.png")));
  assertEquals([millimetres.height, millimetres.width, millimetres.bitDepth], [height, width, 16]);
  millimetres.values.forEach((value, at) =>
    assertEquals(value, Math.min(Math.max(Math.round((metres.values[at] ?? NaN) * 1000), 0), 65535))
  );
  const picture = orThrow(decodeRgbPng(name, await bytesOf("_depth.png")));
  assertEquals([picture.height, picture.width], [height, width]);
  assert(new Set(picture.pixels).size > 10);
};

Deno.test("train, evaluate and predict go from a configuration to depth maps", async (t) => {
  await withFolder(async (folder) => {
    const config = await writeConfiguration(folder, tiny);
    const out = `${folder}/run`;
    const checkpoint = `${out}/checkpoint.safetensors`;
    const trained = await succeeding("train", "--config", config, "--out", out, "--backend", "wasm", "--seed", "5");

    await t.step("train says what it does in plain lines", () => {
      const said = [
        "backend: wasm",
        "HEG-S recognizes",
        "HEG-R reconstructs",
        "CLIFFNet: 3/3",
        "constant",
        "delta3",
        out,
      ];
      for (const part of said) assertStringIncludes(trained, part);
    });

    await t.step(
      "its folder has the checkpoints, the log, metrics, pictures and configuration, and nothing else",
      () => {
        const names = ["checkpoint", "heg-reconstruction", "heg-scene"].map((name) => `${name}.safetensors`);
        const expected = [...names, "config.json", "log.jsonl", "metrics.json", "pictures"].sort();
        assertEquals(namesIn(out), expected);
        assertEquals(namesIn(`${out}/pictures`).length, 2);
        for (const name of namesIn(`${out}/pictures`)) {
          orThrow(decodeRgbPng(name, Deno.readFileSync(`${out}/pictures/${name}`)));
        }
      },
    );

    await t.step("the log has a line a step, with the rate and the weighted terms", async () => {
      checkLog(await Deno.readTextFile(`${out}/log.jsonl`));
    });

    await t.step("the metrics are those of the network and of the best constant", async () => {
      checkMetrics(await jsonOf(`${out}/metrics.json`));
    });

    await t.step(
      "the configuration as resolved has the seed of the command line, and trains the same network again",
      async () => {
        const { seed, optim } = await jsonOf(`${out}/config.json`);
        assertEquals([seed, numbersOf(optim).decay], [5, 1e-4]);
        const args = ["--config", `${out}/config.json`, "--out", `${folder}/again`, "--backend", "wasm"];
        await succeeding("train", ...args, "--set", "evaluation.pictures=0");
        for (const name of ["checkpoint", "heg-scene", "heg-reconstruction"]) {
          const [first, second] = await Promise.all(["run", "again"].map((run) => tensorsOf(`${folder}/${run}`, name)));
          assertEquals(first, second);
        }
        assertEquals(namesIn(`${folder}/again`).includes("pictures"), false);
      },
    );

    await t.step("evaluate finds the metrics that train did, without a configuration", async () => {
      const json = `${folder}/evaluation.json`;
      const said = await succeeding("evaluate", "--checkpoint", checkpoint, "--json", json, "--backend", "wasm");
      assertStringIncludes(said, "2 images");
      const [found, before] = [numbersOf(await jsonOf(json)), numbersOf((await jsonOf(`${out}/metrics.json`)).network)];
      for (const name of [...metricNames, "images", "pixels"]) assertEquals(found[name], before[name], name);
    });

    await t.step("predict writes each format at the picture's own size", async () => {
      await Deno.mkdir(`${folder}/images/more`, { recursive: true });
      await Deno.writeFile(`${folder}/images/odd.png`, pngOf(37, 45));
      await Deno.writeFile(`${folder}/images/more/odd.png`, pngOf(32, 40, 1));
      await Deno.writeTextFile(`${folder}/images/notes.txt`, "no picture");
      const images = [`${folder}/images`, `${folder}/images/more/odd.png`];
      const args = ["--checkpoint", checkpoint, "--backend", "wasm", "--format", "npy,png16,color"];
      const said = await succeeding("predict", ...args, "--out", `${folder}/depth`, ...images);
      assertStringIncludes(said, "2 depth maps");
      assertEquals(namesIn(`${folder}/depth`).length, 6);
      await checkPredictions(`${folder}/depth`, "odd", 37, 45);
      await checkPredictions(`${folder}/depth`, "odd-2", 32, 40);
    });

    await t.step("a damaged picture ends predict with its name", async () => {
      await Deno.writeFile(`${folder}/cut.png`, pngOf(37, 45).subarray(0, 200));
      const args = ["--checkpoint", checkpoint, "--backend", "wasm", "--out", `${folder}/none`, `${folder}/cut.png`];
      assertStringIncludes(await failing(1, "predict", ...args), `${folder}/cut.png`);
      await Deno.stat(`${folder}/none`).then(() => assert(false, "a folder for nothing"), () => {});
    });
  });
});
