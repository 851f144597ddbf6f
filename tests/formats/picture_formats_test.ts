import { decodeSample } from "../../lib/data/shards/shard_sample.ts";
import { encodeJpeg } from "../../lib/formats/image.ts";
import { encodeNpy } from "../../lib/formats/npy.ts";
import {
  depthFileFormats,
  formatNames,
  formatOf,
  isDepthFile,
  isPicture,
  pictureFormats,
} from "../../lib/formats/picture_formats.ts";
import { encodeGrey16Png, encodeRgbPng } from "../../lib/formats/png.ts";
import { assertEquals } from "../std.ts";
import { rightOf } from "./support.ts";
import { tiffOf } from "./tiff_writer.ts";
import { zipOf } from "./zip_writer.ts";

const image = { height: 8, width: 8, pixels: Uint8Array.from({ length: 192 }, (_, at) => at) };
const array = encodeNpy({ shape: [1], values: Float32Array.of(1) });

Deno.test("a format is told by the first bytes, of which one is enough to be nothing", async () => {
  const files = {
    PNG: encodeRgbPng(image),
    JPEG: rightOf(await encodeJpeg(image, 90)()),
    TIFF: tiffOf([1], { height: 1, width: 1, bits: 8, bigEndian: true }),
    WebP: new TextEncoder().encode("RIFF....WEBPVP8 "),
    NPY: array,
    NPZ: zipOf([{ name: "a.npy", bytes: array }]),
  };
  for (const [name, bytes] of Object.entries(files)) {
    const all = [...pictureFormats, ...depthFileFormats];
    assertEquals(formatOf<string>(all, bytes), name);
    assertEquals(formatOf<string>(all, bytes.subarray(0, 1)), undefined);
  }
  assertEquals(formatOf(pictureFormats, array), undefined);
  assertEquals(formatOf(depthFileFormats, files.JPEG), undefined);
});

Deno.test("names are told by their endings, in any case", () => {
  const names = [
    "a.png",
    "b/a.JPG",
    "a.jpeg",
    "a.Tiff",
    "a.tif",
    "a.webp",
    "a.npy",
    "a.npz",
    "a.heic",
    "png",
    "a.png.txt",
    "",
  ];
  assertEquals(names.filter(isPicture), ["a.png", "b/a.JPG", "a.jpeg", "a.Tiff", "a.tif", "a.webp"]);
  assertEquals(names.filter(isDepthFile), ["a.png", "a.Tiff", "a.tif", "a.npy", "a.npz"]);
  assertEquals(formatNames(pictureFormats), "PNG, JPEG, TIFF or WebP");
});

Deno.test("a sample of a shard has a picture of any format", async () => {
  const depth = { "depth.png": encodeGrey16Png(1, 2, Uint16Array.of(1000, 0)) };
  const tiff = tiffOf([1, 2, 3, 4, 5, 6], { height: 1, width: 2, samples: 3, bits: 8 });
  const sample = rightOf(await decodeSample("a.tar, sample x", "x", { ...depth, tif: tiff })());
  assertEquals([...sample.image.pixels, ...sample.depth.metres], [1, 2, 3, 4, 5, 6, 1, 0]);
});
