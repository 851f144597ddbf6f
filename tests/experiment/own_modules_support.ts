/** Trainings with a network and data of one's own. */
import { openDevice } from "../../lib/backend/device.ts";
import { orThrow } from "../../lib/errors.ts";
import type { Configuration } from "../../lib/experiment/configuration.ts";
import { decodeConfiguration } from "../../lib/experiment/configuration_file.ts";
import { runExperiment } from "../../lib/experiment/experiment.ts";
import { tinier } from "../tasks/support.ts";

/** The device of these trainings. */
export const device = orThrow(await openDevice("wasm")());

/** A configuration of a JSON value. */
export const configured = (value: unknown): Configuration => orThrow(decodeConfiguration("test", value));

/** A small training with the modules of a folder, and other fields of its own. */
export const ownConfiguration = (folder: string, more: object = {}): Configuration =>
  configured({
    ...{ networkFile: `${folder}/network.ts`, networkOptions: { width: 4 }, ...tinier, evaluation: { pictures: 0 } },
    data: { kind: "module", file: `${folder}/walls.ts`, options: { count: 4 }, height: 32, width: 40 },
    ...more,
  });

/** Trains in the folder `run` of a folder. */
export const trainIn = (folder: string, configuration: Configuration) =>
  runExperiment(configuration, { device, workers: 0, out: `${folder}/run` })();
