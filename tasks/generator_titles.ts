import type { GeneratorName } from "../lib/config/configuration.ts";

/** What generators are called: those of the paper, and its controls. */
export const generatorTitles: Readonly<Record<GeneratorName, string>> = {
  scene: "HEG-S",
  reconstruction: "HEG-R",
  image: "the HEG of grey images",
  random: "the random HEG",
};
