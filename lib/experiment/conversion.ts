import { E, type Either, pipe, type TaskEither, TE } from "../dependencies/fp.ts";
import { generatorNamed } from "../embedding/generators.ts";
import { type Failure, failure, printable } from "../errors.ts";
import { type LazyTensor, writeSafetensors } from "../formats/safetensors.ts";
import { byteCount, elementCount, type PlainValue, type TensorFile } from "../formats/tensor_file.ts";
import { aligned } from "../formats/text_table.ts";
import { type Checkpoint, checkpointIn, metadataOf } from "../train/checkpoint.ts";
import { type Listener, type Progress, silent, withProgress } from "../train/listener.ts";
import { type Conversion, toOwn, toPublished, withoutPrefix } from "../weights/convert.ts";
import type { WeightsKind } from "../weights/recognize.ts";
import { describeVariant } from "./compose.ts";
import { parseConfiguration } from "./configuration_file.ts";
import { isOfAnySize } from "./input_size.ts";
import { describedConfiguration } from "./trained_network.ts";

const titleOf = (kind: WeightsKind): string =>
  kind === "depth" ? "a depth network" : kind === "backbone" ? "a ResNet" : generatorNamed(kind).title;

/** A name on one line, whatever is in it. */
const nameText = (name: string): string => /^[\x20-\x7e]*$/.test(name) ? name : printable(JSON.stringify(name));

const short = (text: string): string => text.length <= 60 ? text : `${text.slice(0, 57)}...`;

const textOf = ({ value }: PlainValue): string =>
  short(printable(typeof value === "string" ? JSON.stringify(value) : String(value)));

/** By whose names the tensors go, if that is known. */
const namesIn = (file: TensorFile): string => {
  const checkpoint = checkpointIn(file);
  if (E.isLeft(checkpoint)) return "";
  const { kind, weights: { title, prefix } } = checkpoint.right;
  return `; ${title} names of ${titleOf(kind)}${prefix === "" ? "" : ` under "${prefix}"`}`;
};

/** What a file holds: a line for each tensor with its shape and type, one for each other value, and their sums. */
export const listing = (file: TensorFile): string => {
  const { entries, values, metadata, format } = file;
  const numbers = entries.reduce((sum, { shape }) => sum + elementCount(shape), 0);
  const megabytes = entries.reduce((sum, entry) => sum + byteCount(entry), 0) / 1e6;
  const others = [
    ...values.map((value) => [nameText(value.name), textOf(value)]),
    ...Object.entries(metadata).map((
      [name, text],
    ) => [`__metadata__ ${nameText(name)}`, short(printable(JSON.stringify(text)))]),
  ];
  return [
    ...aligned(entries.map(({ name, shape, dtype }) => [nameText(name), `[${shape.join(", ")}]`, dtype])),
    ...aligned(others),
    `${entries.length} tensors, ${numbers.toLocaleString("en")} numbers, ${megabytes.toFixed(1)} MB; ${format}${
      namesIn(file)
    }`,
  ].join("\n");
};

/** By whose names and in whose layout a new file has its tensors.
 * @category Experiments */
export type ConvertedNames = "published" | "own";

/** What is to be written, and the texts beside it.
 * @category Experiments */
export interface ConversionPlan extends Conversion {
  /** The metadata of the new file. */
  readonly metadata: Readonly<Record<string, string>>;
}

/** A file as if it held only the tensors below a prefix, without it. */
export const belowPrefix = (file: TensorFile, prefix: string): TensorFile => ({
  ...file,
  entries: file.entries.filter(({ name }) => name.startsWith(prefix)).map((entry) => ({
    ...entry,
    name: entry.name.slice(prefix.length),
  })),
  read: (name) => pipe(file.read(prefix + name), TE.map((stored) => ({ ...stored, name }))),
});

const noPublishedNames = ({ path, kind }: Checkpoint): Failure =>
  failure(
    "checkpoint",
    path,
    `a checkpoint of kind "${kind}"`,
    "a depth network, a ResNet or HEG-S, which have published names",
  );

