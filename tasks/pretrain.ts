import { E, pipe, type TaskEither, TE } from "../lib/dependencies/fp.ts";
import { generatorNames } from "../lib/embedding/generators.ts";
import { type Failure, failure } from "../lib/errors.ts";
import { runPretraining } from "../lib/experiment/experiment.ts";
import { stem } from "../lib/experiment/files.ts";
import { describeReport } from "../lib/experiment/pretraining.ts";
import { type Arguments, type Command, commonFlags, freshFlag } from "./arguments.ts";
import { configurationOf, datasetFlag, readingOf } from "./context.ts";
import { main } from "./main.ts";
import { openBackend } from "./network.ts";

const command: Command = {
  name: "pretrain",
  summary: "Pretrains one embedding generator alone, such as HEG-S to tell scenes apart or HEG-R to reconstruct depth.",
  flags: [
    ...commonFlags,
    { name: "generator", value: "NAME", help: `${generatorNames.join(", ")}; needed`, allowed: generatorNames },
    { name: "data", value: "DIR", path: "whole", help: "the folder of the data set" },
    datasetFlag,
    {
      name: "out",
      value: "DIR",
      path: "whole",
      help: "the folder of the run, runs/NAME-GENERATOR of the configuration by default",
    },
    freshFlag,
    { name: "seed", value: "N", help: "the seed of all randomness" },
  ],
};

const run = (args: Arguments): TaskEither<Failure, void> => async () => {
  const generator = generatorNames.find((name) => name === args.flag("generator"));
  if (generator === undefined) {
    return E.left(failure("usage", "--generator", "nothing", `one of ${generatorNames.join(", ")}`));
  }
  const file = args.flag("config") ?? "configs/quickstart.jsonc";
  const out = args.flag("out") ?? `runs/${stem(file)}-${generator}`;
  const fresh = args.switched(freshFlag.name);
  const configuration = await configurationOf(args, file)();
  if (E.isLeft(configuration)) return configuration;
  const device = await openBackend(args)();
  if (E.isLeft(device)) return device;
  return await pipe(
    TE.fromEither(readingOf(args)),
    TE.chain((reading) =>
      runPretraining(configuration.right, generator, { ...reading, device: device.right, out, fresh })
    ),
    TE.map((pretrained) => console.log(`${describeReport(pretrained)}\n${pretrained.checkpoint}  the generator`)),
  )();
};

await main(command, run);
