import { encode } from "fast-png";
import { csvDataset } from "../../lib/data/csv.ts";
import type { Dataset } from "../../lib/data/dataset.ts";
import { describe, type Failure, orThrow } from "../../lib/errors.ts";
import { encodeGrey16Png, encodeRgbPng } from "../../lib/formats/png.ts";
import { assertEquals, assertStringIncludes } from "../std.ts";

const picture = encodeRgbPng({ height: 2, width: 3, pixels: Uint8Array.from({ length: 18 }, (_, at) => 10 * at) });
const depthMap = encodeGrey16Png(2, 3, Uint16Array.of(0, 500, 1000, 2250, 65535, 1));

/** Files of a data set that is right, by name. */
const files: Readonly<Record<string, Uint8Array | string>> = {
  "rooms.csv": "image,depth,scene,split\na.png,a_depth.png,kitchen,train\nb.png,b_depth.png,office,test\n",
  "a.png": picture,
  "b.png": picture,
  "a_depth.png": depthMap,
  "b_depth.png": depthMap,
};

/** Opens a data set of these files, in place of or beside those that are right; `null` leaves one out. */
const withDataset = async (
  changed: Readonly<Record<string, Uint8Array | string | null>>,
  use: (open: (depthScale?: number) => ReturnType<ReturnType<typeof csvDataset>>, folder: string) => Promise<void>,
): Promise<void> => {
  const folder = await Deno.makeTempDir();
  try {
    for (const [name, bytes] of Object.entries({ ...files, ...changed })) {
      if (typeof bytes === "string") await Deno.writeTextFile(`${folder}/${name}`, bytes);
      else if (bytes !== null) await Deno.writeFile(`${folder}/${name}`, bytes);
    }
    await use((depthScale = 1000) => csvDataset({ folder, list: "rooms.csv", depthScale })(), folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
};

/** What goes wrong when the first training sample is read. */
const readingFails = async (dataset: Dataset): Promise<Failure> => {
  const result = await dataset.train.read(0)();
  if (result._tag === "Right") throw new Error("the sample was read");
  return result.left;
};

/** What goes wrong with the first training sample, less the folder's name. */
const failureWith = async (changed: Readonly<Record<string, Uint8Array | string | null>>): Promise<Failure> => {
  const failures: Failure[] = [];
  await withDataset(changed, async (open, folder) => {
    const opened = await open();
    const found = opened._tag === "Left" ? opened.left : await readingFails(opened.right);
    failures.push({ ...found, where: found.where.replace(`${folder}/`, "") });
  });
  const [found] = failures;
  if (found === undefined) throw new Error("nothing failed");
  return found;
};

Deno.test("a sample has the picture's levels, depth in metres, and 0 for what was not measured", async () => {
  await withDataset({}, async (open) => {
    const sample = orThrow(await orThrow(await open()).train.read(0)());
    assertEquals([...sample.image.pixels], Array.from({ length: 18 }, (_, at) => 10 * at));
    assertEquals([...sample.depth.metres], [0, 0.5, 1, 2.25, 65.535, 0.001].map(Math.fround));
    assertEquals([sample.image.height, sample.image.width, sample.depth.height, sample.depth.width], [2, 3, 2, 3]);
    assertEquals([sample.name, sample.scene, sample.intrinsics], ["a.png", "kitchen", null]);
  });
});

Deno.test("the depth scale says how many units are a metre", async () => {
  await withDataset({}, async (open) => {
    const sample = orThrow(await orThrow(await open(5000)).test.read(0)());
    assertEquals([...sample.depth.metres], [0, 0.1, 0.2, 0.45, 13.107, 0.0002].map(Math.fround));
  });
});

Deno.test("splits have their own lines in order, and the scenes are the sorted labels of training", async () => {
  const rows = [
    "b.png,a_depth.png,office,train",
    "a.png,a_depth.png,kitchen,test",
    "a.png,a_depth.png,bath,train",
    "a.png,a_depth.png,attic,val",
    "b.png,a_depth.png,office,train",
    "b.png,a_depth.png,cellar,test",
  ];
  await withDataset({ "rooms.csv": ["image,depth,scene,split", ...rows].join("\n") }, async (open) => {
    const { scenes, train, test, omitted } = orThrow(await open());
    assertEquals(omitted, [{ what: "lines of val, neither trained nor tested on", count: 1 }]);
    assertEquals([scenes, train.size, test.size], [["bath", "office"], 3, 2]);
    const names = [train.read(0), train.read(1), test.read(0), test.read(1)];
    const read = await Promise.all(names.map(async (each) => orThrow(await each()).name));
    assertEquals(read, ["b.png", "a.png", "a.png", "b.png"]);
  });
});

Deno.test("a missing list, and a list that is no text, are named", async () => {
  const missing = await failureWith({ "rooms.csv": null });
  assertEquals([missing.kind, missing.where], ["missing", "rooms.csv"]);
  const binary = await failureWith({ "rooms.csv": Uint8Array.of(0xff, 0xfe, 0x00, 0x80) });
  assertEquals([binary.kind, binary.where], ["format", "rooms.csv"]);
});

Deno.test("missing files are named, the picture's and the depth map's", async () => {
  for (const name of ["a.png", "a_depth.png"]) {
    const found = await failureWith({ [name]: null });
    assertEquals([found.kind, found.where, found.found], ["missing", name, "no such file"]);
  }
});

Deno.test("truncated files, empty files and files of another kind are named", async () => {
  for (const [name, whole] of [["a.png", picture], ["a_depth.png", depthMap]] as const) {
    for (const bytes of [whole.subarray(0, whole.length - 20), new Uint8Array(0), "GIF89a and more"]) {
      const found = await failureWith({ [name]: bytes });
      assertEquals([found.kind, found.where], ["format", name]);
    }
  }
});

Deno.test("a depth map of another size than its picture is named with both sizes", async () => {
  const found = await failureWith({ "a_depth.png": encodeGrey16Png(3, 2, Uint16Array.of(1, 2, 3, 4, 5, 6)) });
  assertEquals([found.kind, found.where], ["data", "a_depth.png"]);
  assertStringIncludes(found.found, "2×3");
  assertStringIncludes(found.expected, "3×2");
});

Deno.test("a depth map without any measurement is named", async () => {
  const found = await failureWith({ "a_depth.png": encodeGrey16Png(2, 3, new Uint16Array(6)) });
  assertEquals([found.kind, found.where], ["data", "a_depth.png"]);
  assertStringIncludes(describe(found), "no valid depth");
});

Deno.test("a picture where depth should be is named", async () => {
  const found = await failureWith({ "a_depth.png": picture });
  assertEquals([found.kind, found.where], ["format", "a_depth.png"]);
  assertStringIncludes(found.found, "colour");
});

Deno.test("depth of 8 bits has the same units as depth of 16", async () => {
  const data = Uint8Array.of(0, 50, 100, 150, 200, 255);
  const grey = encode({ width: 3, height: 2, data, channels: 1, depth: 8 });
  await withDataset({ "a_depth.png": grey }, async (open) => {
    const { depth } = orThrow(await orThrow(await open(100)).train.read(0)());
    assertEquals([...depth.metres], [0, 0.5, 1, 1.5, 2, 2.55].map(Math.fround));
  });
});

Deno.test("depth of 8 bits that cannot reach a metre at the declared scale is named, with its line", async () => {
  const data = Uint8Array.of(0, 50, 100, 150, 200, 255);
  const found = await failureWith({ "a_depth.png": encode({ width: 3, height: 2, data, channels: 1, depth: 8 }) });
  assertEquals([found.kind, found.where], ["data", "a_depth.png"]);
  for (const part of ["8 bits", "1000 units", "rooms.csv, line 2"]) assertStringIncludes(describe(found), part);
});
