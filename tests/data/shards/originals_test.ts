import { checkApart, packDataset } from "../../../lib/data/shards/pack.ts";
import { encodeSample } from "../../../lib/data/shards/encode_sample.ts";
import { decodeSample } from "../../../lib/data/shards/shard_sample.ts";
import type { OriginalFiles, Sample } from "../../../lib/data/dataset.ts";
import { openDataset } from "../../../lib/data/open_dataset.ts";
import { E, TE } from "../../../lib/dependencies/fp.ts";
import { describe, failure, orThrow } from "../../../lib/errors.ts";
import { decodeConfiguration } from "../../../lib/experiment/configuration_file.ts";
import { decodeImage, encodeJpeg } from "../../../lib/formats/image.ts";
import { encodeGrey16Png } from "../../../lib/formats/png.ts";
import { assert, assertEquals, assertNotEquals, assertStringIncludes } from "../../std.ts";
import { depthOf, writePairs } from "../../tasks/pairs.ts";
import { namesIn, pngOf, withFolder } from "../../tasks/support.ts";

const [height, width] = [37, 45];

/** A picture's file whose bytes would be others if it was written again. */
const jpeg = async (phase: number): Promise<Uint8Array> =>
  orThrow(await encodeJpeg(orThrow(await decodeImage("a", pngOf(height, width, phase))()), 90)());

const levels = Uint16Array.from({ length: height * width }, (_, at) => at % 5 === 0 ? 0 : 100 + (97 * at) % 60_000);

const sampleWith = async (metresOf: (level: number) => number): Promise<Sample> => ({
  name: "a.jpg",
  image: orThrow(await decodeImage("a.jpg", await jpeg(0))()),
  depth: { height, width, metres: Float32Array.from(levels, (level) => level === 0 ? 0 : metresOf(level)) },
  scene: "hall",
  intrinsics: null,
});

const originals: OriginalFiles = {
  image: TE.fromTask(() => jpeg(0)),
  depth: TE.right(encodeGrey16Png(height, width, levels)),
};

Deno.test("files that hold the very sample are kept, whatever units a metre has, and read back to it", async () => {
  const depth = orThrow(await originals.depth());
  for (const scale of [1000, 5000, 256, 100, 6553.5, 10_000]) {
    const sample = await sampleWith((level) => level / scale);
    const files = await encodeSample(sample, originals);
    assertEquals(Object.keys(files), ["jpg", "depth.png", "json"]);
    assertEquals([files["jpg"], files["depth.png"]], [await jpeg(0), depth], `scale ${scale}`);
    assertEquals(orThrow(await decodeSample("shard", "0", files)()), sample);
  }
});

Deno.test("depth that is not in proportion to the levels is converted, and the picture is kept all the same", async () => {
  const codings = [
    (level: number) => 500 / level,
    (level: number) => (level >> 3) / 1000,
    (level: number) => level / 1000 + 0.1,
  ];
  for (const coding of codings) {
    const sample = await sampleWith(coding);
    const files = await encodeSample(sample, originals);
    assertEquals(files["jpg"], await jpeg(0));
    assertNotEquals(files["depth.png"], orThrow(await originals.depth()));
    assertEquals(orThrow(await decodeSample("shard", "0", files)()), sample);
  }
});

Deno.test("a sample that is not what its files hold is written as it is", async () => {
  const sample = await sampleWith((level) => level / 1000);
  const other = { ...sample.image, pixels: sample.image.pixels.map((value, at) => at === 99 ? 255 - value : value) };
  const metres = sample.depth.metres.map((value, at) => at === 7 ? 0 : value);
  const changed: Sample = { ...sample, image: other, depth: { ...sample.depth, metres } };
  const missing = { image: TE.left(failure("missing", "a", "", "")), depth: TE.left(failure("missing", "a", "", "")) };
  const noImage = { ...originals, image: TE.right(new TextEncoder().encode("<html>")) };
  for (const [each, files] of [[changed, originals], [sample, missing], [sample, noImage]] as const) {
    const packed = await encodeSample(each, files);
    assert(packed["png"] !== undefined && packed["jpg"] === undefined);
    assertEquals(orThrow(await decodeSample("shard", "0", packed)()), each);
  }
});

Deno.test("a packed folder has the files' own bytes, and names no folder of the machine", async () => {
  await withFolder(async (folder) => {
    await writePairs(`${folder}/data`);
    for (const at of [0, 1, 2, 3, 4]) await Deno.writeFile(`${folder}/data/${at}.png`, await jpeg(at));
    const { data } = orThrow(decodeConfiguration("here", { data: { kind: "files", folder: `${folder}/data` } }));
    const options = { folder: `${folder}/shards`, perShard: 9, onSample: () => {} };
    const { shards, name } = orThrow(await packDataset(orThrow(await openDataset(data)()), options)());
    const text = (await Promise.all(namesIn(options.folder).map((file) => Deno.readFile(`${options.folder}/${file}`))))
      .map((bytes) => new TextDecoder("latin1").decode(bytes));
    assert(text.every((each) => !each.includes(folder)), name);
    const first = shards[0]?.samples[0]?.files;
    const bytes = await Deno.readFile(`${options.folder}/${shards[0]?.file}`);
    const fileOf = (extension: string) => {
      const [offset = 0, size = 0] = first?.[extension] ?? [];
      return bytes.slice(offset, offset + size);
    };
    assertEquals([fileOf("jpg"), fileOf("depth.png")], [await jpeg(0), depthOf(0)]);
  });
});

Deno.test("shards are not written to the folder of their data, into it or around it", async () => {
  await withFolder(async (folder) => {
    await Deno.mkdir(`${folder}/data/more`, { recursive: true });
    await Deno.writeTextFile(`${folder}/data/list.csv`, "");
    await Deno.symlink(`${folder}/data`, `${folder}/link`);
    const data = `${folder}/data`;
    const refused = [[data, data], [data, `${data}/`], [data, `${data}/new/x`], [data, folder], [
      data,
      `${folder}/link/x`,
    ]];
    for (const [from = "", to = ""] of [...refused, [`${data}/list.csv`, data]]) {
      const result = await checkApart(from, to)();
      assert(E.isLeft(result), to);
      for (const part of [to, from, "--out"]) assertStringIncludes(describe(result.left), part);
    }
    const taken = [[data, `${folder}/data2`], [data, `${folder}/a/b`], [`${data}/list.csv`, `${data}/more`]];
    for (const [from = "", to = ""] of [...taken, ["http://host/data", data]]) orThrow(await checkApart(from, to)());
  });
});
