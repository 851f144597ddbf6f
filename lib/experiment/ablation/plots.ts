import {
  dejavuSans,
  DOMParser,
  dot,
  initWasm,
  lineY,
  plot,
  type PlotOptions,
  Resvg,
  resvgWasm,
  ruleX,
  ruleY,
  text,
} from "../../dependencies/plots.ts";
import { type MetricName, metricOf, metricsIn, type Report, type RowSummary } from "./report.ts";
import { type CurvePoint, smoothed } from "./run_record.ts";

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
const plotFont = "DejaVu Sans";

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
  const box = { width, height: tall, viewBox: `0 0 ${width} ${tall}`, "font-family": `${plotFont}, sans-serif` };
  const sheet = element("svg", { xmlns: "http://www.w3.org/2000/svg", ...box });
  sheet.append(element("rect", { width, height: tall, fill: "white" }));
  sheet.append(line(title, 28, 16));
  sheet.append(line(caption, 48, 11));
  panels.forEach((options, at) => {
    const [row, column] = [Math.floor(at / columns), at % columns];
    const style = { fontFamily: `${plotFont}, sans-serif`, fontSize: "10px", background: "white", color: "#222" };
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
      font: { fontBuffers: [sans], defaultFontFamily: plotFont, sansSerifFamily: plotFont },
    });
    const picture = drawing.render();
    const png = picture.asPng();
    picture.free();
    drawing.free();
    return png;
  };
};

const colours = { better: "#0072b2", worse: "#d55e00", undecided: "#777777", own: "#0072b2", baseline: "#222222" };

/** Long names of rows often differ only at their ends. */
const shown = (row: string): string => row.length <= 34 ? row : `${row.slice(0, 17)}…${row.slice(-16)}`;

const better = (name: MetricName): string =>
  name.startsWith("delta") ? `${name} (more is better)` : `${name} (less is better)`;

/** Half of the longest number of an axis, such as −0.010, which may stand at its end. */
const sideMargin = 24;

/** The space that the names of the rows need. */
const labelWidth = (rows: readonly string[]): number => 24 + 6.2 * Math.max(...rows.map((row) => shown(row).length));

/** A panel of values by row; only the first column of a sheet names the rows. */
const byRow = (rows: readonly string[], first: boolean, label: string, marks: PlotOptions["marks"]): PlotOptions => ({
  marginLeft: first ? labelWidth(rows) : sideMargin,
  marginRight: sideMargin,
  marginTop: 8,
  marginBottom: 38,
  x: { label, labelAnchor: "center", labelArrow: "none", grid: true, nice: true, ticks: 4 },
  y: { domain: rows, tickFormat: shown, label: null, axis: first ? "left" : null, tickSize: 0 },
  marks: marks ?? [],
});

const columns = 3;

const sheetOf = (
  title: string,
  caption: string,
  rows: readonly string[],
  names: readonly MetricName[],
  panelOf: (name: MetricName, first: boolean) => PlotOptions,
): Sheet => ({
  ...{ title, caption, columns },
  height: 60 + 20 * rows.length,
  widths: [260 + labelWidth(rows), 260 + 2 * sideMargin],
  panels: names.map((name, at) => panelOf(name, at % columns === 0)),
});

const ends = (row: string, interval: readonly [number, number] | null) =>
  interval === null ? [] : [{ row, low: interval[0], high: interval[1] }];

const metricPanel = ({ rows, baseline, records }: Report, name: MetricName, first: boolean): PlotOptions => {
  const means = rows.flatMap(({ row, metrics }) => {
    const spread = metrics.get(name) ?? null;
    return spread === null ? [] : [{ row, mean: spread.mean, base: row === baseline }];
  });
  const seeds = records.flatMap((record) => {
    const value = metricOf(record, name);
    return value === null ? [] : [{ row: record.row, value }];
  });
  const bars = rows.flatMap(({ row, metrics }) => ends(row, metrics.get(name)?.interval ?? null));
  const fill = ({ base }: { readonly base: boolean }): string => base ? colours.baseline : colours.own;
  return byRow(rows.map(({ row }) => row), first, better(name), [
    ruleX(means.filter(({ base }) => base), { x: "mean", stroke: "#999", strokeDasharray: "3,3" }),
    ruleY(bars, { y: "row", x1: "low", x2: "high", stroke: "#444", strokeWidth: 1.5 }),
    dot(seeds, { x: "value", y: "row", r: 2, fill: "#999" }),
    dot(means, { x: "mean", y: "row", r: 4, fill }),
  ]);
};

