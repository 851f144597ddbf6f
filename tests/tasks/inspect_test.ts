import { orThrow } from "../../lib/errors.ts";
import { decodeRgbPng } from "../../lib/formats/png.ts";
import { assert, assertEquals, assertStringIncludes } from "../std.ts";
import { writePairs } from "./pairs.ts";
import { failing, runTask, succeeding, withFolder } from "./support.ts";

Deno.test("inspect counts what is in a folder, in a table, as JSON and as a picture", async () => {
  await withFolder(async (folder) => {
    await writePairs(`${folder}/data`);
    const [json, picture] = [`${folder}/survey.json`, `${folder}/sheet.png`];
    const out = await succeeding("inspect", `${folder}/data`, "--json", json, "--picture", picture);
    for (const part of ["samples", "kitchen", "office", "45×37", "no duplicates"]) assertStringIncludes(out, part);
    const { splits: { train, test } } = JSON.parse(await Deno.readTextFile(json));
    assertEquals([train.samples, test.samples], [3, 2]);
    assertEquals([train.scenes, test.scenes], [{ kitchen: 2, office: 1 }, { kitchen: 1, office: 1 }]);
    assertEquals(train.sizes, { "45×37": 3 });
    assertEquals(train.valid_share, Array.from({ length: 37 * 45 }).filter((_, at) => at % 7 !== 0).length / (37 * 45));
    assertEquals([train.nearest_m >= 1, train.farthest_m <= 4, test.nearest_m >= 6], [true, true, true]);
    const pixels = train.histogram.reduce((sum: number, bar: { pixels: number }) => sum + bar.pixels, 0);
    assertEquals(pixels, 3 * Array.from({ length: 37 * 45 }).filter((_, at) => at % 7 !== 0).length);
    const { height, width } = orThrow(decodeRgbPng(picture, await Deno.readFile(picture)));
    assert(height > 5 * 37 && width > 2 * 45, "five pairs below each other");
  });
});

Deno.test("inspect names every unreadable sample and every duplicate, and ends with status 1", async () => {
  await withFolder(async (folder) => {
    const data = `${folder}/data`;
    await writePairs(data);
    await Deno.copyFile(`${data}/0.png`, `${data}/1.png`);
    await Deno.copyFile(`${data}/0_depth.png`, `${data}/1_depth.png`);
    await Deno.truncate(`${data}/2_depth.png`, 100);
    await Deno.remove(`${data}/4.png`);
    const outcome = await runTask("inspect", [data]);
    assertEquals(outcome.code, 1);
    for (const part of ["2 samples that cannot be read", "line 4", "2_depth.png", "line 6", "4.png"]) {
      assertStringIncludes(outcome.err, part);
    }
    assertStringIncludes(outcome.out, "0.png = 1.png");
    assert(!outcome.err.includes("    at "), outcome.err);
  });
});

Deno.test("pack writes shards that inspect finds to hold the same, and refuses to write over them", async () => {
  await withFolder(async (folder) => {
    await writePairs(`${folder}/data`);
    const survey = async (data: string) => {
      await succeeding("inspect", data, "--json", `${folder}/survey.json`);
      return JSON.parse(await Deno.readTextFile(`${folder}/survey.json`)).splits;
    };
    await succeeding("pack", `${folder}/data`, "--out", `${folder}/shards`, "--per-shard", "2");
    const names = Array.from(Deno.readDirSync(`${folder}/shards`), ({ name }) => name).sort();
    assertEquals(names, ["shards.json", "test-000000.tar", "train-000000.tar", "train-000001.tar"]);
    assertEquals(await survey(`${folder}/shards`), await survey(`${folder}/data`));
    const problem = await failing(1, "pack", `${folder}/data`, "--out", `${folder}/shards`);
    assertStringIncludes(problem, "a folder of shards");
  });
});

Deno.test("a folder without data says what was looked for, and a wrong layout what was found", async () => {
  await withFolder(async (folder) => {
    const nothing = await failing(1, "inspect", folder);
    for (const part of ["no data set", "cityscapes", "nyu-labelled"]) assertStringIncludes(nothing, part);
    await writePairs(`${folder}/data`);
    const other = await failing(1, "inspect", `${folder}/data`, "--layout", "tum");
    for (const part of ["the layout csv", "the layout tum"]) assertStringIncludes(other, part);
  });
});

Deno.test("inspect takes the path of a list as it takes its folder", async () => {
  await withFolder(async (folder) => {
    const data = `${folder}/data`;
    await writePairs(data);
    await Deno.remove(`${data}/pairs.csv`);
    await Deno.writeTextFile(`${data}/nyu2_train.csv`, "0.png,0_depth.png\n1.png,1_depth.png\n");
    await Deno.writeTextFile(`${data}/nyu2_test.csv`, "3.png,3_depth.png\n");
    const tableOf = async (...args: readonly string[]): Promise<string> => {
      const out = await succeeding("inspect", ...args);
      return out.slice(out.indexOf(`${data}/nyu2_train.csv\n`));
    };
    const whole = await tableOf(data);
    assertStringIncludes(whole, "samples");
    assertEquals(await tableOf(`${data}/nyu2_train.csv`), whole);
    assertEquals(await tableOf(`${data}/nyu2_test.csv`, "--layout", "densedepth"), whole);
  });
});
