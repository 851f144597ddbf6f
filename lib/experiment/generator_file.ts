/** The file of a generator that a configuration names, and whether a generator can be had at all. */
import type { Dataset } from "../data/dataset.ts";
import { E, pipe, type TaskEither, TE } from "../dependencies/fp.ts";
import type { EmbeddingStages } from "../embedding/embedding.ts";
import type { GeneratorSettings } from "../embedding/generator.ts";
import { type GeneratorName, generatorNamed, type GeneratorsConfiguration } from "../embedding/generators.ts";
import { type Failure, failure } from "../errors.ts";
import type { Variables } from "../nn/layer.ts";
import { type Branch, disposeTree } from "../tensor/tree.ts";
import { type Checkpoint, readCheckpoint } from "../train/checkpoint.ts";
import { type Listener, silent } from "../train/listener.ts";
import { restoreVariables } from "../weights/restore.ts";
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

/**
 * The stages of a generator from the file that the configuration names; the caller owns them.
 *
 * Errors: those of reading the file; "checkpoint" for one of another kind, or whose tensors do not fit.
 */
export const storedStages = (
  name: GeneratorName,
  { checkpoint: path, widths }: GeneratorSettings,
  stages: (widths: readonly number[]) => EmbeddingStages,
  listener: Listener,
): TaskEither<Failure, Variables<Branch, Branch>> =>
  pipe(
    readCheckpoint(path),
    TE.filterOrElse(({ kind }) => kind === name, (checkpoint) => otherKind(checkpoint, name)),
    TE.chain(({ weights }) => {
      if (weights.leftOut.length > 0) listener.message(`${path}: left out are ${weights.leftOut.join(", ")}`);
      return restoreVariables<Branch, Branch>(weights, stages(widths), "stages");
    }),
  );

/**
 * Whether a generator can be had, as far as that is known before anything is trained: its file is sound and fits if the
 * configuration names one, else the data have what its task asks for. Errors: as {@link storedStages}; "data".
 */
export const checkGenerator =
  <N extends GeneratorName>(configuration: Configuration, dataset: Dataset, name: N): TaskEither<Failure, void> =>
  async () => {
    const { title, load } = generatorNamed(name);
    const settings = settingsOf(configuration, name);
    const common: GeneratorSettings = settings;
    const { stages, check } = await load();
    if (common.checkpoint !== "") {
      const stored = await storedStages(name, common, stages, silent)();
      return pipe(stored, E.map(({ params, statistics }) => [params, statistics].forEach(disposeTree)));
    }
    const { height, width } = configuration.data;
    return check === undefined ? E.right(undefined) : check({ title, settings, dataset, height, width });
  };
