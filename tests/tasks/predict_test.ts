// Folders as people have them: what predict reads of them, what it writes, and what it leaves alone.
import { orThrow } from "../../lib/errors.ts";
import { decodeNpy } from "../../lib/formats/npy.ts";
import { openTensorFile } from "../../lib/formats/open_tensor_file.ts";
import { decodeGrey16, decodeRgbPng, encodeGrey16Png } from "../../lib/formats/png.ts";
import { encodeSafetensors } from "../../lib/formats/safetensors.ts";
import { assert, assertEquals, assertStringIncludes } from "../std.ts";
import {
  failing,
  namesIn,
  pngOf,
  problemOf,
  runTask,
  succeeding,
  tinier,
  withFolder,
  writeConfiguration,
} from "./support.ts";

const cases = new URL("../../../shared/cases/", import.meta.url);

/** A copy of a case of a real user in an empty folder; null where the cases are not at hand, as in a clone. */
const copyOfCase = async (name: string, folder: string): Promise<string | null> => {
  const to = `${folder}/case-${name}`;
  const from = new URL(`${name}/`, cases);
  const names = await Array.fromAsync(Deno.readDir(from), (entry) => entry.name).catch(() => null);
  if (names === null) return console.log(`skipped: no case ${name}`), null;
  await Deno.mkdir(to);
  for (const each of names) await Deno.writeFile(`${to}/${each}`, await Deno.readFile(new URL(each, from)));
  return to;
};

const trained = async (folder: string): Promise<string> => {
  const config = await writeConfiguration(folder, { ...tinier, evaluation: { pictures: 0 } });
  await succeeding("train", "--config", config, "--out", `${folder}/run`, "--backend", "wasm");
  return `${folder}/run/checkpoint.safetensors`;
};

/** The checkpoint with one weight that is NaN. */
const spoiled = async (checkpoint: string, name: string): Promise<string> => {
  const file = orThrow(await openTensorFile(checkpoint)());
  const tensors = [];
  for (const entry of file.entries) tensors.push(orThrow(await file.read(entry.name)()));
  for (const tensor of tensors.filter((each) => each.name === name)) {
    new DataView(tensor.bytes.buffer, tensor.bytes.byteOffset).setFloat32(0, NaN, true);
  }
  const path = checkpoint.replace("checkpoint", "spoiled");
  await Deno.writeFile(path, encodeSafetensors(tensors, file.metadata));
  return path;
};

const run = (checkpoint: string, ...args: readonly string[]): readonly string[] => [
  ...["--checkpoint", checkpoint, "--backend", "wasm"],
  ...args,
];

/** Depth maps that a run wrote, by name, as their first depth: no two pictures of a test have the same. */
const arrays = (folder: string): Promise<ReadonlySet<number | undefined>> =>
  Promise.all(
    namesIn(folder).map(async (name) => orThrow(decodeNpy(name, await Deno.readFile(`${folder}/${name}`))).values[0]),
  ).then((values) => new Set(values));

