/** Every kind of generator in one loss, from pretraining to checkpoints that are used again. */
import { assert, assertEquals, assertStringIncludes } from "../std.ts";
import { failing, namesIn, succeeding, tiny, withFolder, writeConfiguration } from "./support.ts";

const wasm = ["--backend", "wasm"];

const made = ["scene", "reconstruction", "image", "random"] as const;
const all = [...made, "sobel", "multi-scale-sobel"] as const;

const small = { widths: [4, 6], steps: 2, batch: 2 };

const configuration = {
  ...tiny,
  generators: { scene: small, reconstruction: small, image: small, random: { ...small, steps: 3 } },
  loss: [
    { kind: "l1" },
    ...all.map((generator) => ({
      kind: "hierarchical",
      generator,
      weights: generator === "sobel" ? [0, 1] : generator === "multi-scale-sobel" ? [0, 1, 1, 1, 1] : [0, 10, 15],
      weight: 0.02,
      warmup: 0,
    })),
  ],
  training: { steps: 2, batch: 2 },
  evaluation: { pictures: 0 },
};

interface LogLine {
  readonly phase: string;
  readonly loss: number;
  readonly terms: Readonly<Record<string, number>>;
}

Deno.test("every kind of generator makes a loss, all in one run", async (t) => {
  await withFolder(async (folder) => {
    const config = await writeConfiguration(folder, configuration);
    const out = `${folder}/run`;
    const said = await succeeding("train", "--config", config, "--out", out, ...wasm);

    await t.step("train says what each has learned", () => {
      for (
        const part of [
          "HEG-S recognizes",
          "HEG-R reconstructs",
          "the HEG of grey images recognizes",
          "the random HEG has learned nothing; its batch norms have tracked 3 batches",
          "HEG-R's bottleneck holds 1.5 numbers for each pixel",
        ]
      ) assertStringIncludes(said, part);
    });

    await t.step("each is a term that pulls", async () => {
      const lines: readonly LogLine[] = (await Deno.readTextFile(`${out}/log.jsonl`)).trim().split("\n").map((line) =>
        JSON.parse(line)
      );
      assertEquals([...new Set(lines.map(({ phase }) => phase))], ["scene", "reconstruction", "image", "depth"]);
      for (const { terms } of lines.filter(({ phase }) => phase === "depth")) {
        assertEquals(Object.keys(terms), ["l1", ...all]);
        assert(Object.values(terms).every((value) => value > 0 && Number.isFinite(value)));
      }
    });

    await t.step("each that is made leaves its checkpoint and its figures", async () => {
      const files = namesIn(out).filter((name) => name.startsWith("heg-"));
      assertEquals(files, made.map((name) => `heg-${name}.safetensors`).toSorted());
      const { generators } = JSON.parse(await Deno.readTextFile(`${out}/metrics.json`));
      assertEquals(Object.keys(generators), [...made]);
      assertEquals(Object.keys(generators.image), ["accuracy", "mostFrequent"]);
      assertEquals(generators.random, { batches: 3 });
      assertEquals(generators.reconstruction.codePerPixel, 1.5);
    });

    await t.step("pretrain makes the same ones alone", async () => {
      for (const generator of ["image", "random"]) {
        const alone = `${folder}/${generator}`;
        await succeeding("pretrain", "--config", config, "--out", alone, "--generator", generator, ...wasm);
        const name = `heg-${generator}.safetensors`;
        const list = async (path: string) => (await succeeding("convert", path, "--list")).split("__metadata__")[0];
        assertEquals(namesIn(alone).includes(name), true);
        assertEquals(await list(`${alone}/${name}`), await list(`${out}/${name}`));
        const [first, second] = await Promise.all([out, alone].map((run) => Deno.readFile(`${run}/${name}`)));
        assertEquals(first, second);
      }
    });

    await t.step("a checkpoint is used again for its own kind, and refused for another", async () => {
      const only = (generator: string) => [
        "--set",
        `loss=[{"kind":"hierarchical","generator":"${generator}","weights":[1,1]}]`,
      ];
      const args = ["--config", config, "--out", `${folder}/second`, "--fresh", ...wasm];
      const path = `${out}/heg-random.safetensors`;
      const heard = await succeeding(
        "train",
        ...args,
        ...only("random"),
        "--set",
        `generators.random.checkpoint=${path}`,
      );
      assertStringIncludes(heard, `the random HEG from ${path}`);
      const problem = await failing(
        1,
        "train",
        ...args,
        ...only("image"),
        "--set",
        `generators.image.checkpoint=${path}`,
      );
      for (const part of [path, '"random"', '"image"']) assertStringIncludes(problem, part);
    });
  });
});