/** Every metric by row: the mean with its 95 % interval, and the runs. */
export const metricSheet = (report: Report): Sheet =>
  sheetOf(
    `Ablation ${report.name}`,
    `Mean over seeds with its 95 % interval; small dots are the runs; the dashed line is ${report.baseline}`,
    report.rows.map(({ row }) => row),
    metricsIn(report.rows),
    (name, first) => metricPanel(report, name, first),
  );

const verdict = (name: MetricName, interval: readonly [low: number, high: number] | null): string => {
  if (interval === null || (interval[0] <= 0 && interval[1] >= 0)) return colours.undecided;
  return (interval[0] > 0) === name.startsWith("delta") ? colours.better : colours.worse;
};

const differencePanel = (rows: readonly RowSummary[], name: MetricName, first: boolean): PlotOptions => {
  const means = rows.flatMap(({ row, differences }) => {
    const spread = differences.get(name) ?? null;
    return spread === null ? [] : [{ row, mean: spread.mean, stroke: verdict(name, spread.interval) }];
  });
  const bars = rows.flatMap(({ row, differences }) => {
    const interval = differences.get(name)?.interval ?? null;
    return ends(row, interval).map((each) => ({ ...each, stroke: verdict(name, interval) }));
  });
  return byRow(rows.map(({ row }) => row), first, better(name), [
    ruleX([0], { stroke: "#222" }),
    ruleY(bars, { y: "row", x1: "low", x2: "high", stroke: (each) => each.stroke, strokeWidth: 2 }),
    dot(means, { x: "mean", y: "row", r: 4, fill: (each) => each.stroke }),
  ]);
};

/** Every metric's paired difference to the baseline by row, with its 95 % interval. */
export const differenceSheet = (report: Report): Sheet => {
  const others = report.rows.filter(({ row }) => row !== report.baseline);
  return sheetOf(
    `Ablation ${report.name}: each row less ${report.baseline}, seed by seed`,
    "Mean difference with its 95 % interval: blue is better, orange worse, grey undecided",
    others.map(({ row }) => row),
    metricsIn(report.rows),
    (name, first) => differencePanel(others, name, first),
  );
};

/** A training curve of a run. */
export interface Curve {
  readonly row: string;
  readonly seed: number;
  readonly points: readonly CurvePoint[];
}

const curvePanel = (row: string, curves: readonly Curve[]): PlotOptions => {
  const points = curves.filter((curve) => curve.row === row).flatMap(({ seed, points }) =>
    smoothed(points, 100).map((point) => ({ ...point, seed }))
  );
  return {
    ...{ marginLeft: 52, marginRight: sideMargin, marginTop: 24, marginBottom: 34 },
    x: { label: "step", labelAnchor: "center", labelArrow: "none", ticks: 4 },
    y: { label: null, grid: true, nice: true, ticks: 5 },
    marks: [
      lineY(points, { x: "step", y: "loss", z: "seed", stroke: colours.own, strokeOpacity: 0.7 }),
      text([shown(row)], { frameAnchor: "top", dy: -16, text: (each) => each, fontSize: 11 }),
    ],
  };
};

/** What each row minimized by step, a line a seed. */
export const curveSheet = ({ name, rows }: Report, curves: readonly Curve[]): Sheet => ({
  title: `Ablation ${name}: training curves`,
  caption: "The loss of each row by step, a line a seed; losses of different rows are in different units",
  columns: 4,
  height: 180,
  widths: [290],
  panels: rows.filter(({ seeds }) => seeds.length > 0).map(({ row }) => curvePanel(row, curves)),
});
