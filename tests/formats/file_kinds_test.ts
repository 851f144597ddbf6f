import { fileKind, otherKind } from "../../lib/formats/file_kinds.ts";
import { encodeRgbPng } from "../../lib/formats/png.ts";
import { decodeImage, encodeJpeg } from "../../lib/formats/image.ts";
import { decodeNpy, encodeNpy } from "../../lib/formats/npy.ts";
import { readTensorFile } from "../../lib/formats/open_tensor_file.ts";
import { encodeSafetensors } from "../../lib/formats/safetensors.ts";
import { sourceOfBytes } from "../../lib/formats/byte_source.ts";
import { withHdf5 } from "../../lib/formats/hdf5.ts";
import { E } from "../../lib/dependencies/fp.ts";
import { describe } from "../../lib/errors.ts";
import { assert, assertEquals, assertStringIncludes } from "../std.ts";
import { leftOf, rightOf } from "./support.ts";
import { none, pickle, raw, zipOf } from "./torch_support.ts";

const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${"0".repeat(64)}\nsize 5\n`;

const gzip = async (bytes: Uint8Array): Promise<Uint8Array> =>
  new Uint8Array(
    await new Response(new Blob([new Uint8Array(bytes)]).stream().pipeThrough(new CompressionStream("gzip")))
      .arrayBuffer(),
  );

const picture = { height: 8, width: 8, pixels: new Uint8Array(192) };

Deno.test("what the program itself writes is told by its first bytes", async () => {
  const cases: readonly (readonly [Uint8Array, string])[] = [
    [encodeRgbPng(picture), "a PNG"],
    [rightOf(await encodeJpeg(picture, 90)()), "a JPEG"],
    [encodeNpy({ shape: [2], values: new Float32Array(2) }), "a NumPy array (.npy)"],
    [encodeSafetensors([], { key: "x".repeat(300) }), "a safetensors file"],
    [pickle(none), "a pickle of Python (PyTorch before 1.6, or another program)"],
    [await gzip(raw("text")), "data compressed by gzip"],
    [new Uint8Array(), "an empty file"],
    [new Uint8Array(99), "a file that begins with zeros"],
    [raw("\xff\xfei\0m\0"), "a text in UTF-16"],
    [raw("image,depth,split\n"), 'a text that begins with "image,depth,split"'],
    [raw('{"error":"not found"}'), 'JSON that begins with "{\\"error\\":\\"not found\\"}"'],
    [raw("\x01\x02\x03"), "a file that begins with the bytes 01 02 03"],
  ];
  for (const [bytes, what] of cases) assertEquals(fileKind(bytes).what, what);
  assertStringIncludes(fileKind(zipOf([])).what, "zip");
});

Deno.test("pointers of Git LFS, pages of a server and compressed files are named where weights and pictures are wanted", async () => {
  const cases: readonly (readonly [Uint8Array, string, string])[] = [
    [raw(pointer), "Git LFS pointer", "git lfs pull"],
    [raw("<!DOCTYPE html><html>404</html>"), "web page", "instead of the file"],
    [raw("\n  <html lang=en>"), "web page", "instead of the file"],
    [raw('<?xml version="1.0"?><Error/>'), "XML", "instead of the file"],
    [await gzip(raw("weights")), "gzip", "Unpack it"],
  ];
  for (const [bytes, found, advice] of cases) {
    const problems = [
      leftOf(await readTensorFile(sourceOfBytes("m.pth", bytes))()),
      leftOf(await decodeImage("m.png", bytes)()),
      leftOf(decodeNpy("m.npy", bytes)),
    ];
    for (const problem of problems) {
      assertStringIncludes(problem.found, found);
      assertStringIncludes(problem.advice ?? "", advice);
    }
  }
});

Deno.test("an HDF5 file that is another one is named; a damaged one is not taken for another", async () => {
  const path = await Deno.makeTempFile();
  try {
    await Deno.writeTextFile(path, pointer);
    assertStringIncludes(leftOf(await withHdf5(path, () => E.right(1))()).found, "Git LFS");
    await Deno.writeFile(path, raw("\x89HDF\r\n\x1a\n", new Uint8Array(90)));
    assert(!leftOf(await withHdf5(path, () => E.right(1))()).found.includes("Git"));
  } finally {
    await Deno.remove(path);
  }
});

Deno.test("any first bytes are told in few words without control characters", () => {
  for (let first = 0; first < 256; first++) {
    const message = describe(otherKind("f", Uint8Array.of(first, 0x1b, first ^ 0x55, 0x9b), "a PNG"));
    // deno-fmt-ignore
    assert(/^\P{Cc}{1,300}$/u.test(message), message);
  }
});