Deno.test("predict on folders as people have them", async (t) => {
  await withFolder(async (folder) => {
    const checkpoint = await trained(folder);

    await t.step(
      "images of one name in two folders, and one that is called like a number, have a result each",
      async () => {
        for (const [at, name] of ["a/x.png", "b/x.png", "b/x-2.png"].entries()) {
          await Deno.mkdir(`${folder}/${name.slice(0, 1)}`, { recursive: true });
          await Deno.writeFile(`${folder}/${name}`, pngOf(32, 40, at));
        }
        const out = `${folder}/names`;
        const images = [`${folder}/a/x.png`, `${folder}/b`];
        const said = await succeeding("predict", ...run(checkpoint, "--format", "npy", "--out", out, ...images));
        assertStringIncludes(said, "3 depth maps in");
        assertEquals(namesIn(out), ["x-2_depth.npy", "x-3_depth.npy", "x_depth.npy"]);
        assertEquals((await arrays(out)).size, 3);
      },
    );

    await t.step(
      "a picture that cannot be read is told at the end, with status 1; or it ends the run at once",
      async () => {
        const data = `${folder}/bad`;
        await Deno.mkdir(data);
        await Deno.writeFile(`${data}/1.png`, pngOf(20, 30));
        await Deno.writeFile(`${data}/2.png`, pngOf(20, 30).subarray(0, 100));
        await Deno.writeFile(`${data}/3.png`, pngOf(20, 30));
        const outcome = await runTask("predict", run(checkpoint, "--out", `${folder}/rest`, data));
        assertEquals(outcome.code, 1);
        const problem = problemOf(outcome);
        for (const part of ["1 of 3", `${data}/2.png: found a PNG that ends`]) assertStringIncludes(problem, part);
        assertStringIncludes(outcome.out, "2 depth maps");
        assertEquals(namesIn(`${folder}/rest`), ["1_depth.png", "3_depth.png"]);
        const strict = run(checkpoint, "--out", `${folder}/strict`, "--on-unreadable", "fail", data);
        assertStringIncludes(await failing(1, "predict", ...strict), `error: ${data}/2.png: found a PNG that ends`);
        assertEquals(namesIn(`${folder}/strict`), ["1_depth.png"]);
      },
    );

    await t.step("a second run into the pictures' own folder predicts the same pictures, and no results", async () => {
      const data = `${folder}/own`;
      await Deno.mkdir(data);
      await Deno.writeFile(`${data}/photo.png`, pngOf(20, 30));
      const args = run(checkpoint, "--format", "color,png16", "--out", data, data);
      assertStringIncludes(await succeeding("predict", ...args), "1 depth map in");
      const again = await succeeding("predict", ...args);
      for (const part of ["depth maps that predict wrote: 2 (photo_depth.png", "1 depth map in"]) {
        assertStringIncludes(again, part);
      }
      assertEquals(namesIn(data), ["photo.png", "photo_depth.png", "photo_depth16.png"]);
      assertStringIncludes(await failing(2, "predict", ...run(checkpoint, `${data}/photo_depth.png`)), "predict wrote");
    });

    await t.step("the depth of a data set stays, and so does an array, until they may be overwritten", async () => {
      const data = `${folder}/set`;
      await Deno.mkdir(data);
      await Deno.writeFile(`${data}/0000.png`, pngOf(20, 30));
      const depth = encodeGrey16Png(20, 30, new Uint16Array(600).fill(1234));
      await Deno.writeFile(`${data}/0000_depth.png`, depth);
      await Deno.writeTextFile(`${data}/0000_depth.npy`, "mine");
      const args = ["--format", "color,npy", "--out", data, `${data}/0000.png`];
      // Nothing is computed before that is known: the checkpoint is not even looked at.
      const problem = await failing(1, "predict", ...run("no/such", ...args));
      for (const part of ["0000_depth.png", "0000_depth.npy", "--overwrite"]) assertStringIncludes(problem, part);
      assertEquals(await Deno.readFile(`${data}/0000_depth.png`), depth);
      await succeeding("predict", ...run(checkpoint, "--overwrite", ...args));
      assertEquals(orThrow(decodeNpy("depth", await Deno.readFile(`${data}/0000_depth.npy`))).shape, [20, 30]);
      orThrow(decodeRgbPng("depth", await Deno.readFile(`${data}/0000_depth.png`)));
    });

    await t.step(
      "a picture of depth has the image's size, or a legend; a PNG other units, and says what it cuts",
      async () => {
        await Deno.writeFile(`${folder}/one.png`, pngOf(20, 30));
        const to = (out: string, ...args: readonly string[]) =>
          succeeding("predict", ...run(checkpoint, "--out", `${folder}/${out}`, ...args, `${folder}/one.png`));
        await to("plain");
        await to("legend", "--legend");
        const sizeOf = (out: string) => {
          const name = `${folder}/${out}/one_depth.png`;
          const { height, width } = orThrow(decodeRgbPng(name, Deno.readFileSync(name)));
          return [height, width];
        };
        assertEquals(sizeOf("plain"), [20, 30]);
        assert(sizeOf("legend").every((side) => side > 60));
        const scaled = await to("scaled", "--format", "png16,npy", "--png-scale", "1e6");
        assertStringIncludes(scaled, "are farther than 0.065535 m and were cut");
        const name = `${folder}/scaled/one_depth`;
        const { values } = orThrow(decodeGrey16(name, await Deno.readFile(`${name}16.png`)));
        const metres = orThrow(decodeNpy(name, await Deno.readFile(`${name}.npy`))).values;
        assertEquals([...values], [...metres].map((m) => Math.min(Math.max(Math.round(m * 1e6), 0), 65535)));
      },
    );

    await t.step("a checkpoint with NaN is refused by its name, by predict and explain as by evaluate", async () => {
      const bad = await spoiled(checkpoint, "params/estimator/score/hidden/norm/beta");
      const out = `${folder}/nan`;
      for (
        const [task, ...args] of [["predict", "--out", out, `${folder}/one.png`], ["explain", "--out", out], [
          "evaluate",
        ]]
      ) {
        const problem = await failing(1, task ?? "", ...run(bad, ...args));
        for (const part of [bad, "NaN in params/estimator/score/hidden/norm/beta"]) assertStringIncludes(problem, part);
      }
      assert(!namesIn(folder).includes("nan"));
    });

    await t.step("case 07: three pictures, three results", async () => {
      const data = await copyOfCase("07-name-collision", folder);
      if (data === null) return;
      const out = `${folder}/case07`;
      await succeeding("predict", ...run(checkpoint, "--format", "npy", "--out", out, data));
      assertEquals(namesIn(out), ["a-2_depth.npy", "a-3_depth.npy", "a_depth.npy"]);
      assertEquals((await arrays(out)).size, 3);
    });

    await t.step("case 09: companion files of macOS are skipped and counted", async () => {
      const data = await copyOfCase("09-appledouble", folder);
      if (data === null) return;
      const said = await succeeding("predict", ...run(checkpoint, "--out", `${folder}/case09`, data));
      assertStringIncludes(said, "hidden files: 2 (._a.jpg, ._b.jpg)");
      assertEquals(namesIn(`${folder}/case09`), ["a_depth.png", "b_depth.png"]);
    });

    await t.step("case 10: four of five pictures are predicted", async () => {
      const data = await copyOfCase("10-one-bad-image", folder);
      if (data === null) return;
      const problem = await failing(1, "predict", ...run(checkpoint, "--out", `${folder}/case10`, data));
      for (const part of ["1 of 5", "img3.jpg: found a JPEG that ends"]) assertStringIncludes(problem, part);
      assertEquals(namesIn(`${folder}/case10`), [1, 2, 4, 5].map((at) => `img${at}_depth.png`));
    });

    await t.step("case 11: a second run makes no more files", async () => {
      const data = await copyOfCase("11-results-as-inputs", folder);
      if (data === null) return;
      for (let time = 0; time < 2; time++) {
        await succeeding("predict", ...run(checkpoint, "--format", "color,png16", "--out", data, data));
        assertEquals(namesIn(data), ["README", "grey.jpg", "grey_depth.png", "grey_depth16.png"]);
      }
    });
  });
});
