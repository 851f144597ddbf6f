import fc from "fast-check";
import { deflateRawSync } from "node:zlib";
import { encodeNpy } from "../../lib/formats/npy.ts";
import { decodeNpz } from "../../lib/formats/npz.ts";
import { assertEquals, assertStringIncludes } from "../std.ts";
import { assertTagged, damaged, fromBase64, leftOf, rightOf } from "./support.ts";
import { zipOf } from "./zip_writer.ts";

// numpy.savez_compressed(file, depth=…, other=…) of NumPy 1.24: [[NaN, 0.75, 1], [2.25, inf, 2.75]] and seven uint16.
const two = fromBase64(
  "UEsDBBQAAAAIAAAAIQAbjU4qWgAAAJgAAAAJABQAZGVwdGgubnB5AQAQAJgAAAAAAAAAWgAAAAAAAACb7BfqGxDJyFDGUK2eklqcXKRupaBu" +
    "k2airqOgnpZfVFKUmBefX5SSChJ3S8wpTgWKF2ckFqQC+RpGOgrGmjoKtQpkAy4GhgP1DAwO9gwMDUAs4ACkgXwDBwBQSwMEFAAAAAgAAAAh" +
    "AFP4zRpUAAAAjgAAAAkAFABvdGhlci5ucHkBABAAjgAAAAAAAABUAAAAAAAAAJvsF+obEMnIUMZQrZ6SWpxcpG6loG5TaqSuo6Cell9UUpSY" +
    "F59flJIKEndLzClOBYoXZyQWpAL5GoY6CuaaOgq1CmQDLnYGE8ZEpj7m3SwvWEXZAVBLAQIUAxQAAAAIAAAAIQAbjU4qWgAAAJgAAAAJAAAA" +
    "AAAAAAAAAACAAQAAAABkZXB0aC5ucHlQSwECFAMUAAAACAAAACEAU/jNGlQAAACOAAAACQAAAAAAAAAAAAAAgAGVAAAAb3RoZXIubnB5UEsF" +
    "BgAAAAACAAIAbgAAACQBAAAAAA==",
);

const array = encodeNpy({ shape: [1, 2], values: Float32Array.of(1.5, 2.5) });
const entry = (name: string) => ({ name, bytes: array });

Deno.test("of several arrays the named one is read, compressed as NumPy does", async () => {
  const { shape, values } = rightOf(await decodeNpz("a.npz", two, "depth")());
  assertEquals(shape, [2, 3]);
  assertEquals([...values], [NaN, 0.75, 1, 2.25, Infinity, 2.75]);
  const other = rightOf(await decodeNpz("a.npz", two, "other")());
  assertEquals([other.elements, ...other.values], [16, ...[0, 1, 2, 3, 4, 5, 6].map((at) => at * 301 + 7)]);
});

Deno.test("a lone array is read whatever it is called, stored or compressed", async () => {
  for (const isCompressed of [false, true]) {
    const bytes = zipOf([{ ...entry("arr_0.npy"), isCompressed }]);
    assertEquals([...rightOf(await decodeNpz("a.npz", bytes, "depth")()).values], [1.5, 2.5]);
  }
});

Deno.test("an archive without the array, or with none, names what it has", async () => {
  const several = leftOf(await decodeNpz("a.npz", zipOf([entry("left.npy"), entry("right.npy")]), "depth")());
  assertStringIncludes(several.found, "2 arrays: left, right");
  assertStringIncludes(several.expected, "depth");
  assertStringIncludes(leftOf(await decodeNpz("a.npz", zipOf([entry("a.txt")]), "depth")()).found, "without arrays");
});

Deno.test("an array that is larger than announced, or announced as too large, is not decompressed", async () => {
  const bomb = deflateRawSync(new Uint8Array(2 ** 24));
  const hidden = zipOf([{ name: "a.npy", bytes: array, packed: bomb }]);
  assertStringIncludes(leftOf(await decodeNpz("a.npz", hidden, "depth")()).found, "do not decompress");
  const announced = zipOf([{ name: "a.npy", bytes: array, packed: bomb, size: 2 ** 31 }]);
  assertStringIncludes(leftOf(await decodeNpz("a.npz", announced, "depth")()).found, "2147483648 bytes");
});

Deno.test("damaged archives give an array or a failure that names the file", async () => {
  const property = fc.asyncProperty(damaged(two), async (bytes) => {
    assertTagged(await decodeNpz("a.npz", bytes, "depth")(), "a.npz");
  });
  await fc.assert(property, { numRuns: 500 });
});
