/** The file of a generator that a configuration names, and whether a generator can be had at all. */
import type { Dataset } from "../data/dataset.ts";
import { E, pipe, type TaskEither, TE } from "../dependencies/fp.ts";
import type { EmbeddingStages } from "../embedding/embedding.ts";
import type { GeneratorSettings } from "../embedding/generator.ts";
import { type GeneratorName, generatorNamed, type GeneratorsConfiguration } from "../embedding/generators.ts";
import { type Failure, failure } from "../errors.ts";
import type { Branch } from "../tensor/tree.ts";
import { type Checkpoint, readCheckpoint } from "../train/checkpoint.ts";
import { checkVariables } from "../weights/restore.ts";
import type { Configuration } from "./configuration.ts";

/** The settings of a generator in a configuration. */
export const settingsOf = <N extends GeneratorName>(
  { generators }: Configuration,
  name: N,
): GeneratorsConfiguration[N] => {
  const all: GeneratorsConfiguration = generators;
  return all[name];
};

const otherKind = (checkpoint: Checkpoint, generator: GeneratorName): Failure =>
  failure("checkpoint", checkpoint.path, `a checkpoint of kind "${checkpoint.kind}"`, `one of kind "${generator}"`);

/** The file of a generator that the configuration names, whose names and shapes fit, but of which no tensor was read. */
export const generatorFile = (
  name: GeneratorName,
  { checkpoint: path, widths }: GeneratorSettings,
  stages: (widths: readonly number[]) => EmbeddingStages,
): TaskEither<Failure, Checkpoint> =>
  pipe(
    readCheckpoint(path),
    TE.filterOrElse(({ kind }) => kind === name, (checkpoint) => otherKind(checkpoint, name)),
    TE.chainFirstEitherK(({ weights }) => checkVariables<Branch, Branch>(weights, stages(widths), "stages")),
  );

/**
 * Whether a generator can be had, as far as that is known before anything is trained: its file fits if the configuration
 * names one, else the data have what its task asks for. Errors: those of opening the file; "checkpoint"; "data".
 */
export const checkGenerator =
  <N extends GeneratorName>(configuration: Configuration, dataset: Dataset, name: N): TaskEither<Failure, void> =>
  async () => {
    const { title, load } = generatorNamed(name);
    const settings = settingsOf(configuration, name);
    const common: GeneratorSettings = settings;
    const { stages, check } = await load();
    if (common.checkpoint !== "") return await pipe(generatorFile(name, common, stages), TE.map(() => undefined))();
    const { height, width } = configuration.data;
    return check === undefined ? E.right(undefined) : check({ title, settings, dataset, height, width });
  };
