import { orThrow } from "../../lib/errors.ts";
import { decodeImage } from "../../lib/formats/image.ts";
import { encodeGrey16Png } from "../../lib/formats/png.ts";
import { label } from "../../lib/pictures/text.ts";
import { contains } from "../pictures/support.ts";
import { assert, assertAlmostEquals, assertEquals, assertStringIncludes } from "../std.ts";
import { failing, moduleUrl, namesIn, pngOf, succeeding, tiny, withFolder, writeConfiguration } from "./support.ts";

/** What explain writes as JSON. */
interface Written {
  readonly images: readonly {
    readonly name: string;
    readonly picture: string;
    readonly error: number;
    readonly generators: readonly {
      readonly name: string;
      readonly unit: string;
      readonly levels: readonly {
        readonly height: number;
        readonly width: number;
        readonly mean: number;
        readonly weight: number;
        readonly contribution: number;
      }[];
    }[];
    readonly terms: readonly {
      readonly name: string;
      readonly trained: boolean;
      readonly value: number;
      readonly pull: number;
    }[];
    readonly cut: { readonly truth: readonly number[]; readonly pulls: Readonly<Record<string, readonly number[]>> };
  }[];
}

const readJson = async (path: string): Promise<Written> => JSON.parse(await Deno.readTextFile(path));

const checkImage = ({ generators, terms, error, cut }: Written["images"][number]): void => {
  assertEquals(generators.map(({ name, unit, levels }) => `${name} ${unit} ${levels.length}`), [
    "HEG-S embedding 2",
    "HEG-R embedding 2",
    "Sobel m 4",
  ]);
  const sizes = generators.map(({ levels }) => levels.map(({ height, width }) => `${height}x${width}`));
  assertEquals(sizes, [["32x40", "16x20"], ["32x40", "16x20"], ["32x40", "16x20", "8x10", "4x5"]]);
  assertEquals(terms.map(({ name, trained }) => `${name} ${trained}`), [
    "L1 true",
    "HEG-S true",
    "HEG-R true",
    "Gradient false",
    "Multi-scale gradient false",
  ]);
  for (const name of ["HEG-S", "HEG-R"]) {
    const levels = generators.find((generator) => generator.name === name)?.levels ?? [];
    levels.forEach(({ mean, weight, contribution }, at) => {
      assertAlmostEquals(weight, 0.02 * ([10, 15][at] ?? NaN), 1e-12);
      assertAlmostEquals(contribution, weight * mean, 1e-12);
    });
    const sum = levels.reduce((total, { contribution }) => total + contribution, 0);
    const value = terms.find((term) => term.name === name)?.value ?? NaN;
    assert(sum > 0);
    assertAlmostEquals(value, sum, 1e-4 * sum);
  }
  assertAlmostEquals(terms[0]?.value ?? NaN, error, 1e-4);
  assertAlmostEquals(terms[0]?.pull ?? NaN, 1, 1e-4);
  for (const pulls of Object.values(cut.pulls)) assertEquals(pulls.length, cut.truth.length);
};

