import { withFolder } from "../lib/config/data.ts";
import { E, pipe, type TaskEither, TE } from "../lib/dependencies/fp.ts";
import type { Failure } from "../lib/errors.ts";
import { type Arguments, type Command, commonFlags } from "./arguments.ts";
import { withData } from "./context.ts";
import { main } from "./main.ts";
import { evaluateWithPictures, evaluationJson, evaluationTable, writeJson } from "./results.ts";
import { resolve } from "./std.ts";
import { checkpointFlag, loadTrained } from "./trained_network.ts";

const command: Command = {
  name: "evaluate",
  summary: "Evaluates a depth network on the test split of its configuration's data, or of another folder.",
  flags: [
    ...commonFlags,
    checkpointFlag,
    { name: "data", value: "DIR", help: "the folder of the data set" },
    { name: "json", value: "FILE", help: "writes the metrics as JSON" },
  ],
};

const run = (args: Arguments): TaskEither<Failure, void> => async () => {
  const trained = await loadTrained(args)();
  if (E.isLeft(trained)) return trained;
  const { configuration, predict } = trained.right;
  const folder = args.flag("data");
  const evaluated = await pipe(
    folder === undefined || args.flag("config") !== undefined
      ? TE.right(configuration.data)
      : TE.fromEither(withFolder(configuration.data, resolve(folder))),
    TE.chain((data) =>
      withData(
        args,
        data,
        ({ measured }) => evaluateWithPictures(measured.test, predict, { ...configuration.evaluation, pictures: 0 }),
      )
    ),
    TE.map(({ evaluation }) => evaluation),
  )();
  if (E.isLeft(evaluated)) return evaluated;
  const { sum, framesPerSecond } = evaluated.right;
  console.log(`\n${evaluationTable([["CLIFFNet", evaluated.right]])}\n`);
  console.log(`${sum.images} images, ${sum.pixels} valid pixels, ${framesPerSecond.toFixed(2)} frames a second`);
  const file = args.flag("json");
  return file === undefined ? E.right(undefined) : await writeJson(file, evaluationJson(evaluated.right))();
};

await main(command, run);
