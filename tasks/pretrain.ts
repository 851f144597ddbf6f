import type { GeneratorName } from "../lib/embedding/generators.ts";
import { generatorNames as generators } from "../lib/embedding/generators.ts";
import { E, pipe, type TaskEither, TE } from "../lib/dependencies/fp.ts";
import { type Failure, failure } from "../lib/errors.ts";
import { describeReport, pretrain } from "../lib/experiment/pretraining.ts";
import { type Arguments, type Command, commonFlags } from "./arguments.ts";
import { configurationOf, openBackend, stem, withData } from "./context.ts";
import { openLog } from "./log_file.ts";
import { main } from "./main.ts";
import { aloud, listenerOf } from "./progress.ts";
import { writeJson } from "./results.ts";

const command: Command = {
  name: "pretrain",
  summary:
    "Pretrains one embedding generator: HEG-S to tell scenes apart, HEG-R to reconstruct depth, or a control of both.",
  flags: [
    ...commonFlags,
    {
      name: "generator",
      value: "NAME",
      help: "scene, reconstruction, image (scenes by their grey images) or random (no training); needed",
      allowed: generators,
    },
    { name: "data", value: "DIR", help: "the folder of the data set" },
    { name: "out", value: "DIR", help: "the folder of the run, runs/NAME of the configuration by default" },
    { name: "seed", value: "N", help: "the seed of all randomness" },
  ],
};

const wanted = (args: Arguments): E.Either<Failure, GeneratorName> => {
  const generator = generators.find((name) => name === args.flag("generator"));
  return generator === undefined
    ? E.left(failure("usage", "--generator", "nothing", `one of ${generators.join(", ")}`))
    : E.right(generator);
};

const run = (args: Arguments): TaskEither<Failure, void> => async () => {
  const generator = wanted(args);
  if (E.isLeft(generator)) return generator;
  const file = args.flag("config") ?? "configs/quickstart.jsonc";
  const out = args.flag("out") ?? `runs/${stem(file)}`;
  const configuration = await configurationOf(args, file)();
  if (E.isLeft(configuration)) return configuration;
  const device = await openBackend(args)();
  if (E.isLeft(device)) return device;
  return await withData(args, configuration.right.data, (data) => async () => {
    const log = await openLog(out)();
    if (E.isLeft(log)) return log;
    const setting = {
      device: device.right,
      configuration: configuration.right,
      data,
      log: log.right,
      out,
      listener: listenerOf(aloud),
    };
    return await pipe(
      writeJson(`${out}/config.json`, configuration.right),
      TE.chain(() => pretrain(setting, generator.right)),
      TE.chainFirst(({ report }) => writeJson(`${out}/metrics.json`, { [generator.right]: report })),
      TE.map((pretrained) => console.log(`${describeReport(pretrained)}\n${pretrained.checkpoint}  the generator`)),
    )();
  })();
};

await main(command, run);
