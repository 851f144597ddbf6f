import { E } from "../../lib/dependencies/fp.ts";
import { describe, type Failure, orThrow } from "../../lib/errors.ts";
import { planPrediction, type PredictionOptions } from "../../lib/experiment/prediction_plan.ts";
import { assert, assertEquals, assertStringIncludes, basename } from "../std.ts";
import { namesIn, withFolder } from "../tasks/support.ts";
import { formatOf, ownPng, writeImages } from "./prediction_support.ts";

const formats = [formatOf("color"), formatOf("npy")];

/** The pictures of a plan and all its results, by name. */
const planned = async (
  folder: string,
  options: Partial<PredictionOptions> = {},
  paths: readonly string[] = [folder],
): Promise<readonly (readonly string[])[]> => {
  const { images } = orThrow(await planPrediction(paths, { out: folder, formats, ...options })());
  return images.map(({ image, results }) => [image, ...results.map(({ path }) => path)].map((path) => basename(path)));
};

const refusal = async (
  folder: string,
  options: Partial<PredictionOptions> = {},
  paths: readonly string[] = [folder],
): Promise<Failure> => {
  const before = namesIn(folder);
  const plan = await planPrediction(paths, { out: folder, formats, ...options })();
  assert(E.isLeft(plan));
  assertEquals(namesIn(folder), before);
  return plan.left;
};

Deno.test("a plan replaces PNGs that predict wrote, and makes nothing before it is carried out", async () => {
  await withFolder(async (folder) => {
    writeImages(folder, "a.png");
    await Deno.writeFile(`${folder}/a_depth.png`, ownPng());
    assertEquals(await planned(folder), [["a.png", "a_depth.png", "a_depth.npy"]]);
    assertEquals(await planned(folder, { out: `${folder}/new` }), [["a.png", "a_depth.png", "a_depth.npy"]]);
    assertEquals(namesIn(folder), ["a.png", "a_depth.png"]);
  });
});

Deno.test("all files that others wrote are listed at once, and only they, unless they may be overwritten", async () => {
  await withFolder(async (folder) => {
    writeImages(folder, "a.png", "b.png", "c.png");
    const out = `${folder}/out`;
    await Deno.mkdir(out);
    writeImages(out, "a_depth.png");
    await Deno.writeFile(`${out}/b_depth.png`, ownPng());
    await Deno.writeTextFile(`${out}/c_depth.npy`, "an array");
    await Deno.writeTextFile(`${out}/unrelated.npy`, "an array");
    await Deno.symlink("b_depth.png", `${out}/c_depth.png`);
    const { kind, where, details, ...problem } = await refusal(folder, { out });
    assertEquals([kind, where], ["file", out]);
    const why = "a file that predict is not known to have written";
    const link = `${out}/c_depth.png: a link to another file, which would be replaced`;
    assertEquals(details, [`${out}/a_depth.png: ${why}`, link, `${out}/c_depth.npy: ${why}`]);
    assertStringIncludes(describe({ kind, where, ...problem }), "--overwrite");
    assertEquals((await refusal(folder, { out, overwrite: true })).details, [link]);
    await Deno.remove(`${out}/c_depth.png`);
    assertEquals((await planned(folder, { out, overwrite: true })).length, 3);
  });
});

Deno.test("the list of what is in the way is bounded", async () => {
  await withFolder(async (folder) => {
    writeImages(folder, ...Array.from({ length: 40 }, (_, at) => `${at}.png`));
    const out = `${folder}/out`;
    await Deno.mkdir(out);
    for (let at = 0; at < 40; at++) await Deno.writeTextFile(`${out}/${at}_depth.npy`, "");
    const { found, details = [] } = await refusal(folder, { out });
    assertStringIncludes(found, "40");
    assertEquals([details.length, details.at(-1)], [11, "and 30 more"]);
  });
});

Deno.test("a folder in the place of a result is never replaced", async () => {
  await withFolder(async (folder) => {
    writeImages(folder, "a.png");
    await Deno.mkdir(`${folder}/a_depth.npy`);
    for (const overwrite of [false, true]) {
      assertEquals((await refusal(folder, { overwrite })).details, [`${folder}/a_depth.npy: a folder`]);
    }
  });
});

Deno.test("a data set's depth is not replaced; where it may be, it is no picture to predict", async () => {
  await withFolder(async (folder) => {
    writeImages(folder, "0000.png", "0000_depth.png", "0000_depth_depth.png", "0001.png");
    const why = "one of the pictures to predict";
    const { details } = await refusal(folder);
    assertEquals(details, ["0000_depth.png", "0000_depth_depth.png"].map((name) => `${folder}/${name}: ${why}`));
    const { images, leftOut } = orThrow(await planPrediction([folder], { out: folder, formats, overwrite: true })());
    // The depth of the depth is in no one's way then.
    assertEquals(images.map(({ image }) => basename(image)), ["0000.png", "0000_depth_depth.png", "0001.png"]);
    assertEquals(leftOut, [{ path: `${folder}/0000_depth.png`, kind: "pictures that results replace" }]);
  });
});

Deno.test("a picture is seen to be in the way by whatever path it was named", async () => {
  await withFolder(async (folder) => {
    const [image = ""] = writeImages(folder, "a.png");
    await Deno.mkdir(`${folder}/other`);
    writeImages(folder, "a_depth.png");
    await Deno.symlink("../a_depth.png", `${folder}/other/link.png`);
    const { details } = await refusal(folder, {}, [image, `${folder}/other/link.png`]);
    assertEquals(details, [`${folder}/a_depth.png: one of the pictures to predict`]);
    const names = await planned(folder, { overwrite: true }, [image, `${folder}/other/link.png`]);
    assertEquals(names, [["a.png", "a_depth.png", "a_depth.npy"]]);
  });
});

Deno.test("a file where the folder of the results should be is an error that names it", async () => {
  await withFolder(async (folder) => {
    const [image = ""] = writeImages(folder, "a.png");
    const { kind, where } = await refusal(folder, { out: image });
    assertEquals(kind, "file");
    assertStringIncludes(where, image);
  });
});
