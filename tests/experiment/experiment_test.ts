// Experiments as scripts run them: what they give, write, tell and free. Nothing of it is printed.
import { countTensors, openDevice } from "../../lib/backend/device.ts";
import { E } from "../../lib/dependencies/fp.ts";
import { orThrow } from "../../lib/errors.ts";
import type { Configuration } from "../../lib/experiment/configuration.ts";
import { decodeConfiguration, readConfiguration } from "../../lib/experiment/configuration_file.ts";
import { runExperiment } from "../../lib/experiment/experiment.ts";
import { loadDepthNetwork } from "../../lib/experiment/trained_network.ts";
import { isJsonObject } from "../../lib/formats/json.ts";
import { decodeRgbPng } from "../../lib/formats/png.ts";
import { type Listener, silent } from "../../lib/train/listener.ts";
import { assert, assertAlmostEquals, assertEquals, fromFileUrl } from "../std.ts";
import { writePairs } from "../tasks/pairs.ts";
import { moduleUrl, namesIn, pngOf, tinier, withFolder } from "../tasks/support.ts";

const device = orThrow(await openDevice("wasm")());

const fixture = (name: string): string => fromFileUrl(new URL(`../fixtures/0.1.0/${name}`, import.meta.url));
const jsonOf = (path: string): unknown => JSON.parse(Deno.readTextFileSync(path));
const configured = (value: unknown): Configuration => orThrow(decodeConfiguration("test", value));
const common = { device, workers: 0 };

/** Runs a test in a folder, that must leave no tensor behind. */
const inFolder = (behaviour: string, run: (folder: string) => Promise<void>): void =>
  Deno.test(behaviour, async () => {
    const before = countTensors();
    await withFolder(run);
    assertEquals(countTensors(), before, "tensors left over");
  });

/** The numbers and texts of a JSON value by path, in their order; what depends on the machine is left out. */
const fieldsOf = (value: unknown, path = ""): readonly (readonly [string, unknown])[] =>
  isJsonObject(value)
    ? Object.entries(value).flatMap(([name, each]) => fieldsOf(each, `${path}/${name}`))
    : [[path, path === "/network/frames_per_second" || path === "/backend/adapter" ? null : value]];

inFolder("an experiment gives the network, its metrics and where they lie, as 0.1.0 did", async (folder) => {
  const out = `${folder}/run`;
  const configuration = orThrow(await readConfiguration(fixture("config.json"), [])());
  const heard: string[] = [];
  const listener: Listener = {
    message: (line) => heard.push(line),
    progress: (label, total) => ({
      update: (done) => heard.push(`${label} ${done}/${total}`),
      end: () => heard.push(`${label} ends`),
    }),
  };
  const { trained, evaluation, constant, generators, paths } = orThrow(
    await runExperiment(configuration, { ...common, out, listener })(),
  );

  const [all, before] = [jsonOf(paths.metrics), jsonOf(fixture("metrics.json"))].map((json) => fieldsOf(json));
  assert(all !== undefined && before !== undefined);
  const added = ["/protocol/", "/network/clipped_share", "/constant/clipped_share"];
  for (const part of added) assert(all.some(([path]) => path.startsWith(part)), part);
  const found = all.filter(([path]) => before.some(([other]) => other === path));
  assertEquals(found.map(([path]) => path), before.map(([path]) => path));
  for (const [at, [path, value]] of before.entries()) {
    const now = found[at]?.[1];
    if (typeof value === "number" && typeof now === "number") {
      assertAlmostEquals(now, value, 1e-4 * Math.abs(value), path);
    } else assertEquals(now, value, path);
  }
  const metrics = jsonOf(paths.metrics);
  assert(isJsonObject(metrics) && isJsonObject(metrics.network) && isJsonObject(metrics.constant));
  assertEquals([metrics.network.images, metrics.network.pixels], [evaluation.sum.images, evaluation.sum.pixels.count]);
  assertEquals([metrics.constant.metres, constant.evaluation.sum.images], [constant.metres, 2]);
  assertEquals(JSON.stringify(generators), JSON.stringify(metrics.generators));

  assertEquals(Object.values(paths).map((path) => path.replace(`${out}/`, "")), [
    "checkpoint.safetensors",
    "metrics.json",
    "log.jsonl",
    "config.json",
    "pictures",
  ]);
  const hegs = Object.keys(generators).map((name) => `heg-${name}.safetensors`);
  assertEquals(namesIn(out), ["checkpoint.safetensors", "config.json", ...hegs.sort(), ...namesIn(out).slice(-3)]);
  assertEquals(configured(jsonOf(paths.configuration)), configuration);

  for (const part of ["CLIFFNet 3/3", "CLIFFNet ends", "evaluation 2/2", "evaluation ends"]) {
    assert(heard.includes(part), `${part} in ${heard.join("\n")}`);
  }
  for (const part of ["HEG-S recognizes", "HEG-R reconstructs", "CLIFFNet has ", "CLIFFNet waited for data"]) {
    assert(heard.some((line) => line.startsWith(part)), `${part} in ${heard.join("\n")}`);
  }

  // In one call, and of another size than the network's.
  const loaded = orThrow(await loadDepthNetwork(paths.checkpoint, { device })());
  assertEquals(loaded.configuration, configuration);
  const image = orThrow(decodeRgbPng("odd", pngOf(37, 45)));
  const [depth, same] = [orThrow(await loaded.predict(image)()), orThrow(await trained.predict(image)())];
  assertEquals([depth.height, depth.width, depth.metres.length], [37, 45, 37 * 45]);
  assert(depth.metres.every(Number.isFinite) && new Set(depth.metres).size > 10);
  assertEquals(depth, same);
  loaded.dispose();
  trained.dispose();
});

