import fc from "fast-check";
import type { Dataset } from "../../lib/data/dataset.ts";
import { rangeWithin, withinRange } from "../../lib/data/depth_range.ts";
import { layoutOf, layouts } from "../../lib/data/layouts.ts";
import { openData } from "../../lib/data/open_data.ts";
import { publishedRange } from "../../lib/data/published_ranges.ts";
import { E } from "../../lib/dependencies/fp.ts";
import { describe, orThrow } from "../../lib/errors.ts";
import { decodeConfiguration } from "../../lib/experiment/configuration_file.ts";
import { encodeGrey16Png, encodeRgbPng } from "../../lib/formats/png.ts";
import { assert, assertEquals, assertStringIncludes } from "../std.ts";
import { grey16, picture, sampleAt, type Tree, withTree } from "./layout_support.ts";
import { sampleOf } from "./support.ts";

/** Data in a folder, read by this thread, with some fields of `data`. */
const opened = async (folder: string, fields: Readonly<Record<string, unknown>> = {}) => {
  const { data } = orThrow(decodeConfiguration("test", { data: { kind: "files", folder, ...fields } }));
  return await openData(data, { workers: 0 })();
};

const original = async (folder: string, fields?: Readonly<Record<string, unknown>>): Promise<Dataset> =>
  orThrow(await opened(folder, fields)).original;

const depthOf = async (folder: string, fields?: Readonly<Record<string, unknown>>) => {
  const { depth, outOfRange } = await sampleAt(await original(folder, fields), "train", 0);
  return [[...depth.metres].map((metres) => Number(metres.toFixed(3))), outOfRange];
};

/** A pair of 3 × 2 pixels: half a metre, 8, 10, 30, 65.535 and nothing, in millimetres. */
const pair: Tree = { "a.png": picture, "d.png": grey16(500, 8000, 10000, 30000, 65535, 0) };
const csv: Tree = { ...pair, "list.csv": "image,depth,split\na.png,d.png,train\na.png,d.png,test\n" };
const bts: Tree = { ...pair, "list.txt": "a.png d.png 500\na.png d.png 500\n" };

Deno.test("what is measured outside the configured range is no measurement, and is counted", async () => {
  await withTree(csv, async (folder) => {
    assertEquals(await depthOf(folder), [[0.5, 8, 10, 30, 65.535, 0], undefined]);
    assertEquals(await depthOf(folder, { maxDepth: 10 }), [[0.5, 8, 10, 0, 0, 0], 2]);
    assertEquals(await depthOf(folder, { minDepth: 8, maxDepth: 30 }), [[0, 8, 10, 30, 0, 0], 2]);
    assertEquals(await depthOf(folder, { minDepth: 1 }), [[0, 8, 10, 30, 65.535, 0], 1]);
    const ranges = await Promise.all([{}, { maxDepth: 10 }, { minDepth: 1 }].map((each) => original(folder, each)));
    assertEquals(ranges.map(({ range }) => range), [null, { near: 0, far: 10 }, { near: 1, far: Infinity }]);
  });
});

Deno.test("lists as those of BTS have NYU's range by millimetres, KITTI's by 256 a metre, and one's own by the fields", async () => {
  await withTree(bts, async (folder) => {
    assertEquals(await depthOf(folder), [[0.5, 8, 10, 0, 0, 0], 2]);
    assertEquals(await depthOf(folder, { depthScale: 1000, maxDepth: 40 }), [[0.5, 8, 10, 30, 0, 0], 1]);
    assertEquals(await depthOf(folder, { depthScale: 256 }), [[1.953, 31.25, 39.063, 0, 0, 0], 2]);
    assertEquals(await depthOf(folder, { depthScale: 500 }), [[1, 16, 20, 60, 131.07, 0], undefined]);
  });
});

Deno.test("the published ranges are those of the data sets, and one's own layouts have none", () => {
  const ranges = layouts.map((name) => [name, publishedRange(layoutOf(name), 0)?.far ?? null]);
  assertEquals(Object.fromEntries(ranges), {
    ...{ "nyu-labelled": 10, bts: 10, densedepth: 10, tum: null },
    ...{ sunrgbd: 8, cityscapes: 80, csv: null, shards: null },
  });
});

