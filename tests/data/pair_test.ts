import fc from "fast-check";
import { linearDepth, listedAt, readPair } from "../../lib/data/pair.ts";
import { E, TE } from "../../lib/dependencies/fp.ts";
import { describe, failure } from "../../lib/errors.ts";
import { encodeJpeg } from "../../lib/formats/image.ts";
import { encodeGrey16Png, encodeRgbPng } from "../../lib/formats/png.ts";
import { damaged, rightOf } from "../formats/support.ts";
import { assert, assertEquals } from "../std.ts";

const [height, width] = [12, 16];
const image = { height, width, pixels: Uint8Array.from({ length: height * width * 3 }, (_, at) => (at * 7) % 256) };
const depth = encodeGrey16Png(height, width, Uint16Array.from({ length: height * width }, (_, at) => at * 300));

const withFolder = async (use: (folder: string) => Promise<void>): Promise<void> => {
  const folder = await Deno.makeTempDir();
  try {
    await use(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
};

/** Reads a pair of which one file holds other bytes: a pair of one size, or a failure that names a file. */
const assertAnswered = async (folder: string, changed: "image" | "depth", whole: Uint8Array, bytes: Uint8Array) => {
  const files = { image: `${folder}/image`, depth: `${folder}/depth` };
  await Deno.writeFile(files.image, changed === "image" ? bytes : whole);
  await Deno.writeFile(files.depth, changed === "depth" ? bytes : depth);
  const result = await readPair(files, linearDepth(1000))();
  if (result._tag === "Left") {
    assert(["format", "data"].includes(result.left.kind), describe(result.left));
    assert([files.image, files.depth].includes(result.left.where), describe(result.left));
  } else {
    const { image: read, depth: map } = result.right;
    assertEquals([map.height, map.width, map.metres.length], [read.height, read.width, read.height * read.width]);
    assert(map.metres.every((metres) => metres >= 0 && Number.isFinite(metres)));
  }
};

Deno.test("damaged and truncated files are a pair or a failure that names the file, never a crash", async () => {
  const png = encodeRgbPng(image);
  const jpeg = rightOf(await encodeJpeg(image, 90)());
  await withFolder(async (folder) => {
    for (const whole of [png, jpeg]) {
      const each = (bytes: Uint8Array) => assertAnswered(folder, "image", whole, bytes);
      await fc.assert(fc.asyncProperty(damaged(whole), each), { numRuns: 60 });
    }
    const each = (bytes: Uint8Array) => assertAnswered(folder, "depth", png, bytes);
    await fc.assert(fc.asyncProperty(damaged(depth), each), { numRuns: 60 });
  });
});

Deno.test("dimensions that are absurd are refused, whatever the file holds", async () => {
  const huge = depth.slice();
  new DataView(huge.buffer).setUint32(16, 0x7fffffff);
  await withFolder(async (folder) => {
    await Deno.writeFile(`${folder}/image`, encodeRgbPng(image));
    await Deno.writeFile(`${folder}/depth`, huge);
    const result = await readPair({ image: `${folder}/image`, depth: `${folder}/depth` }, linearDepth(1000))();
    assert(result._tag === "Left" && result.left.kind === "format");
    assert(result.left.found.includes("2147483647 wide"), result.left.found);
  });
});

Deno.test("a failure says where its sample is listed, once in a line of its own", async () => {
  const read = listedAt("rooms.csv, line 3", TE.left(failure("data", "a.png", "nothing", "depth")));
  const result = await read();
  assert(E.isLeft(result));
  assertEquals(describe(result.left), "a.png: found nothing, expected depth.\n  Listed in rooms.csv, line 3.");
});
