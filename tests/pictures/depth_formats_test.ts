import { decode as referenceDecode } from "fast-png";
import { orThrow } from "../../lib/errors.ts";
import { decodeNpy } from "../../lib/formats/npy.ts";
import { decodeGrey16, decodeRgbPng, encodeRgbPng } from "../../lib/formats/png.ts";
import { withPngText } from "../../lib/formats/png_text.ts";
import { colorize, depthRange } from "../../lib/pictures/colormap.ts";
import {
  type DepthEncoding,
  type DepthFormat,
  depthFormats,
  isOwnResult,
  markedBytes,
  usualEncoding,
} from "../../lib/pictures/depth_formats.ts";
import { depthPicture } from "../../lib/pictures/panel.ts";
import { assert, assertEquals } from "../std.ts";
import { depthOf } from "./support.ts";

const depth = depthOf([[0.5, 1.2344, 1.2346], [0, 9.9999, 2], [-1, 70, 0.0004]]);

const formatOf = (name: string): DepthFormat => {
  const format = depthFormats.find((each) => each.name === name);
  assert(format !== undefined, name);
  return format;
};

const written = (name: string, encoding?: DepthEncoding): Uint8Array => formatOf(name).encode(depth, encoding);

const millimetresWith = (unitsPerMetre: number): readonly number[] => {
  const { height, width, values } = orThrow(decodeGrey16("a test", written("png16", { legend: false, unitsPerMetre })));
  return [height, width, ...values];
};

Deno.test("no two formats share a name or the end of a file's name", () => {
  for (const field of ["name", "suffix", "description"] as const) {
    assertEquals(new Set(depthFormats.map((format) => format[field])).size, depthFormats.length);
  }
});

Deno.test("color is the picture at the size of the depth map, and with its scale if that is asked for", () => {
  const range = depthRange(depth);
  assert(range !== null);
  assertEquals(orThrow(decodeRgbPng("a test", written("color"))), colorize(depth, range));
  const legend = { ...usualEncoding, legend: true };
  assertEquals(orThrow(decodeRgbPng("a test", written("color", legend))), depthPicture(depth));
});

Deno.test("depth that is nowhere valid is grey at its own size", () => {
  const nothing = formatOf("color").encode(depthOf([[0, NaN], [-1, 0]]));
  assertEquals(new Set(orThrow(decodeRgbPng("a test", nothing)).pixels), new Set([128]));
});

Deno.test("png16 holds millimetres, 0 where there is no depth and the largest number beyond 65.535 m", () => {
  assertEquals(millimetresWith(1000), [3, 3, 500, 1234, 1235, 0, 10000, 2000, 0, 65535, 0]);
  assertEquals(written("png16"), written("png16", usualEncoding));
});

Deno.test("png16 holds other units, and tells how far it reaches", () => {
  assertEquals(millimetresWith(256), [3, 3, 128, 316, 316, 0, 2560, 512, 0, 17920, 0]);
  assertEquals(millimetresWith(0.5).at(-2), 35);
  assertEquals(formatOf("png16").farthest?.({ legend: false, unitsPerMetre: 256 }), 65535 / 256);
});

Deno.test("npy holds the very metres, row by row", () => {
  const { shape, values } = orThrow(decodeNpy("a test", written("npy")));
  assertEquals([shape, values], [[3, 3], depth.metres]);
});

Deno.test("PNGs tell another reader who wrote them and what their values mean", () => {
  const textOf = (bytes: Uint8Array) => referenceDecode(bytes, { checkCrc: true }).text;
  const { version } = JSON.parse(Deno.readTextFileSync(new URL("../../deno.json", import.meta.url)));
  const Software = `CLIFFNet predict ${version}`;
  const [near, far] = depthRange(depth) ?? [];
  assertEquals(textOf(written("color")), { Software, "Depth of the colours": `${near} to ${far} m` });
  const scaled = written("png16", { legend: false, unitsPerMetre: 256 });
  assertEquals(textOf(scaled), { Software, "Units per metre": "256" });
});

Deno.test("what is written is known by its first bytes, unless it is an array, and other pictures are not", () => {
  const known = depthFormats.filter(({ encode }) => isOwnResult(encode(depth).subarray(0, markedBytes)));
  assertEquals(known.map(({ name }) => name), ["color", "png16"]);
  const plain = encodeRgbPng(colorize(depth, [0, 1]));
  for (const other of ["CLIFFNet", "CLIFFNet predictor", "GIMP 2.10"]) {
    assert(!isOwnResult(withPngText(plain, new Map([["Software", other]]))), other);
  }
  assert(isOwnResult(withPngText(plain, new Map([["Software", "CLIFFNet predict 9.9.9"]]))));
  for (const bytes of [plain, new Uint8Array(), new Uint8Array(2000)]) assert(!isOwnResult(bytes));
});
