import { encodeGrey16Png } from "../../lib/formats/png.ts";
import { assert, assertAlmostEquals, assertEquals, assertStringIncludes, fromFileUrl } from "../std.ts";
import { failing, pngOf, problemOf, runTask, succeeding, tinier, withFolder, writeConfiguration } from "./support.ts";

const [height, width] = [36, 44];

/** Twelve pairs, eight of them for training; depth in a PNG as it is given by pixel and pair. */
const writeData = async (folder: string, level: (at: number, pair: number) => number): Promise<void> => {
  await Deno.mkdir(folder);
  const rows = Array.from({ length: 12 }, (_, at) => `${at}.png,${at}_d.png,room,${at < 8 ? "train" : "test"}`);
  await Deno.writeTextFile(`${folder}/frames.csv`, ["image,depth,scene,split", ...rows].join("\n"));
  for (const pair of rows.keys()) {
    const levels = Uint16Array.from({ length: height * width }, (_, at) => level(at, pair));
    await Deno.writeFile(`${folder}/${pair}.png`, pngOf(height, width, pair));
    await Deno.writeFile(`${folder}/${pair}_d.png`, encodeGrey16Png(height, width, levels));
  }
};

const configurationIn = (folder: string, data: Readonly<Record<string, unknown>> = {}, more = {}) =>
  writeConfiguration(folder, {
    ...tinier,
    data: { kind: "files", height: 32, width: 40, ...data },
    evaluation: { pictures: 0 },
    ...more,
  });

const jsonOf = async (path: string) => JSON.parse(await Deno.readTextFile(path));

const wasm = ["--backend", "wasm", "--workers", "0"];

/** Streets from 5 to 70 m, in 256 units a metre. */
const street = (at: number, pair: number): number => 256 * (5 + 65 * ((at + 31 * pair) % 1000) / 999);

Deno.test("outdoor depth is not clipped at 10 m: its range is measured, told, written, and taken by evaluate", async () => {
  await withFolder(async (folder) => {
    const [data, out] = [`${folder}/data`, `${folder}/run`];
    await writeData(data, street);
    const config = await configurationIn(folder, { depthScale: 256, folder: data }, {
      network: { features: 4, initialDepth: 15 },
    });
    const said = await succeeding("train", "--config", config, "--out", out, ...wasm);
    for (const part of ["clipped at 70 m", "8 training samples", "protocol own-size", "predictions to 0.001…70 m"]) {
      assertStringIncludes(said, part);
    }
    const metrics = await jsonOf(`${out}/metrics.json`);
    assertEquals([metrics.protocol.name, metrics.protocol.clip], ["own-size", { near: 0.001, far: 70 }]);
    assertEquals([metrics.network.truth_out_of_range_share, metrics.constant.clipped_share], [0, 0]);
    assert(metrics.constant.metres > 10 && metrics.constant.rel < 0.9, "the constant is not cut");

    const json = `${folder}/again.json`;
    const checkpoint = ["--checkpoint", `${out}/checkpoint.safetensors`];
    const again = await succeeding("evaluate", ...checkpoint, ...wasm, "--json", json);
    assert(!again.includes("farthest depth"), "nothing is measured again");
    assertAlmostEquals((await jsonOf(json)).rel, metrics.network.rel, 1e-6);

    const clipped = await succeeding("evaluate", ...checkpoint, ...wasm, "--protocol", "cliffnet", "--json", json);
    for (const part of ["predicted by CLIFFNet were clipped to 0.001…10 m", "of the ground truth lies outside"]) {
      assertStringIncludes(clipped, part);
    }
    assert((await jsonOf(json)).truth_out_of_range_share > 0.9);
  });
});

/** A room from 1 to 4 m, in millimetres; a third of it saturated in training. */
const saturated = (at: number, pair: number): number =>
  pair < 8 && at % 3 === 0 ? 65535 : 1000 + (at + 77 * pair) % 3000;

