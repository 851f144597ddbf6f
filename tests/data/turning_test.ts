import { linearDepth, readPair } from "../../lib/data/pair.ts";
import { decodeSample } from "../../lib/data/shards/shard_sample.ts";
import { joinSurveys, surveyJson, surveyMonoid, surveyOf, surveyTable } from "../../lib/data/survey.ts";
import { layOnDepth, type Turning } from "../../lib/data/turning.ts";
import { type Orientation, upright } from "../../lib/formats/orientation.ts";
import { encodeGrey16Png, encodeRgbPng } from "../../lib/formats/png.ts";
import type { DepthImage, RgbImage } from "../../lib/formats/raster.ts";
import { exifOf, pngWithExif } from "../formats/exif_support.ts";
import { rightOf } from "../formats/support.ts";
import { assertEquals, assertStringIncludes } from "../std.ts";
import { sampleOf } from "./support.ts";

const [height, width] = [3, 5];
const image: RgbImage = { height, width, pixels: Uint8Array.from({ length: 45 }, (_, at) => at * 5) };

const depthOf = (rows: number, columns: number): DepthImage => ({
  height: rows,
  width: columns,
  metres: new Float32Array(rows * columns).fill(2),
});

const depthPng = (rows: number, columns: number): Uint8Array =>
  encodeGrey16Png(rows, columns, new Uint16Array(rows * columns).fill(2000));

const lying = depthOf(height, width);
const standing = depthOf(width, height);

Deno.test("on depth of the same shape a picture stays as it is stored, whatever its file asks for", () => {
  for (const orientation of [2, 3, 4, 5, 6, 7, 8] as const) {
    const { image: laid, turning } = layOnDepth({ image, orientation }, lying);
    assertEquals([laid, turning], [image, { orientation, turned: false }]);
  }
  assertEquals(layOnDepth({ image, orientation: 1 }, lying), { image });
});

Deno.test("on depth that stands where it lies a picture is turned as its file asks, if that is a quarter", () => {
  for (const orientation of [5, 6, 7, 8] as const) {
    const { image: laid, turning } = layOnDepth({ image, orientation }, standing);
    assertEquals([laid, turning], [upright(orientation)(image), { orientation, turned: true }]);
  }
  for (const orientation of [1, 2, 3, 4] as const) {
    assertEquals(layOnDepth({ image, orientation }, standing).image, image);
  }
});

const withFolder = async (use: (folder: string) => Promise<void>): Promise<void> => {
  const folder = await Deno.makeTempDir();
  try {
    await use(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
};

const tagged = (orientation: Orientation): Uint8Array => pngWithExif(encodeRgbPng(image), exifOf(orientation, "II"));

Deno.test("pairs of files and samples of shards are laid on their depth alike", async () => {
  await withFolder(async (folder) => {
    const files = { image: `${folder}/image.png`, depth: `${folder}/depth.png` };
    const cases = [[6, height, width], [6, width, height], [3, height, width], [1, height, width]] as const;
    for (const [orientation, rows, columns] of cases) {
      const [png, depth] = [tagged(orientation), depthPng(rows, columns)];
      await Deno.writeFile(files.image, png);
      await Deno.writeFile(files.depth, depth);
      const expected = layOnDepth({ image, orientation }, depthOf(rows, columns));
      const pair = rightOf(await readPair(files, linearDepth(1000))());
      const sample = rightOf(await decodeSample("a shard", "0", { png, "depth.png": depth })());
      for (const read of [pair, sample]) {
        assertEquals([read.image, read.turning], [expected.image, expected.turning]);
      }
    }
  });
});

Deno.test("a survey tells what was done with how many pictures, and nothing where there was nothing to do", async () => {
  const plain = sampleOf(1, 1, () => 7, () => 0.75);
  const asked = (turning: Turning) => ({ ...plain, turning });
  const samples = [plain, asked({ orientation: 6, turned: true }), asked({ orientation: 3, turned: false })];
  const train = joinSurveys(await Promise.all([...samples, ...samples.slice(1, 2)].map(surveyOf)));
  const splits = { train, test: surveyMonoid.empty };
  assertEquals([...train.turnings.values()], [2, 1]);
  const table = surveyTable("a test", splits);
  assertStringIncludes(table, "EXIF orientation");
  assertStringIncludes(table, "6: turned, as its depth is");
  assertStringIncludes(table, "3: left as stored, as its depth is");
  assertStringIncludes(
    JSON.stringify(surveyJson({ name: "a test" }, splits)),
    '"exif_orientations":{"6: turned, as its depth is":2',
  );
  const none = surveyTable("a test", { train: await surveyOf(plain), test: surveyMonoid.empty });
  assertEquals(none.includes("EXIF"), false);
});