Deno.test("a range with nothing in it is refused with both of its ends", async () => {
  for (const bounds of [{ minDepth: 3, maxDepth: 2 }, { minDepth: 12 }]) {
    const result = rangeWithin("rooms", bounds, { near: 0, far: 10 });
    assert(E.isLeft(result));
    assertStringIncludes(describe(result.left), String(bounds.minDepth));
  }
  await withTree(csv, async (folder) => {
    const result = await opened(folder, { minDepth: 3, maxDepth: 2 });
    assert(E.isLeft(result) && result.left.kind === "data");
  });
});

Deno.test("a range keeps its own ends, however they are rounded, and all between them", () => {
  fc.assert(fc.property(
    fc.array(fc.double({ min: 0, max: 100, noNaN: true }), { minLength: 1, maxLength: 20 }),
    fc.double({ min: 0, max: 50, noNaN: true }),
    fc.double({ min: 50.1, max: 90, noNaN: true }),
    (depths, near, far) => {
      const all = [...depths, near, far];
      const sample = sampleOf(1, all.length, () => 0, (_, column) => all[column] ?? NaN);
      const { depth, outOfRange = 0 } = withinRange({ near, far })(sample);
      const [least, most] = [Math.fround(near), Math.fround(far)];
      const stored = [...sample.depth.metres];
      assertEquals([...depth.metres], stored.map((g) => g < least || g > most ? 0 : g));
      assertEquals(outOfRange, stored.filter((g) => g > 0 && (g < least || g > most)).length);
      assertEquals([...depth.metres].slice(-2), [least, most]);
    },
  ));
});

/** Maps of 80 × 36 pixels: one measured in its corner, which is no centre at 40 × 32, and one everywhere. */
const sparse = async (use: (folder: string) => Promise<void>): Promise<void> => {
  const [height, width] = [36, 80];
  const grey = (level: (at: number) => number) =>
    encodeGrey16Png(height, width, Uint16Array.from({ length: height * width }, (_, at) => level(at)));
  await withTree({
    "pairs.csv": "image,depth,split\na.png,one.png,train\na.png,all.png,train\na.png,all.png,test\n",
    "a.png": encodeRgbPng({ height, width, pixels: new Uint8Array(height * width * 3) }),
    "one.png": grey((at) => at === 0 ? 2000 : 0),
    "all.png": grey(() => 3000),
  }, use);
};

const small = { height: 32, width: 40 };

Deno.test("a sample without a measured pixel at the network's size is unreadable, and says how many it had", async () => {
  await sparse(async (folder) => {
    const { resized, original } = orThrow(await opened(folder, small));
    const lost = await resized.train.read(0)();
    assert(E.isLeft(lost) && lost.left.kind === "data");
    for (const part of ["a.png", "40×32", "1 measured pixels at its own 80×36", "data.height", "data.onUnreadable"]) {
      assertStringIncludes(describe(lost.left), part);
    }
    assert(E.isRight(await original.train.read(0)()), "its own size has a measurement");
    assert(E.isRight(await resized.train.read(1)()));
    const bounded = orThrow(await opened(folder, { ...small, maxDepth: 1 }));
    const outside = await bounded.resized.train.read(1)();
    assert(E.isLeft(outside) && outside.left.found.includes("2880 more out of range"));
    assertStringIncludes(outside.left.advice ?? "", "data.maxDepth");
  });
});

Deno.test("such a sample is skipped where unreadable ones are, and no pixel is lost at its own size", async () => {
  await sparse(async (folder) => {
    const { resized, skipped } = orThrow(await opened(folder, { ...small, onUnreadable: "skip" }));
    assertEquals(orThrow(await resized.train.read(0)()).depth.metres.every((metres) => metres === 3), true);
    assertEquals(skipped().length, 1);
    const own = orThrow(await opened(folder, { height: 36, width: 80 }));
    assertEquals(orThrow(await own.resized.train.read(0)()).depth.metres[0], 2);
  });
});
