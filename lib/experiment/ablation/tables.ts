import { describe } from "../../errors.ts";
import { aligned } from "../../formats/text_table.ts";
import type { Spread } from "../../metrics/statistics.ts";
import { type MetricName, metricsIn, type Report, type RowSummary } from "./report.ts";

const dash = "–";

/** A number with an explicit sign, as differences are written. */
const signed = (value: number, digits: number): string => `${value < 0 ? "−" : "+"}${Math.abs(value).toFixed(digits)}`;

const meanText = (spread: Spread | null, digits: number): string => {
  if (spread === null) return dash;
  const { mean, deviation } = spread;
  return deviation === null ? mean.toFixed(digits) : `${mean.toFixed(digits)} ± ${deviation.toFixed(digits)}`;
};

const differenceText = (spread: Spread | null): string => {
  if (spread === null) return dash;
  const { mean, interval } = spread;
  if (interval === null) return signed(mean, 4);
  const [low, high] = interval;
  const text = `${signed(mean, 4)} [${signed(low, 4)}, ${signed(high, 4)}]`;
  return low > 0 || high < 0 ? `**${text}**` : text;
};

/** A metric's name with the direction that is better. */
const headed = (name: MetricName): string => `${name} ${name.startsWith("delta") ? "↑" : "↓"}`;

/** Text that Markdown and HTML take as it is. */
const plain = (text: string): string => text.replaceAll("|", "\\|").replaceAll("<", "&lt;");

const markdownTable = (rows: readonly (readonly string[])[]): readonly string[] => {
  const [heading = []] = rows;
  const line = (cells: readonly string[]): string => `| ${cells.map(plain).join(" | ")} |`;
  return [line(heading), line(heading.map((_, at) => at === 0 ? "---" : "--:")), ...rows.slice(1).map(line)];
};

const meanRows = ({ rows, constant }: Report, names: readonly MetricName[]): readonly (readonly string[])[] => [
  ["row", "seeds", ...names.map(headed), "parameters", "ms a step"],
  ...rows.map(({ row, seeds, metrics, parameters, msPerStep }) => [
    row,
    String(seeds.length),
    ...names.map((name) => meanText(metrics.get(name) ?? null, 4)),
    parameters?.toLocaleString("en") ?? dash,
    meanText(msPerStep, 1),
  ]),
  [
    `best constant, ${constant.metres.toFixed(2)} m`,
    dash,
    ...names.map((name) => constant.metrics?.[name]?.toFixed(4) ?? dash),
    dash,
    dash,
  ],
];

const differenceRows = ({ rows, baseline }: Report, names: readonly MetricName[]): readonly (readonly string[])[] => [
  [`less ${baseline}`, "seeds", ...names.map(headed)],
  ...rows.filter(({ row }) => row !== baseline).map(({ row, differences }) => [
    row,
    String(Math.max(0, ...names.map((name) => differences.get(name)?.count ?? 0))),
    ...names.map((name) => differenceText(differences.get(name) ?? null)),
  ]),
];

const generatorRows = ({ generators }: Report): readonly (readonly string[])[] => [
  ["generator", "seed", "steps", "made in", "on the test split"],
  ...generators.map(({ generator, seed, steps, seconds, report }) => [
    generator,
    String(seed),
    String(steps),
    `${seconds.toFixed(1)} s`,
    Object.entries(report).map(([name, value]) => `${name} ${Number(value.toPrecision(3))}`).join(", "),
  ]),
];

const seedsText = ({ seeds }: Report): string =>
  seeds.length === 1
    ? `One seed (${seeds[0]}): no standard deviation and no interval, so that no difference says anything.`
    : `${seeds.length} seeds (${
      seeds.join(", ")
    }), which draw first weights, order and changes of the samples; data and test split are the same for all.`;

/** The tables as Markdown, with what is needed to read them.
 * @category Experiments */
