import { metricNames } from "../../lib/metrics/depth_metrics.ts";
import { describeProtocol, protocols } from "../../lib/metrics/protocols.ts";
import { type MetricSum, summarize } from "../../lib/metrics/summary.ts";
import { assert, assertAlmostEquals, assertEquals, assertStringIncludes } from "../std.ts";
import { failing, namesIn, succeeding, tinier, withFolder, writeConfiguration } from "./support.ts";

/** What evaluate writes as JSON, as far as this test reads it. */
interface Written {
  readonly protocol: string;
  readonly rel: number;
  readonly images: number;
  readonly images_without_truth: number;
  readonly pixels: number;
  readonly sum: MetricSum;
}

/** The rows of a CSV without quotes, as records. */
const rowsOf = (text: string): readonly Readonly<Record<string, string>>[] => {
  const [heading = "", ...lines] = text.trimEnd().split("\n");
  const names = heading.split(",");
  assertEquals(names, ["image", "valid_pixels", "scale", ...metricNames]);
  return lines.map((line) => Object.fromEntries(line.split(",").map((cell, at) => [names[at] ?? "", cell])));
};

/** Metrics of a file that evaluate wrote, against the rows of its images. */
const checkAgainstImages = (name: string, written: Written, rows: readonly Readonly<Record<string, string>>[]) => {
  assertEquals([written.protocol, written.images, rows.length], [name, 2, 2]);
  const counts = rows.map(({ valid_pixels }) => Number(valid_pixels));
  assertEquals(counts.reduce((sum, count) => sum + count, 0), written.pixels);
  const weights = counts.map((count) => name === "nyu-pooled" ? count / written.pixels : 1 / 2);
  const rel = rows.reduce((sum, row, at) => sum + Number(row.rel) * (weights[at] ?? NaN), 0);
  assertAlmostEquals(written.rel, rel, 1e-9);
  assert(written.rel > 0);
};

const size = { height: 480, width: 640 };
const pixels: Readonly<Record<string, number>> = {
  "own-size": 480 * 640,
  "cliffnet": 228 * 304,
  "cityscapes-80m": 480 * 640,
};

Deno.test("evaluate measures by each protocol, says it in full, and writes a line an image", async (t) => {
  await withFolder(async (folder) => {
    const config = await writeConfiguration(folder, tinier);
    await succeeding("train", "--config", config, "--out", `${folder}/run`, "--backend", "wasm");
    const common = ["--checkpoint", `${folder}/run/checkpoint.safetensors`, "--backend", "wasm"];
    const large = ["--set", `data.height=${size.height}`, "--set", `data.width=${size.width}`];

    for (const [name, protocol] of Object.entries(protocols)) {
      await t.step(name, async () => {
        const [csv, json] = [`${folder}/${name}.csv`, `${folder}/${name}.json`];
        const said = await succeeding(
          "evaluate",
          ...common,
          ...large,
          "--protocol",
          name,
          "--csv",
          csv,
          "--json",
          json,
        );
        assertStringIncludes(said, describeProtocol({ ...protocol, clipsToData: false }));
        const written: Written = JSON.parse(await Deno.readTextFile(json));
        checkAgainstImages(name, written, rowsOf(await Deno.readTextFile(csv)));
        assertAlmostEquals(summarize(protocol, written.sum)?.rel ?? NaN, written.rel, 1e-12);
        assertStringIncludes(said, `2 images, ${written.pixels} valid pixels`);
        assertStringIncludes(said, written.rel.toFixed(4));
        if (name in pixels) assertEquals(written.pixels, 2 * (pixels[name] ?? NaN));
        else assert(written.pixels > 1000 && written.pixels <= 2 * 426 * 560);
      });
    }

    await t.step("without --protocol images are compared at their own size", async () => {
      const said = await succeeding("evaluate", ...common, "--set", "evaluation.far=8");
      assertStringIncludes(said, "protocol own-size");
      assertStringIncludes(said, "predictions to 0.001…8 m");
    });

    await t.step("a crop that is for another size is refused with the image's name and size", async () => {
      const csv = `${folder}/none.csv`;
      const problem = await failing(1, "evaluate", ...common, "--protocol", "nyu-eigen", "--csv", csv);
      for (const part of ["32×40", "480×640"]) assertStringIncludes(problem, part);
      assert(!namesIn(folder).includes("none.csv"));
    });

    await t.step("a protocol that does not exist is refused with the names of those that do", async () => {
      const problem = await failing(2, "evaluate", ...common, "--protocol", "eigen");
      for (const name of ["--protocol", '"eigen"', ...Object.keys(protocols)]) assertStringIncludes(problem, name);
    });
  });
});
