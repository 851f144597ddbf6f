import { E, pipe, type TaskEither, TE } from "../dependencies/fp.ts";
import type { Failure } from "../errors.ts";
import { writeBytes } from "../formats/files.ts";
import { encodeRgbPng } from "../formats/png_encode.ts";
import { explanationPage } from "../pictures/explanation_page.ts";
import type { Explainer } from "../train/explain.ts";
import type { Listener } from "../train/listener.ts";
import type { Predictor } from "../train/predict.ts";
import type { ExplainedImage } from "./explanation_report.ts";
import type { ChosenSample } from "./explanation_samples.ts";
import { stem } from "./files.ts";

/** What is drawn of each sample, and where. */
export interface ExplanationOptions {
  /** The network that is explained. */
  readonly predict: Predictor;
  /** What its losses see. */
  readonly explainer: Explainer;
  /** The folder of the pictures. */
  readonly out: string;
  /** Told of every sample. */
  readonly listener: Listener;
}

const explainSample = (
  { predict, explainer, out }: ExplanationOptions,
  { label, sample: { name, image, depth } }: ChosenSample,
): TaskEither<Failure, ExplainedImage> => {
  const picture = `${out}/${label}-${stem(name)}.png`;
  return pipe(
    predict(image),
    TE.chain((prediction) => explainer(depth, prediction)),
    TE.chainFirst((explanation) =>
      writeBytes(picture, encodeRgbPng(explanationPage({ title: name, image, explanation })))
    ),
    TE.map((explanation) => ({ name, picture, explanation })),
  );
};

/** Draws what losses see in samples, a picture each. Errors: those of predicting, explaining and writing. */
export const explainSamples = (
  options: ExplanationOptions,
  samples: readonly ChosenSample[],
): TaskEither<Failure, readonly ExplainedImage[]> =>
async () => {
  const progress = options.listener.progress("explain", samples.length);
  const images: ExplainedImage[] = [];
  for (const chosen of samples) {
    const image = await explainSample(options, chosen)();
    if (E.isLeft(image)) {
      progress.end();
      return image;
    }
    images.push(image.right);
    progress.update(images.length, chosen.sample.name);
  }
  progress.end();
  return E.right(images);
};
