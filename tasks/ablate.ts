import { pipe, type TaskEither, TE } from "../lib/dependencies/fp.ts";
import { resolve } from "../lib/dependencies/text.ts";
import { type Failure, failure } from "../lib/errors.ts";
import { type AblationResult, runAblation } from "../lib/experiment/ablation/ablate.ts";
import { planOf, type PlanOptions } from "../lib/experiment/ablation/plan.ts";
import { plainTable } from "../lib/experiment/ablation/tables.ts";
import { type Arguments, type Command, commonFlags } from "./arguments.ts";
import { datasetFlag, namedDataset, readingOf } from "./context.ts";
import { main } from "./main.ts";
import { networkFlag, openBackend } from "./network.ts";

const command: Command = {
  name: "ablate",
  summary: "Trains each row of an ablation with each seed, what is finished already left out, and compares the rows.",
  flags: [
    ...commonFlags.map((flag) =>
      flag.name === "config" ? { ...flag, help: "the ablation, JSON with comments; needed" } : flag
    ),
    {
      name: "base",
      value: "FILE",
      path: "whole",
      help: "the configuration that the rows change, instead of the ablation's own",
    },
    { name: "data", value: "DIR", path: "whole", help: "the folder of the data set" },
    { ...datasetFlag, help: "a module whose default export is the data set, in place of the base's" },
    { ...networkFlag, help: "a module whose default export is the network of the base" },
    { name: "out", value: "DIR", path: "whole", help: "the folder of all runs, runs/NAME of the ablation by default" },
  ],
};

const whatIsWhere = (out: string, rows: number): string =>
  [
    `${out}/table.md, .csv, .json     means, and differences to the baseline, with their intervals`,
    `${out}/metrics.svg, .png         every metric by row`,
    ...(rows > 1 ? [`${out}/differences.svg, .png     every paired difference by row`] : []),
    `${out}/curves.svg, .png          the training curves`,
    `${out}/ROW/seed-N                the runs, each with its checkpoint`,
  ].join("\n");

const optionsOf = (args: Arguments): TaskEither<Failure, PlanOptions> => {
  const [file, base, data, out, network] = ["config", "base", "data", "out", "network"].map(args.flag);
  return file === undefined
    ? TE.left(failure("usage", "--config", "nothing", "an ablation, such as configs/ablation/losses.jsonc"))
    : TE.right({
      file,
      settings: [
        ...args.flags("set"),
        ...(network === undefined ? [] : [`networkFile=${JSON.stringify(resolve(network))}`]),
      ],
      dataset: namedDataset(args),
      ...(base === undefined ? {} : { base }),
      ...(data === undefined ? {} : { data }),
      ...(out === undefined ? {} : { out }),
    });
};

/** Prints the tables, and then tells of what failed. */
const print = (out: string, { report, problem }: AblationResult): TaskEither<Failure, void> => {
  if (report !== null) console.log(`\n${plainTable(report)}\n\n${whatIsWhere(out, report.rows.length)}`);
  return problem === null ? TE.right(undefined) : TE.left(problem);
};

const ablate = (args: Arguments): TaskEither<Failure, void> =>
  pipe(
    optionsOf(args),
    TE.chain(planOf),
    TE.chain((plan) =>
      pipe(
        TE.fromEither(readingOf(args)),
        TE.chain((reading) => runAblation(plan, { ...reading, openDevice: openBackend(args) })),
        TE.chain((result) => print(plan.out, result)),
      )
    ),
  );

await main(command, ablate);