Deno.test("explain draws the levels and pulls of a run's losses", async (t) => {
  await withFolder(async (folder) => {
    const config = await writeConfiguration(folder, tiny);
    const out = `${folder}/run`;
    await succeeding("train", "--config", config, "--out", out, "--backend", "wasm");
    const common = ["--checkpoint", `${out}/checkpoint.safetensors`, "--backend", "wasm", "--workers", "0"];

    await t.step("for test samples, beside the checkpoint, with all numbers as JSON", async () => {
      const said = await succeeding("explain", ...common, "--json", `${folder}/a.json`);
      for (const part of ["HEG-S level 2", "HEG-R", "Sobel", "2 pictures"]) assertStringIncludes(said, part);
      const { images } = await readJson(`${folder}/a.json`);
      images.forEach(checkImage);
      const pictures = namesIn(`${out}/explain`).map((name) => `${out}/explain/${name}`);
      assertEquals(images.map(({ picture }) => picture).sort(), pictures);
      const [{ name, picture } = { name: "", picture: "" }] = images;
      const drawn = orThrow(await decodeImage(picture, await Deno.readFile(picture))());
      assert(contains(drawn, label(name, { scale: 3, foreground: [24, 24, 24], background: [255, 255, 255] })));
      assert(contains(drawn, label("HEG-R: |G(truth) - G(prediction)|, level by level")));
    });

    await t.step("for a sample by its place or by part of its name, and for one that is none", async () => {
      const args = [...common, "--out", `${folder}/b`];
      await succeeding("explain", ...args, "1");
      const [picture = ""] = namesIn(`${folder}/b`);
      assert(picture.startsWith("0001-"), picture);
      await succeeding("explain", ...args, "--json", `${folder}/b.json`, picture.slice(5, -8));
      const { images } = await readJson(`${folder}/b.json`);
      assertEquals(images.map(({ name }) => name), [picture.slice(5, -4)]);
      assertStringIncludes(await failing(2, "explain", ...args, "cellar"), '"cellar", which no test sample is called');
    });

    await t.step("for files with their depth", async () => {
      const [image, depth] = [`${folder}/photo.png`, `${folder}/photo_depth.png`];
      await Deno.writeFile(image, pngOf(45, 60));
      const metres = Uint16Array.from({ length: 45 * 60 }, (_, at) => at % 9 === 0 ? 0 : at % 60 < 30 ? 2000 : 5000);
      await Deno.writeFile(depth, encodeGrey16Png(45, 60, metres));
      const args = [...common, "--out", `${folder}/c`];
      await succeeding("explain", ...args, image, "--truth", depth, "--json", `${folder}/c.json`);
      const { images } = await readJson(`${folder}/c.json`);
      images.forEach(checkImage);
      assertEquals([images.length, Math.max(...images[0]?.cut.truth ?? [])], [1, 5]);
      assertEquals(namesIn(`${folder}/c`), ["0000-photo.png"]);
      assertStringIncludes(
        await failing(2, "explain", ...args, image, image, "--truth", depth),
        "1 of it for 2 images",
      );
    });

    await t.step("for a loss of one's own, and generators by name", async () => {
      const loss = `${folder}/own.ts`;
      await Deno.writeTextFile(loss, `export { l2 as default } from "${moduleUrl("lib/loss/pixel.ts")}";`);
      await succeeding(
        "explain",
        ...common,
        ...["--set", `lossFile=${JSON.stringify(loss)}`, "--generator", `other=${out}/heg-scene.safetensors`],
        ...["--json", `${folder}/d.json`, "--out", `${folder}/d`, "0"],
      );
      const [{ generators, terms } = { generators: [], terms: [] }] = (await readJson(`${folder}/d.json`)).images;
      assertEquals(generators.map(({ name }) => name), ["HEG-S", "HEG-R", "HEG-S other", "Sobel"]);
      assertEquals(terms.map(({ name, trained }) => `${name} ${trained}`), [
        "custom true",
        "L1 false",
        "HEG-S false",
        "HEG-R false",
        "HEG-S other false",
        "Gradient false",
        "Multi-scale gradient false",
      ]);
      assertEquals(generators[0]?.levels, generators[2]?.levels);
    });

    await t.step("and says where it looked for a generator that is not there", async () => {
      await Deno.rename(`${out}/heg-scene.safetensors`, `${folder}/moved.safetensors`);
      const problem = await failing(1, "explain", ...common);
      for (const part of ["heg-scene.safetensors", "--generator scene=FILE"]) assertStringIncludes(problem, part);
      await succeeding(
        "explain",
        ...common,
        ...["--generator", `scene=${folder}/moved.safetensors`, "--count", "1", "--out", `${folder}/e`],
      );
      assertEquals(namesIn(`${folder}/e`).length, 1);
    });

    await t.step("wrong flags are refused with what is allowed", async () => {
      const own = `${out}/checkpoint.safetensors`;
      for (
        const [code, args, says] of [
          [2, ["--generator", "scene"], "scene=heg-scene.safetensors"],
          [1, ["--generator", `scene=${own}`], 'a checkpoint of kind "depth"'],
          [2, ["--generator", `scene=${folder}/moved.safetensors`, "--count", "none"], "a number above 0"],
        ] as const
      ) assertStringIncludes(await failing(code, "explain", ...common, ...args), says);
      assertStringIncludes(await failing(2, "explain"), "--checkpoint");
    });
  });
});
