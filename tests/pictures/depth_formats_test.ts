import { orThrow } from "../../lib/errors.ts";
import { decodeNpy } from "../../lib/formats/npy.ts";
import { decodeGrey16, decodeRgbPng } from "../../lib/formats/png.ts";
import type { DepthImage } from "../../lib/formats/raster.ts";
import { depthFormats } from "../../lib/pictures/depth_formats.ts";
import { depthPicture } from "../../lib/pictures/panel.ts";
import { assert, assertEquals } from "../std.ts";
import { depthOf } from "./support.ts";

const depth = depthOf([[0.5, 1.2344, 1.2346], [0, 9.9999, 2], [-1, 70, 0.0004]]);

const written = (name: string, of: DepthImage = depth): Uint8Array => {
  const format = depthFormats.find((each) => each.name === name);
  assert(format !== undefined, name);
  return format.encode(of);
};

Deno.test("no two formats share a name or the end of a file's name", () => {
  for (const field of ["name", "suffix", "description"] as const) {
    assertEquals(new Set(depthFormats.map((format) => format[field])).size, depthFormats.length);
  }
});

Deno.test("color is the picture with its scale", () => {
  assertEquals(orThrow(decodeRgbPng("a test", written("color"))), depthPicture(depth));
});

Deno.test("png16 holds millimetres, 0 where there is no depth and the largest number beyond 65.535 m", () => {
  const { height, width, values } = orThrow(decodeGrey16("a test", written("png16")));
  assertEquals([height, width, ...values], [3, 3, 500, 1234, 1235, 0, 10000, 2000, 0, 65535, 0]);
});

Deno.test("npy holds the very metres, row by row", () => {
  const { shape, values } = orThrow(decodeNpy("a test", written("npy")));
  assertEquals([shape, values], [[3, 3], depth.metres]);
});
