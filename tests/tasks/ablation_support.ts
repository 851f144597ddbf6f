/** A small ablation, and what its tables and plots must be. */
import { orThrow } from "../../lib/errors.ts";
import { decodeImage } from "../../lib/formats/image.ts";
import { metricNames } from "../../lib/metrics/depth_metrics.ts";
import { assert, assertAlmostEquals, assertEquals, assertStringIncludes } from "../std.ts";
import { tiny } from "./support.ts";

const hierarchical = { kind: "hierarchical", generator: "scene", weights: [0, 10, 15], warmup: 0 };

/** Two of its rows want the same generator, and one has a loss of its own. */
export const ablation = {
  base: { ...tiny, loss: [{ kind: "l1" }], training: { steps: 5, batch: 2 } },
  seeds: [0, 4],
  baseline: "L1",
  keepEvery: 2,
  rows: {
    "L1": {},
    "L1 + HEG-S": { set: { loss: [{ kind: "l1" }, { ...hierarchical, weight: 0.03 }] } },
    "HEG-S | ×10 & <more>": { set: { loss: [{ kind: "l1" }, { ...hierarchical, weight: 0.3 }] } },
    "own": { lossFile: "own.ts" },
  },
};

/** A mean of the tables with what belongs to it. */
export interface Summary {
  readonly count: number;
  readonly mean: number;
  readonly deviation: number | null;
  readonly interval: readonly [number, number] | null;
}

/** What is used of table.json. */
export interface Table {
  readonly rows: readonly {
    readonly row: string;
    readonly seeds: readonly number[];
    readonly parameters: number;
    readonly metrics: Readonly<Record<string, Summary | null>>;
    readonly differences: Readonly<Record<string, Summary>> | null;
  }[];
  readonly generators: readonly { readonly seed: number }[];
}

/** The value of a JSON file. */
export const jsonOf = <T>(path: string): T => JSON.parse(Deno.readTextFileSync(path));

/** The folder of each row. */
export const folders = { "L1": "L1", "L1 + HEG-S": "L1-HEG-S", "HEG-S | ×10 & <more>": "HEG-S-10-more", "own": "own" };

/** The metric of a run as its folder has it. */
const measured = (out: string, row: string, seed: number, metric: string): number =>
  jsonOf<{ network: Record<string, number> }>(`${out}/${row}/seed-${seed}/metrics.json`).network[metric] ?? NaN;

/** What a table must say of two seeds: for one degree of freedom, t is tan(0.95 π/2). */
const checkSummary = (summary: Summary | null | undefined, first: number, second: number): void => {
  assert(summary !== undefined && summary !== null);
  const [mean, apart] = [(first + second) / 2, Math.abs(first - second)];
  const half = Math.tan(0.95 * Math.PI / 2) * apart / 2;
  const near = (value: number | null | undefined, wanted: number) =>
    assertAlmostEquals(value ?? NaN, wanted, 1e-9 * (1 + Math.abs(wanted)));
  near(summary.mean, mean);
  near(summary.deviation, apart / Math.SQRT2);
  near(summary.interval?.[0], mean - half);
  near(summary.interval?.[1], mean + half);
};

/** Recomputes all that the tables say from the runs' own metrics. */
export const checkTables = (out: string): void => {
  const { rows, generators } = jsonOf<Table>(`${out}/table.json`);
  assertEquals(rows.map(({ row }) => row), Object.keys(ablation.rows));
  assertEquals(generators.map(({ seed }) => seed), [0, 4]);
  for (const { row, metrics, differences, seeds } of rows) {
    assertEquals(seeds, [0, 4]);
    for (const name of metricNames) {
      const folder = Object.entries(folders).find(([each]) => each === row)?.[1] ?? "";
      const [first = NaN, second = NaN] = [0, 4].map((seed) => measured(out, folder, seed, name));
      const [one = NaN, two = NaN] = [0, 4].map((seed) => measured(out, "L1", seed, name));
      checkSummary(metrics[name], first, second);
      if (row === "L1") assertEquals(differences, null);
      else checkSummary(differences?.[name], first - one, second - two);
    }
  }
  checkText(out, rows);
};

/** The same numbers in CSV with all digits, and in Markdown with four. */
const checkText = (out: string, rows: Table["rows"]): void => {
  const [heading = [], ...lines] = Deno.readTextFileSync(`${out}/table.csv`).trim().split("\n").map((line) =>
    line.split(",")
  );
  const markdown = Deno.readTextFileSync(`${out}/table.md`);
  rows.forEach(({ row, metrics, differences, parameters }, at) => {
    const cell = (name: string) => lines[at]?.[heading.indexOf(name)];
    assertEquals([cell("row"), Number(cell("parameters"))], [row, parameters]);
    assertEquals(Number(cell("rel_mean")), metrics.rel?.mean);
    assertEquals(Number(cell("delta1_difference_high")), differences?.delta1?.interval?.[1] ?? 0);
    const { mean = NaN, deviation } = metrics.rel ?? {};
    assertStringIncludes(markdown, `${mean.toFixed(4)} ± ${deviation?.toFixed(4)}`);
  });
  assertStringIncludes(markdown, "HEG-S \\| ×10 & &lt;more>");
  const cells = markdown.split("\n").filter((line) => line.startsWith("|")).map((line) =>
    line.replaceAll("\\|", "").split("|").length
  );
  assertEquals(new Set(cells).size, 3);
};

/** Plots are pictures with marks for every row, and SVG that stands for itself. */
export const checkPlots = async (out: string): Promise<void> => {
  for (const name of ["metrics", "differences", "curves"]) {
    const svg = Deno.readTextFileSync(`${out}/${name}.svg`);
    const [first = ""] = svg.split(">");
    assert(first.startsWith("<svg ") && svg.endsWith("</svg>"), name);
    assertStringIncludes(first, 'xmlns="http://www.w3.org/2000/svg"');
    const [opened, closed] = [/<(?:svg|g|text)[\s>]/g, /<\/(?:svg|g|text)>/g].map((tag) => svg.match(tag)?.length ?? 0);
    assertEquals(opened, closed);
    assert(!/NaN|undefined|Infinity/.test(svg), name);
    for (const row of ["L1 + HEG-S", "HEG-S | ×10 &amp; &lt;more&gt;", "own"]) assertStringIncludes(svg, `>${row}<`);
    const picture = orThrow(await decodeImage(name, Deno.readFileSync(`${out}/${name}.png`))());
    const sizeOf = (side: string) => Number(new RegExp(` ${side}="(\\d+)"`).exec(first)?.[1]);
    assertEquals([picture.width, picture.height], [2 * sizeOf("width"), 2 * sizeOf("height")]);
    const dark = picture.pixels.filter((value) => value < 80).length;
    assert(dark > 3000 && dark < picture.pixels.length / 4, `${name}: ${dark} dark values`);
  }
};
