import fc from "fast-check";
import type { Dataset } from "../../lib/data/dataset.ts";
import { nyuDepthV2, type NyuDepthV2Options } from "../../lib/data/nyu_depth_v2.ts";
import { describe, type Failure } from "../../lib/errors.ts";
import type { WrittenArray } from "../formats/hdf5_writer.ts";
import { assembled, elements, matlabHeader, matlabPieces } from "../formats/matlab_writer.ts";
import { damaged, leftOf, rightOf } from "../formats/support.ts";
import { assert, assertEquals, assertStringIncludes } from "../std.ts";
import { levelAt, metresAt, nyuArrays, nyuCells, rawMetresAt, sceneAt, typeAt } from "./nyu_support.ts";

const shape = { count: 6, height: 5, width: 7 };

type Arrays = Readonly<Record<string, WrittenArray>>;

/** A file that is right but for these arrays and cells; `without` leaves one out. */
const fileWith = (
  arrays: Arrays = {},
  cells: Readonly<Record<string, readonly string[]>> = {},
  without = "",
): Uint8Array => {
  const all = Object.entries({ ...nyuArrays(shape), ...arrays }).filter(([name]) => name !== without);
  return assembled(matlabPieces(Object.fromEntries(all), { ...nyuCells(shape.count), ...cells }));
};

const good = fileWith();

type Open = (options?: Omit<NyuDepthV2Options, "file">) => ReturnType<ReturnType<typeof nyuDepthV2>>;

const withFile = async (bytes: Uint8Array, run: (open: Open, path: string) => Promise<void>): Promise<void> => {
  const path = await Deno.makeTempFile({ suffix: ".mat" });
  try {
    await Deno.writeFile(path, bytes);
    await run((options) => nyuDepthV2({ file: path, testShare: 0.34, ...options })(), path);
  } finally {
    await Deno.remove(path);
  }
};

/** What goes wrong when the file is opened or else its first sample is read, with the path left out. */
const failureWith = async (bytes: Uint8Array, options: Omit<NyuDepthV2Options, "file"> = {}): Promise<Failure> => {
  const failures: Failure[] = [];
  await withFile(bytes, async (open, path) => {
    const opened = await open(options);
    const found = opened._tag === "Left" ? opened.left : leftOf(await opened.right.train.read(0)());
    failures.push({ ...found, where: found.where.replace(path, "FILE") });
  });
  const [found] = failures;
  if (found === undefined) throw new Error("nothing failed");
  return found;
};

const pixels = Array.from({ length: 35 }, (_, at) => [Math.floor(at / 7), at % 7] as const);

Deno.test("each pixel is at its row and column, though MATLAB stores columns", () =>
  withFile(good, async (open) => {
    const { train } = rightOf(await open());
    for (const index of [3, 0, 2, 1]) {
      const { image, depth } = rightOf(await train.read(index)());
      assertEquals([image.height, image.width, depth.height, depth.width], [5, 7, 5, 7]);
      const levels = pixels.flatMap(([row, column]) =>
        [0, 1, 2].map((channel) => levelAt(index, channel, row, column))
      );
      assertEquals([...image.pixels], levels);
      assertEquals([...depth.metres], pixels.map(([row, column]) => metresAt(index, row, column)));
    }
  }));

Deno.test("raw depth is as measured, with its holes", () =>
  withFile(good, async (open) => {
    const { depth } = rightOf(await rightOf(await open({ depth: "raw" })).test.read(1)());
    assertEquals([...depth.metres], pixels.map(([row, column]) => rawMetresAt(5, row, column)));
    assert(depth.metres.includes(0));
  }));

const scenesOf = ({ train, test }: Dataset): readonly (string | null)[] =>
  [train, test].flatMap((split) => Array.from({ length: split.size }, (_, index) => split.entry(index).scene));

