import { describeVariant } from "../lib/config/variant.ts";
import { E, type Either, pipe, type TaskEither, TE } from "../lib/dependencies/fp.ts";
import { type Failure, failure } from "../lib/errors.ts";
import { describedConfiguration } from "../lib/experiment/trained_network.ts";
import { listing } from "../lib/experiment/weights_listing.ts";
import { openTensorFile } from "../lib/formats/open_tensor_file.ts";
import { byteCount } from "../lib/formats/stored_tensor.ts";
import type { TensorFile } from "../lib/formats/tensor_file.ts";
import { type LazyTensor, writeSafetensors } from "../lib/formats/write_safetensors.ts";
import { type Checkpoint, checkpointIn, metadataOf } from "../lib/train/checkpoint.ts";
import { type Conversion, toOwn, toPublished, withoutPrefix } from "../lib/weights/convert.ts";
import { type Arguments, type Command, commonFlags } from "./arguments.ts";
import { parseConfiguration } from "./configuration_file.ts";
import { main } from "./main.ts";
import { type Progress, progress } from "./progress.ts";

const command: Command = {
  name: "convert",
  summary: "Lists what is in a file of weights, safetensors or PyTorch's, and writes it as safetensors.",
  operands: "IN [OUT.safetensors]",
  flags: [
    { name: "list", help: "prints name, shape and type of every tensor" },
    {
      name: "names",
      value: "WHOSE",
      help: "published: names and layout of PyTorch's checkpoints; own: those of train; as they are by default",
      allowed: ["published", "own"],
    },
    { name: "prefix", value: "TEXT", help: "takes only tensors whose names begin with it, and takes it off" },
    ...commonFlags.filter(({ name }) => name === "set"),
  ],
};

/** What is to be written, and the texts beside it. */
interface Plan extends Conversion {
  readonly metadata: Readonly<Record<string, string>>;
}

/** A file as if it held only the tensors below a prefix, without it. */
const below = (file: TensorFile, prefix: string): TensorFile => ({
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

/** The metadata of a checkpoint; another program's is completed by what can be told from its tensors, with --set. */
const storyOf = (checkpoint: Checkpoint, settings: readonly string[]): Either<Failure, Plan["metadata"]> =>
  pipe(
    describedConfiguration(checkpoint, settings),
    E.map((configuration) => {
      if (checkpoint.configuration === null && checkpoint.kind !== "scene") {
        console.log(`written as ${describeVariant(configuration.backbone)}; change it by --set`);
      }
      return metadataOf({ ...checkpoint, configuration: JSON.stringify(configuration) });
    }),
  );

/** Whether other programs know the fusion: only CLIFF's weights mean under published names what they do here. */
const checkPublished = ({ path, kind }: Checkpoint, metadata: Plan["metadata"]): Either<Failure, Plan["metadata"]> =>
  pipe(
    parseConfiguration(path, metadata.configuration ?? "{}", []),
    E.chain(({ network: { fusion } }) =>
      kind !== "depth" || fusion === "cliff" ? E.right(metadata) : E.left(noPublishedFusion(path, fusion))
    ),
  );

const noPublishedFusion = (path: string, fusion: string): Failure =>
  failure("checkpoint", path, `a depth network with the fusion "${fusion}"`, 'the fusion "cliff" for published names');

const planNamed = (file: TensorFile, names: string, settings: readonly string[]): Either<Failure, Plan> =>
  pipe(
    checkpointIn(file),
    E.chain((checkpoint) => {
      const { weights, step } = checkpoint;
      const conversion = names === "own" ? toOwn(weights) : toPublished(weights, step);
      return conversion.tensors.length === 0 ? E.left(noPublishedNames(checkpoint)) : pipe(
        storyOf(checkpoint, settings),
        E.chain((metadata) => names === "own" ? E.right(metadata) : checkPublished(checkpoint, metadata)),
        E.map((metadata) => ({ ...conversion, metadata })),
      );
    }),
  );

const planOf = (args: Arguments, file: TensorFile): Either<Failure, Plan> => {
  const names = args.flag("names");
  return names === undefined
    ? E.right({ ...withoutPrefix(file, ""), metadata: file.metadata })
    : planNamed(file, names, args.flags("set"));
};

const silent: Progress = { update: () => {}, end: () => {} };

/** Bytes from which on it takes long enough for a progress bar. */
const long = 5e8;

const sizeOf = (tensors: readonly LazyTensor[]): number =>
  tensors.reduce((sum, { entry }) => sum + byteCount(entry), 0);

/** The same tensors, which are shown as they are written. */
const counted = (tensors: readonly LazyTensor[], shown: Progress): readonly LazyTensor[] =>
  tensors.map(({ entry, bytes }, index) => ({
    entry,
    bytes: pipe(bytes, TE.chainFirstIOK(() => () => shown.update(index + 1, entry.name))),
  }));

const write = (path: string, { tensors, leftOut, metadata }: Plan): TaskEither<Failure, void> => async () => {
  const shown = sizeOf(tensors) < long ? silent : progress("converting", tensors.length);
  const written = await writeSafetensors(path, counted(tensors, shown), metadata)();
  shown.end();
  if (E.isLeft(written)) return written;
  console.log(`${path}: ${tensors.length} tensors, ${(sizeOf(tensors) / 1e6).toFixed(1)} MB`);
  if (leftOut.length > 0) console.log(`left out: ${leftOut.join(", ")}`);
  return E.right(undefined);
};

const operandsOf = (
  { operands, flag, switched }: Arguments,
): Either<Failure, readonly [string, string | undefined]> => {
  const [from, to, ...more] = operands;
  const wrong = (found: string, expected: string, advice = "See deno task convert --help.") =>
    E.left(failure("usage", "convert", found, expected, advice));
  if (from === undefined || more.length > 0) return wrong(`${operands.length} files`, "IN, or IN and OUT");
  if (to === undefined && !switched("list")) return wrong("no file to write", "OUT.safetensors, or --list");
  if (to === undefined && flag("names") !== undefined) return wrong("--names without OUT", "a file to write");
  if (to !== undefined && !to.endsWith(".safetensors")) {
    const advice = "PyTorch reads it by safetensors.torch.load_file(path).";
    return wrong(`"${to}"`, "a name that ends in .safetensors: nothing else is written", advice);
  }
  return E.right([from, to]);
};

const convert = (args: Arguments): TaskEither<Failure, void> => async () => {
  const operands = operandsOf(args);
  if (E.isLeft(operands)) return operands;
  const [from, to] = operands.right;
  const opened = await openTensorFile(from)();
  if (E.isLeft(opened)) return opened;
  const file = below(opened.right, args.flag("prefix") ?? "");
  if (args.switched("list")) console.log(listing(file));
  if (to === undefined) return E.right(undefined);
  const plan = planOf(args, file);
  if (E.isLeft(plan)) return plan;
  return await write(to, plan.right)();
};

await main(command, convert);
