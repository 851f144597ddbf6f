import { E, type Either, pipe, type TaskEither, TE } from "../dependencies/fp.ts";
import { dirname } from "../dependencies/text.ts";
import { type Embedding, frozen } from "../embedding/embedding.ts";
import {
  type FixedGeneratorName,
  fixedGenerators,
  generatorNamed,
  generatorNames,
  isMade,
} from "../embedding/generators.ts";
import { type Failure, failure } from "../errors.ts";
import { hierarchyOf, pixelLosses, publishedParameters } from "../loss/pixel_losses.ts";
import type { Variables } from "../nn/layer.ts";
import { makeAll } from "../tensor/scope.ts";
import { type Branch, disposeTree } from "../tensor/tree.ts";
import { type Checkpoint, readCheckpoint } from "../train/checkpoint.ts";
import { type Listener, silent } from "../train/listener.ts";
import { restoreVariables } from "../weights/restore.ts";
import { generatorsOf, inferStageWidths } from "./compose.ts";
import type { Configuration } from "./configuration.ts";
import { hashOf, isFile } from "../formats/file_identity.ts";

/** A loss that is made of a generator by published weights.
 * @category Experiments */
export interface UsualLoss {
  /** The name in pictures. */
  readonly title: string;
  /** w₀ … w_K. */
  readonly weights: readonly number[];
}

/** A generator that is ready to embed.
 * @category Experiments */
export interface ReadyGenerator {
  /** The name that configurations have for it, or that it was given. */
  readonly name: string;
  /** The name in pictures. */
  readonly title: string;
  /** The unit of its values: "m", or "" for an embedding, whose unit is its own. */
  readonly unit: string;
  /** What embeds depth maps. */
  readonly embedding: Embedding;
  /** The losses that are drawn for comparison where the run did not train with them; the first is that of its own term. */
  readonly usual: readonly UsualLoss[];
  /** The variables of its stages, which the caller owns; null for a fixed generator. */
  readonly variables: Variables<Branch, Branch> | null;
}

/** Frees a generator.
 * @category Experiments */
export const disposeReady = ({ variables }: ReadyGenerator): void => {
  if (variables !== null) [variables.params, variables.statistics].forEach(disposeTree);
};

/** Where the checkpoint of a generator is to be found. */
interface GeneratorFile {
  readonly name: string;
  readonly path: string;
}

/** The weights that the paper gives the levels of HEG-S. */
const publishedWeights = [0, 10, 15];

const isFixed = (name: string): boolean => fixedGenerators.some((fixed) => fixed.name === name);

/** The losses on pixels that are hierarchical ones of a fixed generator, with their published parameters. */
const lossesOf = (generator: FixedGeneratorName): readonly UsualLoss[] =>
  pixelLosses.flatMap(({ name, title }): readonly UsualLoss[] => {
    const same = hierarchyOf(name, publishedParameters(name));
    return same?.generator === generator ? [{ title, weights: same.weights }] : [];
  });

/** The generators without anything to learn that are always drawn. */
const readyFixed = async (): Promise<readonly ReadyGenerator[]> => {
  const ready = fixedGenerators.map(async ({ name, title, unit, loadExplained }): Promise<readonly ReadyGenerator[]> =>
    loadExplained === null
      ? []
      : [{ name, title, unit, embedding: await loadExplained(), usual: lossesOf(name), variables: null }]
  );
  return (await Promise.all(ready)).flat();
};

const givenFile = (text: string): Either<Failure, GeneratorFile> => {
  const [, name, path] = /^([^=]+)=(.+)$/.exec(text) ?? [];
  return name !== undefined && path !== undefined && !isFixed(name) ? E.right({ name, path }) : E.left(
    failure(
      "usage",
      "--generator",
      `"${text}"`,
      "a name and a file, as in scene=heg-scene.safetensors",
      `${generatorNames.join(", ")} are those of the run; any other name adds a generator.`,
    ),
  );
};

/** The SHA-256 of each generator that a checkpoint was trained with, by name. */
type Hashes = Checkpoint["generators"];

const anotherGenerator = (path: string, name: string): Failure =>
  failure(
    "checkpoint",
    path,
    "another generator than the one that the checkpoint was trained with",
    "the same file, by its SHA-256",
    `It was made anew since, or replaced; name the right one, or this one all the same, by --generator ${name}=FILE.`,
  );

/** The first of some files that is the generator of the run. Errors: "checkpoint" if there are some, but none is it. */
const sameFile =
  (name: string, paths: readonly string[], wanted: string | undefined): TaskEither<Failure, readonly GeneratorFile[]> =>
  async () => {
    const [first] = paths;
    if (first === undefined || wanted === undefined) return E.right(paths.slice(0, 1).map((path) => ({ name, path })));
    for (const path of paths) {
      const hash = await hashOf(path)();
      if (E.isLeft(hash)) return hash;
      if (hash.right === wanted) return E.right([{ name, path }]);
    }
    return E.left(anotherGenerator(first, name));
  };

