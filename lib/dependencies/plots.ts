// What draws plots: they are described with Observable Plot, become SVG in linkedom's document where no browser is, and PNG by
// resvg with the letters of DejaVu Sans.
import { createRequire } from "node:module";

// The package of the font has no program; that something of it is imported puts it where the font is found.
export { default as dejavuPackage } from "npm:dejavu-fonts-ttf@2.37.3/package.json" with { type: "json" };
export { dot, lineY, plot, type PlotOptions, ruleX, ruleY, text } from "npm:@observablehq/plot@0.6.17";
export { DOMParser } from "npm:linkedom@0.18.15";
export { initWasm, Resvg } from "npm:@resvg/resvg-wasm@2.6.2";

/**
 * The bytes of a file of a package. An import of bytes would want a flag of everyone who imports this library by its
 * address, from where, in turn, nothing can be required: any place on this machine will do.
 */
const packagedFile = async (path: string): Promise<Uint8Array> => {
  const place = [import.meta.url, Deno.mainModule].find((url) => url.startsWith("file:")) ?? "file:///";
  return await Deno.readFile(createRequire(place).resolve(path));
};

/** The WebAssembly of {@link Resvg}, for {@link initWasm}: 2.4 MB. Needs the permission to read. */
export const resvgWasm = (): Promise<Uint8Array> => packagedFile("@resvg/resvg-wasm/index_bg.wasm");

/** DejaVu Sans as TrueType: 0.7 MB. Needs the permission to read. */
export const dejavuSans = (): Promise<Uint8Array> => packagedFile("dejavu-fonts-ttf/ttf/DejaVuSans.ttf");