/** The metadata of a checkpoint; another program's is completed by what can be told from its tensors, with settings. */
const metadataFor = (
  checkpoint: Checkpoint,
  settings: readonly string[],
  { message }: Listener,
): Either<Failure, ConversionPlan["metadata"]> =>
  pipe(
    describedConfiguration(checkpoint, settings),
    E.map((configuration) => {
      if (checkpoint.configuration === null && checkpoint.kind !== "scene") {
        message(`written as ${describeVariant(configuration.backbone)}; change it by --set`);
      }
      const anySize = isOfAnySize(checkpoint, settings);
      return metadataOf({ ...checkpoint, anySize, configuration: JSON.stringify(configuration) });
    }),
  );

/** Why a depth network has no published names. */
export const noPublishedFusion = (path: string, fusion: string): Failure =>
  failure("checkpoint", path, `a depth network with the fusion "${fusion}"`, 'the fusion "cliff" for published names');

/** Why a network of one's own has no published names. */
export const noPublishedModule = (path: string, networkFile: string): Failure =>
  failure(
    "checkpoint",
    path,
    `a network of your own, ${networkFile}`,
    "a network of this library for published names",
    "Its tensors keep all of their own names by --names own, or without --names.",
  );

/** Whether other programs know the network: only CLIFF's weights mean under published names what they do here. */
const checkPublished = (
  { path, kind }: Checkpoint,
  metadata: ConversionPlan["metadata"],
): Either<Failure, ConversionPlan["metadata"]> =>
  pipe(
    parseConfiguration(path, metadata.configuration ?? "{}", []),
    E.chain(({ network: { fusion }, networkFile }) => {
      if (kind !== "depth") return E.right(metadata);
      if (networkFile !== "") return E.left(noPublishedModule(path, networkFile));
      return fusion === "cliff" ? E.right(metadata) : E.left(noPublishedFusion(path, fusion));
    }),
  );

/** How a file is converted.
 * @category Experiments */
export interface ConversionOptions {
  /** Whose names and layout the new file has; null leaves them as they are. */
  readonly names: ConvertedNames | null;
  /** What another program's file does not say of its configuration, as "field=value". */
  readonly settings: readonly string[];
  /** Told what had to be guessed, and of long work. */
  readonly listener: Listener;
}

const namedPlan = (
  file: TensorFile,
  names: ConvertedNames,
  { settings, listener }: ConversionOptions,
): Either<Failure, ConversionPlan> =>
  pipe(
    checkpointIn(file),
    E.chain((checkpoint) => {
      const { weights, step } = checkpoint;
      const conversion = names === "own" ? toOwn(weights) : toPublished(weights, step);
      const none = conversion.tensors.length === 0 && checkpoint.kind !== "depth";
      return none ? E.left(noPublishedNames(checkpoint)) : pipe(
        metadataFor(checkpoint, settings, listener),
        E.chain((metadata) => names === "own" ? E.right(metadata) : checkPublished(checkpoint, metadata)),
        E.map((metadata) => ({ ...conversion, metadata })),
      );
    }),
  );

/** What a new file will hold of an old one. Errors: "checkpoint" if its tensors have no such names; "configuration".
 * @category Experiments */
export const planConversion = (file: TensorFile, options: ConversionOptions): Either<Failure, ConversionPlan> =>
  options.names === null
    ? E.right({ ...withoutPrefix(file, ""), metadata: file.metadata })
    : namedPlan(file, options.names, options);

/** Bytes from which on it takes long enough to be told of. */
const long = 5e8;

/** The bytes of tensors. */
export const byteLengthOf = (tensors: readonly LazyTensor[]): number =>
  tensors.reduce((sum, { entry }) => sum + byteCount(entry), 0);

/** The same tensors, which are counted as they are written. */
const counted = (tensors: readonly LazyTensor[], update: Progress["update"]): readonly LazyTensor[] =>
  tensors.map(({ entry, bytes }, index) => ({
    entry,
    bytes: pipe(bytes, TE.chainFirstIOK(() => () => update(index + 1, entry.name))),
  }));

/** Writes what was planned as safetensors. The file appears whole or not at all. Errors: those of reading and writing.
 * @category Experiments */
export const writeConversion = (
  path: string,
  { tensors, metadata }: ConversionPlan,
  listener: Listener,
): TaskEither<Failure, void> =>
async () => {
  const { progress } = byteLengthOf(tensors) < long ? silent : listener;
  return await withProgress(
    progress("converting", tensors.length),
    (update) => writeSafetensors(path, counted(tensors, update), metadata)(),
  );
};
