import { dejavuSans, initWasm, Resvg, resvgWasm } from "../../lib/dependencies/plots.ts";
import { font } from "./sheet.ts";

/** Draws SVG as PNG, with two pixels for each of the drawing's. */
export type Rasterizer = (svg: string) => Uint8Array;

/** Starts the renderer; once in a program. Needs the permission to read. */
export const openRasterizer = async (): Promise<Rasterizer> => {
  const sans = await dejavuSans();
  await initWasm(await resvgWasm());
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
