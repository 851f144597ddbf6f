import type { Configuration, GeneratorName, TermConfiguration } from "../lib/config/configuration.ts";
import { generatorsOf } from "../lib/config/compose.ts";
import { generatorNames } from "../lib/config/generator_names.ts";
import { inferStageWidths } from "../lib/config/infer.ts";
import { E, type Either, pipe, type TaskEither, TE } from "../lib/dependencies/fp.ts";
import { type Embedding, frozen } from "../lib/embedding/embedding.ts";
import { multiScaleSobel } from "../lib/embedding/multi_scale_sobel.ts";
import { type Failure, failure } from "../lib/errors.ts";
import { pixelLosses } from "../lib/loss/named_losses.ts";
import type { Branch } from "../lib/tensor/tree.ts";
import { type Checkpoint, readCheckpoint } from "../lib/train/checkpoint.ts";
import { restoreVariables } from "../lib/weights/restore.ts";
import type { Arguments, Flag } from "./arguments.ts";
import { stagesLayer, titleOf } from "./pretraining.ts";
import { dirname } from "./std.ts";

/** A loss that is made of a generator by published weights. */
export interface UsualLoss {
  /** The name in pictures. */
  readonly title: string;
  /** The kind of its terms in configurations; "hierarchical" if it has none of its own. */
  readonly kind: TermConfiguration["kind"];
  /** w₀ … w_K. */
  readonly weights: readonly number[];
}

/** A generator that is ready to embed. */
export interface ReadyGenerator {
  /** The name that configurations have for it, or that the command line gave it. */
  readonly name: string;
  /** The name in pictures. */
  readonly title: string;
  /** The unit of its values. */
  readonly unit: string;
  readonly embedding: Embedding;
  /** The losses that are shown for comparison where the run did not train with them. */
  readonly usual: readonly UsualLoss[];
}

/** The flag that names the checkpoints of generators. */
export const generatorFlag: Flag = {
  name: "generator",
  value: "NAME=FILE",
  help: "a pretrained generator, such as scene=heg-scene.safetensors; those beside the checkpoint by default",
  repeated: true,
};

/** Where the checkpoint of a generator is to be found. */
interface GeneratorFile {
  readonly name: string;
  readonly path: string;
}

/** Generators without anything to learn, which are always shown. */
const fixedGenerators: readonly ReadyGenerator[] = [
  {
    name: "sobel",
    title: "Sobel",
    unit: "m",
    // Its first level is the Sobel pair itself.
    embedding: multiScaleSobel(4),
    usual: [
      { title: pixelLosses.gradient.title, kind: "gradient", weights: [0, 1] },
      {
        title: pixelLosses["multi-scale-gradient"].title,
        kind: "multi-scale-gradient",
        weights: [0, 0.25, 0.25, 0.25, 0.25],
      },
    ],
  },
];

const publishedWeights = [0, 10, 15];

const givenFile = (text: string): Either<Failure, GeneratorFile> => {
  const [, name, path] = /^([^=]+)=(.+)$/.exec(text) ?? [];
  return name !== undefined && path !== undefined && !fixedGenerators.some((fixed) => fixed.name === name)
    ? E.right({ name, path })
    : E.left(
      failure(
        "usage",
        "--generator",
        `"${text}"`,
        "a name and a file, as in scene=heg-scene.safetensors",
        "scene and reconstruction are those of the run; any other name adds a generator.",
      ),
    );
};

const exists = (path: string): boolean => {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
};

/** The generators of the run: those that its configuration names, or that lie beside its checkpoint. */
const runFiles = (checkpoint: string, { generators }: Configuration): readonly GeneratorFile[] =>
  Object.entries(generators).flatMap(([name, generator]): readonly GeneratorFile[] => {
    const beside = `${dirname(checkpoint)}/heg-${name}.safetensors`;
    return [beside, generator.checkpoint].filter(exists).slice(0, 1).map((path) => ({ name, path }));
  });

const isGenerator = (kind: Checkpoint["kind"]): kind is GeneratorName => generatorNames.some((name) => name === kind);

const loadGenerator = ({ name, path }: GeneratorFile): TaskEither<Failure, ReadyGenerator> =>
  pipe(
    readCheckpoint(path),
    TE.chain(({ kind, weights }) => {
      const widths = inferStageWidths(weights);
      if (!isGenerator(kind) || widths.length === 0) {
        return TE.left(failure("checkpoint", path, `a checkpoint of kind "${kind}"`, "one of a generator"));
      }
      const stages = stagesLayer(kind, widths);
      return pipe(
        restoreVariables<Branch, Branch>(weights, stages, "stages"),
        TE.map((variables): ReadyGenerator => {
          const title = name === kind ? titleOf(kind) : `${titleOf(kind)} ${name}`;
          const weights = publishedWeights.slice(0, widths.length + 1);
          return {
            name,
            title,
            unit: "",
            embedding: frozen(stages, variables),
            usual: [{ title, kind: "hierarchical", weights }],
          };
        }),
      );
    }),
  );

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
 * The generators that are to be shown: those of --generator, those of the run, and the fixed ones.
 *
 * Errors: "usage" for a wrong --generator, "missing" if one of the run's loss is nowhere, and those of reading checkpoints.
 */
export const readyGenerators = (
  args: Arguments,
  checkpoint: string,
  configuration: Configuration,
): TaskEither<Failure, readonly ReadyGenerator[]> =>
  pipe(
    TE.fromEither(E.sequenceArray(args.flags("generator").map(givenFile))),
    TE.chain((given) => {
      const own = runFiles(checkpoint, configuration).filter(({ name }) => !given.some((file) => file.name === name));
      const files = [...own, ...given];
      const [lost] = absent(configuration, files);
      return lost === undefined ? TE.sequenceSeqArray(files.map(loadGenerator)) : TE.left(missing(lost, checkpoint));
    }),
    TE.map((loaded) => [...loaded, ...fixedGenerators]),
  );
