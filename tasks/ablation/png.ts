import { initWasm, Resvg } from "@resvg/resvg-wasm";
import wasm from "@resvg/resvg-wasm/wasm" with { type: "bytes" };
import sans from "dejavu-fonts-ttf/sans" with { type: "bytes" };
import { font } from "./sheet.ts";

/** Draws SVG as PNG, with two pixels for each of the drawing's. */
export type Rasterizer = (svg: string) => Uint8Array;

/** Starts the renderer; once in a program. */
export const openRasterizer = async (): Promise<Rasterizer> => {
  await initWasm(wasm);
  return (svg) => {
    const drawing = new Resvg(svg, {
      fitTo: { mode: "zoom", value: 2 },
      font: { fontBuffers: [sans], defaultFontFamily: font, sansSerifFamily: font },
    });
    const picture = drawing.render();
    const png = picture.asPng();
    picture.free();
    drawing.free();
    return png;
  };
};
