import { E, pipe, type TaskEither, TE } from "../lib/dependencies/fp.ts";
import type { Failure } from "../lib/errors.ts";
import { writeBytes } from "../lib/formats/files.ts";
import { encodeRgbPng } from "../lib/formats/png_encode.ts";
import { explanationPage } from "../lib/pictures/explanation_page.ts";
import { explain, type Explainer } from "../lib/train/explain.ts";
import type { Predictor } from "../lib/train/predict.ts";
import { readyGenerators } from "../lib/experiment/explained_generators.ts";
import { explainedLosses } from "../lib/experiment/explained_losses.ts";
import { type Arguments, type Command, commonFlags } from "./arguments.ts";
import { stem } from "./context.ts";
import { type ChosenSample, chosenSamples, sampleFlags } from "./explained_samples.ts";
import { type ExplainedImage, reportJson, reportTables } from "./explanation_report.ts";
import { main } from "./main.ts";
import { progress } from "./progress.ts";
import { writeJson } from "./results.ts";
import { dirname } from "./std.ts";
import { checkpointFlag, loadTrained } from "./trained_network.ts";

const command: Command = {
  name: "explain",
  summary: "Draws what each loss sees in images: the levels of the generators, and where each loss pulls.",
  operands: "[IMAGE…]",
  flags: [
    ...commonFlags,
    checkpointFlag,
    {
      name: "generator",
      value: "NAME=FILE",
      help: "a pretrained generator, such as scene=heg-scene.safetensors; those beside the checkpoint by default",
      repeated: true,
    },
    ...sampleFlags,
    { name: "out", value: "DIR", help: "the folder of the pictures, explain beside the checkpoint by default" },
    { name: "json", value: "FILE", help: "writes the numbers as JSON" },
  ],
};

/** What is drawn of each sample, and where. */
interface Drawing {
  readonly predict: Predictor;
  readonly explained: Explainer;
  readonly out: string;
}

const drawSample = (
  { predict, explained, out }: Drawing,
  { label, sample: { name, image, depth } }: ChosenSample,
): TaskEither<Failure, ExplainedImage> => {
  const picture = `${out}/${label}-${stem(name)}.png`;
  return pipe(
    predict(image),
    TE.chain((prediction) => explained(depth, prediction)),
    TE.chainFirst((explanation) =>
      writeBytes(picture, encodeRgbPng(explanationPage({ title: name, image, explanation })))
    ),
    TE.map((explanation) => ({ name, picture, explanation })),
  );
};

const drawAll =
  (drawing: Drawing, samples: readonly ChosenSample[]): TaskEither<Failure, readonly ExplainedImage[]> => async () => {
    const shown = progress("explain", samples.length);
    const images: ExplainedImage[] = [];
    for (const chosen of samples) {
      const image = await drawSample(drawing, chosen)();
      if (E.isLeft(image)) {
        shown.end();
        return image;
      }
      images.push(image.right);
      shown.update(images.length, chosen.sample.name);
    }
    shown.end();
    return E.right(images);
  };

const run = (args: Arguments): TaskEither<Failure, void> => async () => {
  const [checkpoint, json] = [args.flag("checkpoint") ?? "", args.flag("json")];
  const out = args.flag("out") ?? `${dirname(checkpoint)}/explain`;
  const trained = await loadTrained(args)();
  if (E.isLeft(trained)) return trained;
  const { configuration, predict } = trained.right;
  const losses = await pipe(
    readyGenerators(args.flags("generator"), checkpoint, configuration),
    TE.chain((generators) => explainedLosses(configuration, generators)),
  )();
  if (E.isLeft(losses)) return losses;
  return await pipe(
    chosenSamples(args, configuration),
    TE.chain((samples) => drawAll({ predict, explained: explain(losses.right), out }, samples)),
    TE.chain((images) => {
      console.log(`\n${reportTables(images)}\n\n${images.length} pictures in ${out}`);
      return json === undefined ? TE.right(undefined) : writeJson(json, reportJson(checkpoint, images));
    }),
  )();
};

await main(command, run);