export const tableMarkdown = (report: Report): string => {
  const { name, baseline, protocol, input, images, backends, rows, generators, failed } = report;
  const names = metricsIn(rows);
  return [
    `# Ablation ${plain(name)}`,
    "",
    `${seedsText(report)} Input ${input.join("×")}, ${images} test images, protocol ${protocol.name}; ${
      backends.join("; ")
    }.`,
    "",
    "Mean ± sample standard deviation over seeds; a step's time is the median of each run.",
    "",
    ...markdownTable(meanRows(report, names)),
    "",
    `Paired differences: each row less ${
      plain(baseline)
    } with the same seed, mean and 95 % interval by Student's distribution; ` +
    "bold where it leaves out 0. Each interval is of its own: of twenty, one is expected to miss by chance.",
    "",
    ...markdownTable(differenceRows(report, names)),
    ...(generators.length === 0 ? [] : [
      "",
      "Generators, made once for all rows that use them; their time is not in that of a step.",
      "",
      ...markdownTable(generatorRows(report)),
    ]),
    ...(failed.length === 0 ? [] : [
      "",
      "Runs that failed, and are in no mean:",
      "",
      ...failed.map(({ row, seed, problem }) => `- ${plain(row)}, seed ${seed}: ${plain(describe(problem))}`),
    ]),
    "",
  ].join("\n");
};

/** The means as aligned lines for a terminal, which is too narrow for more.
 * @category Experiments */
export const plainTable = (report: Report): string => {
  const names = metricsIn(report.rows);
  const rows = report.rows.map(({ row, seeds, metrics, msPerStep }) => [
    row,
    String(seeds.length),
    ...names.map((name) => metrics.get(name)?.mean.toFixed(4) ?? dash),
    msPerStep?.mean.toFixed(1) ?? dash,
  ]);
  const { metres, metrics } = report.constant;
  const constant = [
    `constant ${metres.toFixed(2)} m`,
    dash,
    ...names.map((name) => metrics?.[name]?.toFixed(4) ?? dash),
  ];
  return aligned([["mean", "seeds", ...names, "ms a step"], ...rows, [...constant, dash]], 1).join("\n");
};

const cell = (value: string | number | null | undefined): string => {
  const text = value === null || value === undefined ? "" : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
};

const csvCells = (
  { row, seeds, metrics, differences, parameters, msPerStep }: RowSummary,
  names: readonly MetricName[],
) => [
  row,
  seeds.length,
  ...names.flatMap((name) => {
    const [own, difference] = [metrics.get(name), differences.get(name)];
    return [own?.mean, own?.deviation, difference?.mean, ...(difference?.interval ?? [null, null])];
  }),
  parameters,
  msPerStep?.mean,
  msPerStep?.deviation,
];

/** A line a row with all digits (RFC 4180, but lines end with a line feed); empty where there is nothing.
 * @category Experiments */
export const tableCsv = ({ rows }: Report): string => {
  const names = metricsIn(rows);
  const parts = ["mean", "deviation", "difference", "difference_low", "difference_high"];
  const heading = [
    ...["row", "seeds"],
    ...names.flatMap((name) => parts.map((part) => `${name}_${part}`)),
    ...["parameters", "ms_per_step_mean", "ms_per_step_deviation"],
  ];
  return [heading, ...rows.map((row) => csvCells(row, names))].map((cells) => `${cells.map(cell).join(",")}\n`).join(
    "",
  );
};

/** All of a report as a value for JSON, with every run's own numbers.
 * @category Experiments */
export const tableJson = (report: Report): unknown => {
  const { rows, records, generators, failed, constant, ...others } = report;
  const names = metricsIn(rows);
  return {
    ...others,
    rows: rows.map(({ row, seeds, metrics, differences, parameters, msPerStep }) => ({
      ...{ row, seeds, parameters, msPerStep },
      metrics: Object.fromEntries(names.map((name) => [name, metrics.get(name) ?? null])),
      differences: row === report.baseline
        ? null
        : Object.fromEntries(names.map((name) => [name, differences.get(name) ?? null])),
    })),
    constant,
    generators: generators.map(({ generator, seed, steps, seconds, report }) => ({
      ...{ generator, seed, steps, seconds, report },
    })),
    runs: records,
    failed: failed.map(({ row, seed, problem }) => ({ row, seed, problem: describe(problem) })),
  };
};
