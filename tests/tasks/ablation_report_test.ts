import { differenceSheet, metricSheet, svgOf } from "../../lib/experiment/ablation/plots.ts";
import { type Report, summaryOf } from "../../lib/experiment/ablation/report.ts";
import type { RunRecord } from "../../lib/experiment/ablation/run_record.ts";
import { plainTable, tableCsv, tableMarkdown } from "../../lib/experiment/ablation/tables.ts";
import { ownSize } from "../../lib/metrics/protocols.ts";
import { assert, assertAlmostEquals, assertEquals, assertStringIncludes } from "../std.ts";

const recordOf = (row: string, seed: number, network: RunRecord["network"]): RunRecord => ({
  ...{ row, seed, network, parameters: 7, ms_per_step: 5, seconds: 1, generators: {}, notes: [] },
  backend: { name: "wasm", adapter: "the processor" },
  input: { height: 4, width: 6 },
});

const reportOf = (rows: readonly string[], records: readonly RunRecord[]): Report => ({
  ...{ name: "of <rows>", baseline: rows[0] ?? "", seeds: [0, 1], protocol: ownSize, input: [4, 6], images: 3 },
  ...{ backends: [], constant: { metres: 2, metrics: null }, generators: [], records, failed: [] },
  rows: summaryOf(rows, rows[0] ?? "", records),
});

const everyRun = (rows: readonly string[]): readonly RunRecord[] =>
  rows.flatMap((row, at) => [0, 1].map((seed) => recordOf(row, seed, { rel: 0.1 * (at + 1) + 0.01 * seed ** at })));

/** Cells of a line of CSV by RFC 4180. */
const cellsOf = (line: string): readonly string[] =>
  [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,"]*))/g)].map(([, quoted, bare]) =>
    quoted?.replaceAll('""', '"') ?? bare ?? ""
  );

Deno.test("names with commas, quotes, bars and brackets come through every table", () => {
  const names = ['L1, "plain"', "a | b", "<b>"];
  const report = reportOf(names, everyRun(names));
  const lines = tableCsv(report).trim().split("\n").map(cellsOf);
  assertEquals(lines.slice(1).map(([row]) => row), names);
  assertEquals(new Set(lines.map((cells) => cells.length)).size, 1);
  const text = tableMarkdown(report);
  assertStringIncludes(text, "| a \\| b |");
  assertStringIncludes(text, "# Ablation of &lt;rows>");
  assertEquals(text.includes("<"), false);
});

Deno.test("rows whose names begin alike have a line each in the plots, with their own marks", () => {
  const names = ["base", ...[1, 2, 3].map((levels) => `L1 + HEG-S with weights 0, 10, 15 and K = ${levels}`)];
  const report = reportOf(names, everyRun(names));
  for (const [sheet, lines] of [[metricSheet(report), 4], [differenceSheet(report), 3]] as const) {
    const svg = svgOf(sheet);
    [1, 2, 3].forEach((levels) => assertStringIncludes(svg, `>L1 + HEG-S with w…10, 15 and K = ${levels}<`));
    const heights = [...svg.matchAll(/<circle(?=[^>]* r="4")[^>]* cy="([\d.]+)"/g)].map(([, height]) => height);
    assertEquals([heights.length, new Set(heights).size], [lines, lines]);
  }
});

/** How far the numbers below the panels of a drawing reach beyond them, in pixels; negative where they have room. */
const overhang = (svg: string): number =>
  Math.max(
    ...svg.split("<svg").slice(2).flatMap((panel) => {
      const width = Number(/ width="([\d.]+)"/.exec(panel)?.[1]);
      const axis = panel.split('aria-label="x-axis tick label"')[1]?.split("</g>")[0] ?? "";
      return [...axis.matchAll(/translate\(([\d.]+),[\d.]+\)[^>]*>([^<]+)</g)].flatMap(([, middle, number = ""]) => {
        // A digit of this font is 6.4 pixels wide.
        const half = 3.2 * number.length;
        return [half - Number(middle), Number(middle) + half - width];
      });
    }),
  );

Deno.test("the numbers of axes are drawn whole, also at the ends", () => {
  const rows = ["base", "other"];
  for (const unit of [1e-3, 2e-3, 4e-3, 5e-3, 8e-3, 0.05]) {
    const network = (at: number) => ({ rel: 0.2, sq_rel: 0.2 - unit * at, rms: 0.2 + unit * at });
    const runs = rows.flatMap((row, at) => [0, 1].map((seed) => recordOf(row, seed, network(at * (1 + seed / 4)))));
    const report = reportOf(rows, runs);
    [metricSheet(report), differenceSheet(report)].map(svgOf).forEach((svg) => assert(overhang(svg) < 0, `${unit}`));
  }
});

Deno.test("a difference is taken over the seeds that both rows have finished", () => {
  const records = [
    recordOf("base", 0, { rel: 0.5 }),
    recordOf("base", 1, { rel: 0.25 }),
    recordOf("other", 1, { rel: 0.375 }),
    recordOf("other", 2, { rel: 9 }),
  ];
  const [base, other, none] = summaryOf(["base", "other", "none"], "base", records);
  assertEquals([base?.seeds, other?.seeds, none?.seeds], [[0, 1], [1, 2], []]);
  assertEquals(other?.differences.get("rel"), { count: 1, mean: 0.125, deviation: null, interval: null });
  assertAlmostEquals(other?.metrics.get("rel")?.mean ?? NaN, 4.6875, 1e-12);
  assertEquals([none?.metrics.get("rel"), none?.differences.get("rel")], [null, null]);
  const table = tableMarkdown(reportOf(["base", "other", "none"], records));
  assertStringIncludes(table, "| other | 1 | +0.1250 |");
  assertStringIncludes(table, "| none | 0 | – |");
});

Deno.test("tables without any metric have no number in its place", () => {
  const report = reportOf(["base", "other"], [recordOf("base", 0, {}), recordOf("other", 0, { rel: null })]);
  for (const text of [tableMarkdown(report), tableCsv(report), plainTable(report)]) {
    assertEquals(/NaN|Infinity|undefined/.test(text), false);
  }
});
