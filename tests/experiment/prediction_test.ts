import { E, TE } from "../../lib/dependencies/fp.ts";
import { failure, orThrow } from "../../lib/errors.ts";
import { checkPredicted, predictFiles } from "../../lib/experiment/prediction.ts";
import { planPrediction, type PredictionOptions, type PredictionPlan } from "../../lib/experiment/prediction_plan.ts";
import { decodeNpy } from "../../lib/formats/npy.ts";
import { decodeGrey16, encodeRgbPng } from "../../lib/formats/png.ts";
import { type Listener, silent } from "../../lib/train/listener.ts";
import { assert, assertEquals, assertRejects, assertStringIncludes, basename } from "../std.ts";
import { namesIn, pngOf, withFolder } from "../tasks/support.ts";
import { formatOf, redPredictor, writeImages } from "./prediction_support.ts";

const predict = redPredictor((red) => red / 10);

const planOf = async (folder: string, options: Partial<PredictionOptions> = {}): Promise<PredictionPlan> =>
  orThrow(await planPrediction([folder], { out: `${folder}/out`, formats: [formatOf("npy")], ...options })());

/** A listener that remembers what it is told, less the progress. */
const recording = (): { readonly told: readonly string[]; readonly listener: Listener } => {
  const told: string[] = [];
  return { told, listener: { ...silent, message: (line) => told.push(line) } };
};

Deno.test("each picture gets its depth at its own size, in each format", async () => {
  await withFolder(async (folder) => {
    writeImages(folder, "a.png", "b.png");
    const plan = await planOf(folder, { formats: [formatOf("npy"), formatOf("png16")] });
    const { predicted, failed } = orThrow(await predictFiles(predict, plan)());
    assertEquals([predicted.map(({ image }) => basename(image)), failed], [["a.png", "b.png"], []]);
    assertEquals(namesIn(`${folder}/out`), ["a_depth.npy", "a_depth16.png", "b_depth.npy", "b_depth16.png"]);
    const { shape, values } = orThrow(decodeNpy("b", await Deno.readFile(`${folder}/out/b_depth.npy`)));
    assertEquals([shape, values[0]], [[5, 6], Math.fround(12.8)]);
  });
});

Deno.test("pictures that cannot be read are given back with the reason, and the rest is predicted", async () => {
  await withFolder(async (folder) => {
    writeImages(folder, "a.png", "e.png");
    await Deno.writeFile(`${folder}/b.png`, pngOf(30, 30).subarray(0, 90));
    await Deno.writeFile(`${folder}/c.png`, new Uint8Array());
    await Deno.symlink("nowhere", `${folder}/d.png`);
    const plan = await planOf(folder);
    const result = orThrow(await predictFiles(predict, plan)());
    assertEquals(result.failed.map(({ image }) => basename(image)), ["b.png", "c.png", "d.png"]);
    assertEquals(namesIn(`${folder}/out`), ["a_depth.npy", "e_depth.npy"]);
    const checked = checkPredicted(result);
    assert(E.isLeft(checked));
    assertStringIncludes(checked.left.found, "3 of 5");
    ["ends", "empty", "no such file"].forEach((reason, at) =>
      assertStringIncludes(checked.left.details?.[at] ?? "", reason)
    );
  });
});

Deno.test("the first picture that cannot be read ends it if that is wanted", async () => {
  await withFolder(async (folder) => {
    writeImages(folder, "a.png", "c.png");
    await Deno.writeTextFile(`${folder}/b.png`, "no picture");
    const result = await predictFiles(predict, await planOf(folder), { onUnreadable: "fail" })();
    assert(E.isLeft(result));
    assertEquals(result.left.where, `${folder}/b.png`);
    assertEquals(namesIn(`${folder}/out`), ["a_depth.npy"]);
  });
});

Deno.test("a network without finite depths ends it at once, and nothing is written", async () => {
  await withFolder(async (folder) => {
    writeImages(folder, "a.png", "b.png");
    let calls = 0;
    const result = await predictFiles(() => {
      calls++;
      return TE.left(failure("numeric", "net.safetensors", "NaN", "finite depths"));
    }, await planOf(folder))();
    assert(E.isLeft(result));
    assertEquals([result.left.where, calls, namesIn(folder)], ["net.safetensors", 1, ["a.png", "b.png"]]);
  });
});

Deno.test("a picture that the device has no room for is told by its name, and the rest is predicted", async () => {
  await withFolder(async (folder) => {
    writeImages(folder, "a.png", "b.png");
    const result = orThrow(
      await predictFiles(
        (image) =>
          image.height === 4 ? TE.left(failure("device", "the prediction", "no room", "room")) : predict(image),
        await planOf(folder),
      )(),
    );
    const checked = checkPredicted(result);
    assert(E.isLeft(checked));
    assertStringIncludes(checked.left.details?.[0] ?? "", `${folder}/a.png: the prediction: found no room`);
    assertEquals(namesIn(`${folder}/out`), ["b_depth.npy"]);
  });
});

Deno.test("a bug amid the work leaves whole files and no others", async () => {
  await withFolder(async (folder) => {
    writeImages(folder, "a.png", "b.png");
    const bug = new Error("a bug");
    const broken = {
      ...formatOf("npy"),
      suffix: ".broken",
      encode: () => {
        throw bug;
      },
    };
    const plan = await planOf(folder, { formats: [formatOf("png16"), broken] });
    assert(await assertRejects(() => predictFiles(predict, plan)()) === bug);
    assertEquals(namesIn(`${folder}/out`), ["a_depth16.png"]);
    orThrow(decodeGrey16("a", await Deno.readFile(`${folder}/out/a_depth16.png`)));
  });
});

Deno.test("depth that a PNG cannot hold is told with its share of the pixels and what would hold it", async () => {
  await withFolder(async (folder) => {
    const pixels = new Uint8Array(10 * 10 * 3).fill(100);
    pixels.fill(200, 0, 3 * 25);
    await Deno.writeFile(`${folder}/a.png`, encodeRgbPng({ height: 10, width: 10, pixels }));
    await Deno.writeFile(`${folder}/b.png`, encodeRgbPng({ height: 10, width: 10, pixels: pixels.map(() => 100) }));
    const far = redPredictor((red) => red / 2);
    const told = async (unitsPerMetre: number, ...formats: readonly string[]): Promise<readonly string[]> => {
      const { told, listener } = recording();
      const options = { formats: formats.map(formatOf), encoding: { legend: false, unitsPerMetre }, overwrite: true };
      orThrow(await predictFiles(far, await planOf(folder, options), { listener })());
      return told;
    };
    assertEquals(await told(1000, "png16", "npy", "color"), [
      "png16: 13 % of the pixels, in 1 of 2 depth maps, are farther than 65.535 m and were cut to it; " +
      "--png-scale 500 holds up to 131.07 m",
    ]);
    assertEquals(await told(500, "png16"), []);
    assertEquals(await told(1000, "npy", "color"), []);
  });
});