/** What a script prints, run as a process of its own. */
const printedBy = async (
  folder: string,
  script: string,
): Promise<readonly [code: number, out: string, err: string]> => {
  const path = `${folder}/script.ts`;
  await Deno.writeTextFile(path, script);
  const { code, stdout, stderr } = await new Deno.Command("deno", {
    args: ["run", "--no-prompt", "--quiet", "--no-check", "--allow-read", "--allow-write", path],
    env: { NO_COLOR: "1" },
  }).output();
  const text = new TextDecoder();
  return [code, text.decode(stdout), text.decode(stderr)];
};

Deno.test("nothing is printed: a script has the word", async () => {
  await withFolder(async (folder) => {
    const script = `
      import { orThrow } from "${moduleUrl("lib/errors.ts")}";
      import { decodeConfiguration } from "${moduleUrl("lib/experiment/configuration_file.ts")}";
      import { runExperiment } from "${moduleUrl("lib/experiment/experiment.ts")}";
      const configuration = orThrow(decodeConfiguration("script", ${JSON.stringify(tinier)}));
      orThrow(await runExperiment(configuration, { out: ${JSON.stringify(`${folder}/run`)}, backend: "wasm" })());
    `;
    assertEquals(await printedBy(folder, script), [0, "", ""]);
    assert(namesIn(`${folder}/run`).includes("metrics.json"));
  });
});

/** A listener that does something when the evaluation begins, after training. */
const atEvaluation = (act: () => void): Listener => ({
  ...silent,
  progress: (label, total) => {
    if (label === "evaluation") act();
    return silent.progress(label, total);
  },
});

inFolder("if the baseline fails, what the network has come to is kept", async (folder) => {
  const [data, out] = [`${folder}/pairs`, `${folder}/run`];
  await writePairs(data);
  const more = Array.from({ length: 20 }, (_, at) => `more-${at}_depth.png`);
  more.forEach((name) => Deno.copyFileSync(`${data}/0_depth.png`, `${data}/${name}`));
  const rows = more.map((name) => `\n0.png,${name},kitchen,train`);
  Deno.writeTextFileSync(`${data}/pairs.csv`, rows.join(""), { append: true });
  const configuration = configured({
    ...tinier,
    data: { kind: "files", layout: "csv", folder: data, list: "pairs.csv", height: 32, width: 40 },
    training: { steps: 1, batch: 1 },
    evaluation: { far: 10 },
  });
  // At most nine of the training samples are read by then; the best constant depends on the others.
  const listener = atEvaluation(() => more.forEach((name) => Deno.removeSync(`${data}/${name}`)));
  const result = await runExperiment(configuration, { ...common, out, listener })();
  assert(E.isLeft(result));
  assertEquals(result.left.kind, "missing");
  assert(/more-\d+_depth\.png$/.test(result.left.where), result.left.where);
  const metrics = jsonOf(`${out}/metrics.json`);
  assert(isJsonObject(metrics) && isJsonObject(metrics.network));
  assertEquals(Object.keys(metrics), ["protocol", "network", "generators", "input", "backend"]);
  assert(typeof metrics.network.rel === "number" && metrics.network.rel > 0);
  assertEquals(metrics.network.images, 2);
  const { dispose } = orThrow(await loadDepthNetwork(`${out}/checkpoint.safetensors`, { device })());
  dispose();
});

/** A loss that works where it is tried out, on pictures of 8×8, and throws in its second step of training. */
const broken = `
import { l1 } from "${moduleUrl("lib/loss/pixel.ts")}";
let steps = 0;
export default (target, prediction, mask) => {
  if (target.shape[1] === 32 && ++steps === 2) throw new Error("no more");
  return l1(target, prediction, mask);
};
`;

inFolder("a loss of one's own that throws in training ends it, with file and line, and frees all", async (folder) => {
  const lossFile = `${folder}/broken.ts`;
  await Deno.writeTextFile(lossFile, broken);
  const configuration = configured({ ...tinier, lossFile, training: { steps: 3, batch: 2 } });
  const result = await runExperiment(configuration, { ...common, out: `${folder}/run` })();
  assert(E.isLeft(result));
  const { kind, where, found, cause } = result.left;
  assertEquals([kind, where, found], ["script", `${lossFile}:5, loss "custom"`, "no more"]);
  assert(cause instanceof Error && cause.message === "no more");
  assertEquals(Deno.readTextFileSync(`${folder}/run/log.jsonl`).trimEnd().split("\n").length, 1);
});

inFolder("what is no checkpoint of a depth network is refused by what it is", async (folder) => {
  await Deno.writeTextFile(`${folder}/text.safetensors`, "no tensors");
  const kindOf = async (path: string, settings: readonly string[] = []) => {
    const result = await loadDepthNetwork(path, { device, settings })();
    assert(E.isLeft(result), path);
    assert(result.left.where.includes(settings.length === 0 ? path : "backbone.layers"), result.left.where);
    return result.left.kind;
  };
  assertEquals(await kindOf(`${folder}/none.safetensors`), "missing");
  assertEquals(await kindOf(`${folder}/text.safetensors`), "format");
  assertEquals(await kindOf(fixture("heg-scene.safetensors")), "checkpoint");
  assertEquals(await kindOf(fixture("checkpoint.safetensors"), ["backbone.layers=17"]), "configuration");
});