/** The generators of the run but those that are given: those that its configuration names, or that lie beside its checkpoint. */
const runFiles = (
  checkpoint: string,
  { generators }: Configuration,
  given: readonly GeneratorFile[],
  hashes: Hashes,
): TaskEither<Failure, readonly GeneratorFile[]> => {
  const wanted = Object.entries(generators).filter(([name]) => !given.some((file) => file.name === name));
  return pipe(
    TE.sequenceSeqArray(wanted.map(([name, generator]) => {
      const beside = `${dirname(checkpoint)}/heg-${name}.safetensors`;
      return sameFile(name, [beside, generator.checkpoint].filter(isFile), hashes[name]);
    })),
    TE.map((files) => files.flat()),
  );
};

/** Says which of the given generators are others than those of the run. */
const tellOthers = (
  given: readonly GeneratorFile[],
  hashes: Hashes,
  { message }: Listener,
): TaskEither<Failure, void> =>
  pipe(
    TE.sequenceSeqArray(
      given.filter(({ name }) => hashes[name] !== undefined).map(({ name, path }) =>
        pipe(
          hashOf(path),
          TE.map((hash) => {
            if (hash !== hashes[name]) message(`${path} is another generator than the checkpoint was trained with`);
          }),
        )
      ),
    ),
    TE.map(() => undefined),
  );

const loadGenerator = ({ name, path }: GeneratorFile): TaskEither<Failure, ReadyGenerator> => async () => {
  const checkpoint = await readCheckpoint(path)();
  if (E.isLeft(checkpoint)) return checkpoint;
  const { kind, weights } = checkpoint.right;
  const widths = inferStageWidths(weights);
  if (!isMade(kind) || widths.length === 0) {
    return E.left(failure("checkpoint", path, `a checkpoint of kind "${kind}"`, "one of a generator"));
  }
  const generator = generatorNamed(kind);
  const title = name === kind ? generator.title : `${generator.title} ${name}`;
  const stages = (await generator.load()).stages(widths);
  return await pipe(
    restoreVariables<Branch, Branch>(weights, stages, "stages"),
    TE.map((variables): ReadyGenerator => ({
      name,
      title,
      unit: "",
      embedding: frozen(stages, variables),
      usual: [{ title, weights: publishedWeights.slice(0, widths.length + 1) }],
      variables,
    })),
  )();
};

const missing = (name: string, checkpoint: string): Failure =>
  failure(
    "missing",
    `${dirname(checkpoint)}/heg-${name}.safetensors`,
    "no such file",
    `the generator "${name}" of this run's loss`,
    `Say where it is by --generator ${name}=FILE.`,
  );

/** The generators that the loss of a run needs and that no file was found for. */
const absent = ({ loss, lossFile }: Configuration, files: readonly GeneratorFile[]): readonly string[] =>
  lossFile === "" ? generatorsOf(loss).filter((name) => !files.some((file) => file.name === name)) : [];

/**
 * The generators that are to be drawn: those given as "NAME=FILE", those of the run, and the fixed ones. The caller owns them.
 *
 * Errors: "usage" for a given one that is none, "missing" if one of the run's loss is nowhere, "checkpoint" if what lies
 * there is another one than the run's, and those of reading checkpoints.
 *
 * @param given Texts such as "scene=heg-scene.safetensors".
 * @param checkpoint The checkpoint of the run, beside which its generators lie.
 * @param listener Told of given generators that are others than those of the run.
 * @category Experiments
 */
export const readyGenerators = (
  given: readonly string[],
  checkpoint: string,
  configuration: Configuration,
  listener: Listener = silent,
): TaskEither<Failure, readonly ReadyGenerator[]> =>
async () => {
  const named = E.sequenceArray(given.map(givenFile));
  if (E.isLeft(named)) return named;
  const read = await readCheckpoint(checkpoint)();
  if (E.isLeft(read)) return read;
  const hashes = read.right.generators;
  const own = await pipe(
    tellOthers(named.right, hashes, listener),
    TE.chain(() => runFiles(checkpoint, configuration, named.right, hashes)),
  )();
  if (E.isLeft(own)) return own;
  const files = [...own.right, ...named.right];
  const [lost] = absent(configuration, files);
  if (lost !== undefined) return E.left(missing(lost, checkpoint));
  const loaded = await makeAll(files.map(loadGenerator), disposeReady)();
  if (E.isLeft(loaded)) return loaded;
  return E.right([...loaded.right, ...await readyFixed()]);
};
