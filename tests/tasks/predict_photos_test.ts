import { type Orientation, upright } from "../../lib/formats/orientation.ts";
import { decodeRgbPng, encodeRgbPng } from "../../lib/formats/png.ts";
import { exifOf, pngWithExif } from "../formats/exif_support.ts";
import { rightOf } from "../formats/support.ts";
import { assertEquals, assertStringIncludes } from "../std.ts";
import { pngOf, runTask, succeeding, tinier, withFolder, writeConfiguration } from "./support.ts";

/** What undoes each orientation. */
const undoing: Readonly<Record<Orientation, Orientation>> = { 1: 1, 2: 2, 3: 3, 4: 4, 5: 5, 6: 8, 7: 7, 8: 6 };

/** A network that has learned nothing, and what `predict` needs to use it. */
const trained = async (folder: string): Promise<readonly string[]> => {
  const config = await writeConfiguration(folder, tinier);
  await succeeding("train", "--config", config, "--out", `${folder}/run`);
  return ["--checkpoint", `${folder}/run/checkpoint.safetensors`, "--backend", "wasm"];
};

Deno.test("a photo has one depth map, however its pixels are stored", async () => {
  await withFolder(async (folder) => {
    const checkpoint = await trained(folder);
    const plain = rightOf(decodeRgbPng("plain", pngOf(37, 45)));
    const photos = `${folder}/photos`;
    await Deno.mkdir(photos);
    await Deno.writeFile(`${photos}/plain.png`, encodeRgbPng(plain));
    const orientations = [1, 2, 3, 4, 5, 6, 7, 8] as const;
    for (const orientation of orientations) {
      const stored = encodeRgbPng(upright(undoing[orientation])(plain));
      await Deno.writeFile(`${photos}/photo${orientation}.png`, pngWithExif(stored, exifOf(orientation)));
    }
    await succeeding("predict", ...checkpoint, "--format", "npy", "--out", `${folder}/depth`, photos);
    const expected = await Deno.readFile(`${folder}/depth/plain_depth.npy`);
    for (const orientation of orientations) {
      assertEquals(await Deno.readFile(`${folder}/depth/photo${orientation}_depth.npy`), expected, `${orientation}`);
    }
  });
});

Deno.test("an image of more pixels than allowed is named with the limit and the flag that raises it", async () => {
  await withFolder(async (folder) => {
    const checkpoint = await trained(folder);
    await Deno.writeFile(`${folder}/photo.png`, pngOf(37, 45));
    const predict = async (most: string) =>
      await runTask("predict", [
        ...[...checkpoint, "--out", `${folder}/depth`],
        ...["--max-megapixels", most, `${folder}/photo.png`],
      ]);
    const refused = await predict("0.001");
    assertEquals(refused.code, 1);
    for (const part of ["photo.png", "45 wide and 37 high", "0.001 megapixels", "--max-megapixels"]) {
      assertStringIncludes(refused.err, part);
    }
    assertEquals((await predict("0.002")).code, 0);
    for (const strange of ["0", "many", "1001"]) assertEquals((await predict(strange)).code, 2);
  });
});