Deno.test("scenes are the types of rooms, or the rooms", () =>
  withFile(good, async (open) => {
    const types = rightOf(await open());
    assertEquals(scenesOf(types), [0, 1, 2, 3, 4, 5].map(typeAt));
    assertEquals(types.scenes, ["bedroom", "kitchen"]);
    const rooms = rightOf(await open({ labels: "scenes" }));
    assertEquals(scenesOf(rooms), [0, 1, 2, 3, 4, 5].map(sceneAt));
    assertEquals(rooms.scenes, ["bedroom_0001", "kitchen_0000"]);
  }));

Deno.test("samples are named by their number, and found in the file by it", () =>
  withFile(good, async (open, path) => {
    const { train, test } = rightOf(await open());
    assertEquals([train.entry(0).name, test.entry(1).name], ["nyu_0001", "nyu_0006"]);
    assertEquals(test.entry(0).where, `${path}, sample 5`);
    assertEquals(rightOf(await test.read(0)()).name, "nyu_0005");
  }));

Deno.test("a file with other samples than the published ones holds out its last share, and its name says so", () =>
  withFile(good, async (open, path) => {
    const { name, train, test } = rightOf(await open({ testShare: 0.5 }));
    assertEquals([train.size, test.size, test.entry(0).name], [3, 3, "nyu_0004"]);
    assertEquals(name, `${path} (6 samples: not the official split, the last 3 are the test)`);
  }));

Deno.test("without a share to hold out, a file with other samples is refused with advice", () =>
  withFile(good, async (_, path) => {
    const found = leftOf(await nyuDepthV2({ file: path })());
    assertEquals([found.kind, found.where], ["data", path]);
    assertStringIncludes(describe(found), "1449");
    assertStringIncludes(found.advice ?? "", "testShare");
  }));

Deno.test("shares that leave nothing to test are refused, and all may be tested", async () => {
  await withFile(good, async (_, path) => {
    const { train, test } = rightOf(await nyuDepthV2({ file: path, testShare: 1 })());
    assertEquals([train.size, test.size], [0, 6]);
  });
  for (const testShare of [0, -0.1, 1.5, NaN]) {
    const found = await failureWith(good, { testShare });
    assertEquals([found.kind, found.where, found.found], ["data", "FILE, testShare", String(testShare)]);
  }
  const single = assembled(matlabPieces(nyuArrays({ ...shape, count: 1 }), nyuCells(1)));
  assertStringIncludes((await failureWith(single)).found, "single");
});

Deno.test("the camera is only given for pictures of the size that it was calibrated for", () =>
  withFile(good, async (open) => {
    assertEquals(rightOf(await rightOf(await open()).train.read(0)()).intrinsics, null);
  }));

Deno.test("missing arrays are named beside those that are there", async () => {
  for (const [name, depth] of [["images", "filled"], ["depths", "filled"], ["rawDepths", "raw"]] as const) {
    const found = await failureWith(fileWith({}, {}, name), { depth });
    assertEquals([found.kind, found.where], ["format", "FILE"]);
    assertStringIncludes(found.found, `no array "${name}"`);
    assertStringIncludes(found.found, "sceneTypes");
  }
});

const blank = (type: WrittenArray["type"], axes: readonly number[], size: number): WrittenArray => ({
  type,
  shape: axes,
  content: new Uint8Array(axes.reduce((all, each) => all * each, size)),
});

const empty = (type: WrittenArray["type"], axes: readonly number[]): WrittenArray => ({
  type,
  shape: axes,
  content: { chunk: [1, ...axes.slice(1)], chunks: [] },
});

