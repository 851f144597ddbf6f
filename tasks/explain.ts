import { E, type Either, pipe, type TaskEither, TE } from "../lib/dependencies/fp.ts";
import { dirname, resolve } from "../lib/dependencies/text.ts";
import type { Failure } from "../lib/errors.ts";
import { readyGenerators } from "../lib/experiment/explained_generators.ts";
import type { Configuration } from "../lib/experiment/configuration.ts";
import { explainedLosses, withNamedLoss } from "../lib/experiment/explained_losses.ts";
import { chosenSamples, explainSamples, type SampleChoice } from "../lib/experiment/explanation.ts";
import { reportJson, reportTables } from "../lib/experiment/explanation_report.ts";
import { writeJson } from "../lib/experiment/files.ts";
import { namedData } from "../lib/experiment/own_modules.ts";
import { explain } from "../lib/train/explain.ts";
import { type Arguments, type Command, commonFlags, numberOf, unlessAbsent } from "./arguments.ts";
import { readingOf } from "./context.ts";
import { main } from "./main.ts";
import { loadSeen, seenFlags } from "./seen.ts";

const command: Command = {
  name: "explain",
  summary: "Draws what each loss sees in images: the levels of the generators, and where each loss pulls.",
  operands: "[IMAGE…]",
  operandsArePaths: ({ flags }) => flags("truth").length > 0,
  flags: [
    ...commonFlags,
    ...seenFlags,
    {
      name: "generator",
      value: "NAME=FILE",
      path: "after =",
      help: "a pretrained generator, such as scene=heg-scene.safetensors; those beside the checkpoint by default",
      repeated: true,
    },
    { name: "loss", value: "FILE.ts", path: "whole", help: "the loss file of the training, if it had one" },
    {
      name: "truth",
      value: "FILE",
      path: "whole",
      help: "the depth map of each IMAGE (PNG, TIFF, NPY or NPZ), in their order: the images are files then",
      repeated: true,
    },
    {
      name: "depth-scale",
      value: "N",
      help: "units of --truth in a metre, 1000 by default; metres for floating-point numbers",
    },
    { name: "count", value: "N", help: "how many test samples are taken of those that match, 3 by default" },
    {
      name: "out",
      value: "DIR",
      path: "whole",
      help: "the folder of the pictures, explain beside the checkpoint by default",
    },
    { name: "json", value: "FILE", path: "whole", help: "writes the numbers as JSON" },
  ],
};

const choiceOf = (args: Arguments): Either<Failure, SampleChoice> => {
  const [count, depthScale] = [numberOf(args, "count"), numberOf(args, "depth-scale")];
  if (E.isLeft(count)) return count;
  if (E.isLeft(depthScale)) return depthScale;
  return E.right({
    images: args.operands,
    truths: args.flags("truth"),
    count: count.right ?? 3,
    ...(depthScale.right === undefined ? {} : { depthScale: depthScale.right }),
  });
};

/** The loss file that the user names: by --loss, or by what else is the user's own word. */
const namedLoss = (args: Arguments, { lossFile }: Configuration): string => {
  const isOwn = args.flag("config") !== undefined || args.flags("set").some((set) => set.startsWith("lossFile="));
  const given = args.flag("loss");
  return given === undefined ? isOwn ? lossFile : "" : resolve(given);
};

const run = (args: Arguments): TaskEither<Failure, void> => async () => {
  const checkpoint = args.flag("checkpoint") ?? "";
  const out = args.flag("out") ?? `${dirname(checkpoint)}/explain`;
  const loaded = await loadSeen(args)();
  if (E.isLeft(loaded)) return loaded;
  const { trained, seen: { data, purpose, dataset = "" } } = loaded.right;
  const { predict } = trained;
  const named = withNamedLoss(trained.configuration, namedLoss(args, trained.configuration));
  if (E.isLeft(named)) return named;
  const configuration = named.right;
  const explained = await pipe(
    readyGenerators(args.flags("generator"), checkpoint, configuration, args.listener),
    TE.chain((generators) => explainedLosses(configuration, generators, checkpoint, configuration.lossFile)),
  )();
  if (E.isLeft(explained)) return explained;
  const [choice, reading] = [choiceOf(args), readingOf(args)];
  if (E.isLeft(choice)) return choice;
  if (E.isLeft(reading)) return reading;
  return await pipe(
    namedData(dataset),
    TE.chain((own) => chosenSamples(data, choice.right, { ...reading.right, purpose, own })),
    TE.chain((samples) =>
      explainSamples({ predict, explainer: explain(explained.right), out, listener: args.listener }, samples)
    ),
    TE.chain((images) => {
      console.log(`\n${reportTables(images)}\n\n${images.length} pictures in ${out}`);
      return unlessAbsent(args.flag("json"), (path) => writeJson(path, reportJson(checkpoint, images)));
    }),
  )();
};

await main(command, run);
