import { dejavuSans, DOMParser, initWasm, plot, type PlotOptions, Resvg, resvgWasm } from "../../dependencies/plots.ts";

/** What is used of an element of a drawing. */
interface Drawing {
  readonly setAttribute: (name: string, value: string) => void;
  readonly append: (child: Drawing | string) => void;
  readonly outerHTML: string;
}

/** Several plots of one size in a grid, below a title and a line that says what is shown. */
export interface Sheet {
  readonly title: string;
  readonly caption: string;
  readonly columns: number;
  readonly height: number;
  readonly panels: readonly PlotOptions[];
  /** The widths of the columns; the last one is that of all others. */
  readonly widths: readonly number[];
}

/** The font of all drawings, which are measured with it where no browser is. */
export const font = "DejaVu Sans";

const margin = 16;
const header = 60;
const gap = 12;

/** The drawing of a sheet as a text of SVG that stands for itself. */
export const svgOf = ({ title, caption, columns, height, panels, widths }: Sheet): string => {
  const document = new DOMParser().parseFromString("<html><body></body></html>", "text/html");
  const element = (name: string, attributes: Readonly<Record<string, string | number>>): Drawing => {
    const made: Drawing = document.createElementNS("http://www.w3.org/2000/svg", name, {});
    Object.entries(attributes).forEach(([key, value]) => made.setAttribute(key, String(value)));
    return made;
  };
  const line = (content: string, y: number, size: number): Drawing => {
    const made = element("text", { x: margin, y, "font-size": size, fill: "#222" });
    made.append(content);
    return made;
  };
  const widthOf = (column: number): number => widths[Math.min(column, widths.length - 1)] ?? 0;
  const leftOf = (column: number): number =>
    Array.from({ length: column }, (_, at) => widthOf(at) + gap).reduce((sum, each) => sum + each, margin);
  const across = Math.min(columns, panels.length);
  const [width, tall] = [
    Math.ceil(Math.max(leftOf(across) - gap + margin, caption.length * 6.6 + 2 * margin)),
    header + Math.ceil(panels.length / columns) * (height + gap) + margin,
  ];
  const box = { width, height: tall, viewBox: `0 0 ${width} ${tall}`, "font-family": `${font}, sans-serif` };
  const sheet = element("svg", { xmlns: "http://www.w3.org/2000/svg", ...box });
  sheet.append(element("rect", { width, height: tall, fill: "white" }));
  sheet.append(line(title, 28, 16));
  sheet.append(line(caption, 48, 11));
  panels.forEach((options, at) => {
    const [row, column] = [Math.floor(at / columns), at % columns];
    const style = { fontFamily: `${font}, sans-serif`, fontSize: "10px", background: "white", color: "#222" };
    const panel: Drawing = plot({ ...options, document, style, width: widthOf(column), height });
    panel.setAttribute("x", String(leftOf(column)));
    panel.setAttribute("y", String(header + row * (height + gap)));
    sheet.append(panel);
  });
  return sheet.outerHTML;
};

/** Draws SVG as PNG, with two pixels for each of the drawing's. */
export type Rasterizer = (svg: string) => Uint8Array;

/** Starts the renderer, which knows only how to be started once in a program. */
const startOnce = async (): Promise<void> => {
  const wasm = await resvgWasm();
  await initWasm(wasm).catch((reason) => {
    if (!String(reason).includes("Already initialized")) throw reason;
  });
};

/** Starts the renderer, if it does not run yet. Needs the permission to read. */
export const openRasterizer = async (): Promise<Rasterizer> => {
  const sans = await dejavuSans();
  await startOnce();
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