Deno.test("arrays of other types, axes or sizes are refused", async () => {
  const wrong: readonly (readonly [Arrays, string])[] = [
    [{ images: blank("uint16", [6, 3, 7, 5], 2) }, "images with axes 6×3×7×5 of uint16"],
    [{ images: blank("uint8", [6, 7, 5], 1) }, "images with axes 6×7×5"],
    [{ images: blank("uint8", [6, 4, 7, 5], 1) }, "images of 6×4×7×5"],
    [{ images: blank("uint8", [6, 3, 5, 7], 1) }, "images of 6×3×5×7"],
    [{ depths: blank("float64", [6, 7, 5], 8) }, "depths with axes 6×7×5 of float64"],
    [{ depths: blank("float32", [7, 5], 4) }, "depths with axes 7×5"],
    [{ depths: blank("float32", [5, 7, 5], 4) }, "depths of 5×7×5"],
    [{ images: empty("uint8", [0, 3, 7, 5]), depths: empty("float32", [0, 7, 5]) }, "0 samples"],
  ];
  for (const [arrays, words] of wrong) {
    const found = await failureWith(fileWith(arrays));
    assertEquals([found.kind, found.where], ["format", "FILE"]);
    assertStringIncludes(found.found, words);
  }
});

Deno.test("absurd sizes are refused before anything is read", async () => {
  const chunks = (axes: readonly number[]) => ({
    chunk: axes.map(() => 1),
    chunks: [{ offset: axes.map(() => 0), bytes: 8 }],
  });
  for (const [count, width] of [[6, 2 ** 30], [2 ** 30, 7]] as const) {
    const [images, depths] = [[count, 3, width, 5], [count, width, 5]];
    const found = await failureWith(fileWith({
      images: { type: "uint8", shape: images, content: chunks(images) },
      depths: { type: "float32", shape: depths, content: chunks(depths) },
    }));
    assertEquals([found.kind, found.where], ["format", "FILE"]);
    assertStringIncludes(found.found, String(2 ** 30));
  }
});

Deno.test("labels of another number than the samples are refused", async () => {
  const found = await failureWith(fileWith({}, { sceneTypes: ["kitchen"] }));
  assertEquals([found.kind, found.found, found.expected], ["format", "sceneTypes, 1×1 of reference", "6 references"]);
});

Deno.test("depth that is negative, not finite or nowhere measured is refused with the sample's number", async () => {
  for (const [value, words] of [[-1, "-1"], [NaN, "NaN"], [Infinity, "Infinity"], [0, "no valid depth"]] as const) {
    const content = elements("float32", Array.from({ length: 210 }, () => value));
    const found = await failureWith(fileWith({ depths: { type: "float32", shape: [6, 7, 5], content } }));
    assertEquals([found.kind, found.where], ["data", "FILE, sample 1"]);
    assertStringIncludes(found.found, words);
  }
});

Deno.test("another version of MATLAB is refused with what to do", async () => {
  const found = await failureWith(matlabHeader("5.0"));
  assertEquals([found.kind, found.where, found.found], ["format", "FILE", "a MATLAB 5.0 file"]);
  assertStringIncludes(found.advice ?? "", "published");
});

Deno.test("a file that was changed after it was opened is refused", () =>
  withFile(good, async (open, path) => {
    const { train } = rightOf(await open());
    await Deno.writeFile(path, fileWith({}, { names: ["another class"] }));
    const found = leftOf(await train.read(0)());
    assertEquals([found.kind, found.where], ["file", path]);
    assertStringIncludes(found.found, "changed");
  }));

Deno.test("damaged files give samples of the right size or a failure that names the file", async () => {
  await fc.assert(
    fc.asyncProperty(damaged(good), (bytes) =>
      withFile(bytes, async (open, path) => {
        const opened = await open();
        const read = opened._tag === "Left" ? opened : await opened.right.train.read(0)();
        if (read._tag === "Left") {
          assert(["format", "data"].includes(read.left.kind), describe(read.left));
          assert(read.left.where.startsWith(path), read.left.where);
          return;
        }
        const { image, depth } = read.right;
        assertEquals([image.pixels.length, depth.metres.length], [
          image.height * image.width * 3,
          image.height * image.width,
        ]);
        assert(depth.metres.every((metres) => metres >= 0 && metres < Infinity));
      })),
    { numRuns: 150 },
  );
});