Deno.test("saturated depth is told by inspect and train, and data.maxDepth gives the numbers of clean depth", async () => {
  await withFolder(async (folder) => {
    const [data, clean] = [`${folder}/data`, `${folder}/clean`];
    await writeData(data, saturated);
    await writeData(clean, (at, pair) => saturated(at, pair) === 65535 ? 0 : saturated(at, pair));
    const inspected = await succeeding("inspect", data);
    assertStringIncludes(inspected, "train: 33.3 % of the measured pixels have exactly 65.535 m");
    assert(!inspected.includes("test: "));
    assertStringIncludes(await succeeding("inspect", data, "--set", "data.maxDepth=10"), "out of range");

    const config = await configurationIn(folder);
    const trainOn = async (name: string, ...args: readonly string[]) => {
      const said = await succeeding("train", "--config", config, "--out", `${folder}/${name}`, ...wasm, ...args);
      return [said, await jsonOf(`${folder}/${name}/metrics.json`)] as const;
    };
    const [warned] = await trainOn("raw", "--data", data);
    assertStringIncludes(warned, "data.maxDepth=4");
    const [masked, bounded] = await trainOn("masked", "--data", data, "--set", "data.maxDepth=10");
    assertStringIncludes(masked, "33 % of the measured depth is out of range");
    const [, right] = await trainOn("right", "--data", clean, "--set", "data.maxDepth=10");
    assertEquals({ ...bounded.network, frames_per_second: 0 }, { ...right.network, frames_per_second: 0 });
    assertEquals(bounded.constant, right.constant);
  });
});

/** In a row that no pixel of 32 rows has its centre in. */
const lostAt = 4 * width;

Deno.test("one measured pixel a map ends a training with the name of its sample, and not with a loss of 0", async () => {
  await withFolder(async (folder) => {
    await writeData(`${folder}/data`, (at) => at === lostAt ? 2000 : 0);
    const config = await configurationIn(folder, { folder: `${folder}/data` });
    const problem = await failing(1, "train", "--config", config, "--out", `${folder}/run`, ...wasm);
    for (const part of ["0.png", "no measured depth at the network's 40×32", "1 measured pixels"]) {
      assertStringIncludes(problem, part);
    }
    const skipping = ["--set", "data.onUnreadable=skip"];
    const all = await runTask("train", ["--config", config, "--out", `${folder}/run`, ...wasm, ...skipping]);
    assertStringIncludes(problemOf(all), "8 samples that cannot be read");
    assertStringIncludes(all.out, "8 samples could not be read and were skipped");
  });
});

Deno.test("a training that comes to nothing says so after its table, and ends well", async () => {
  await withFolder(async (folder) => {
    await writeData(`${folder}/data`, (at, pair) => saturated(at, pair) % 65535);
    const far = { network: { features: 4, initialDepth: 50 }, training: { steps: 0 } };
    const config = await configurationIn(folder, { folder: `${folder}/data` }, far);
    const said = await succeeding("train", "--config", config, "--out", `${folder}/run`, ...wasm);
    assertStringIncludes(said, "The network has not learned: its rel of ");
  });
});

const cases = new URL("../../../shared/cases/", import.meta.url);
const given = (name: string): string => fromFileUrl(new URL(name, cases));
const missing = (() => {
  try {
    return !Deno.statSync(cases).isDirectory;
  } catch {
    return true;
  }
})();
if (missing) console.log("The cases of real users are not here; the test that reads them is skipped.");

Deno.test({
  name: "what users brought: saturated depth is told, and one measured pixel a map ends the training",
  ignore: missing,
  fn: async () => {
    const inspected = await succeeding("inspect", given("15-saturated-depth"));
    assertStringIncludes(inspected, "have exactly 65.535 m");
    await withFolder(async (folder) => {
      const config = await configurationIn(folder, { folder: given("14-sparse-depth") });
      const problem = await failing(1, "train", "--config", config, "--out", `${folder}/run`, ...wasm);
      assertStringIncludes(problem, "of 1 measured pixels at its own 160×120");
    });
  },
});
