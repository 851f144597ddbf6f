import { E, type Either, pipe, type TaskEither, TE } from "../lib/dependencies/fp.ts";
import { type Failure, failure } from "../lib/errors.ts";
import {
  belowPrefix,
  byteLengthOf,
  type ConversionPlan,
  listing,
  planConversion,
  writeConversion,
} from "../lib/experiment/conversion.ts";
import { writeText } from "../lib/formats/files.ts";
import { openTensorFile } from "../lib/formats/open_tensor_file.ts";
import type { TensorFile } from "../lib/formats/tensor_file.ts";
import type { Listener } from "../lib/train/listener.ts";
import { type Arguments, type Command, commonFlags, unlessAbsent } from "./arguments.ts";
import { main } from "./main.ts";

const command: Command = {
  name: "convert",
  summary:
    "Lists what is in a file of weights (safetensors, PyTorch's, or the index of their shards), and writes it as safetensors.",
  operands: "[IN [OUT.safetensors]]",
  operandsArePaths: true,
  flags: [
    { name: "list", help: "prints name, shape and type of every tensor" },
    {
      name: "names",
      value: "WHOSE",
      help: "published: names and layout of PyTorch's checkpoints; own: those of train; as they are by default",
      allowed: ["published", "own"],
    },
    {
      name: "pytorch-module",
      value: "FILE.py",
      path: "whole",
      help: "writes CLIFFNet as a module of PyTorch: IN's network, or the published one",
    },
    { name: "prefix", value: "TEXT", help: "takes only tensors whose names begin with it, and takes it off" },
    ...commonFlags.filter(({ name }) => name === "set"),
  ],
};

/** A few names as they are; of many the optimizer's, which are one for each parameter and more, are counted. */
const namesText = (names: readonly string[]): string => {
  const ofOptimizer = names.filter((name) => name.startsWith("optimizer/"));
  const others = names.filter((name) => !name.startsWith("optimizer/"));
  const shown = others.slice(0, 20);
  return [
    ...(ofOptimizer.length === 0 ? [] : [`optimizer/ (${ofOptimizer.length} tensors)`]),
    ...shown,
    ...(others.length > shown.length ? [`and ${others.length - shown.length} more`] : []),
  ].join(", ");
};

const write = (path: string, plan: ConversionPlan, listener: Listener): TaskEither<Failure, void> =>
  pipe(
    writeConversion(path, plan, listener),
    TE.map(() => {
      const { tensors, leftOut } = plan;
      console.log(`${path}: ${tensors.length} tensors, ${(byteLengthOf(tensors) / 1e6).toFixed(1)} MB`);
      if (leftOut.length > 0) console.log(`left out: ${namesText(leftOut)}`);
    }),
  );

const operandsOf = (
  { operands, flag, switched }: Arguments,
): Either<Failure, readonly [string | undefined, string | undefined]> => {
  const [from, to, ...more] = operands;
  const pytorch = flag("pytorch-module") !== undefined;
  const wrong = (found: string, expected: string, advice = "See deno task convert --help.") =>
    E.left(failure("usage", "convert", found, expected, advice));
  if (from === undefined && pytorch) {
    return switched("list") ? wrong("--list without IN", "a file to list") : E.right([undefined, undefined]);
  }
  if (from === undefined || more.length > 0) return wrong(`${operands.length} files`, "IN, or IN and OUT");
  if (to === undefined && !switched("list") && !pytorch) {
    return wrong("no file to write", "OUT.safetensors, --list or --pytorch-module FILE.py");
  }
  if (to === undefined && flag("names") !== undefined) return wrong("--names without OUT", "a file to write");
  if (to !== undefined && !to.endsWith(".safetensors")) {
    const advice = "PyTorch reads it by safetensors.torch.load_file(path).";
    return wrong(`"${to}"`, "a name that ends in .safetensors: nothing else is written", advice);
  }
  return E.right([from, to]);
};

const writeModule = (path: string, file: TensorFile | null, args: Arguments): TaskEither<Failure, void> => async () => {
  const { pytorchModuleOf } = await import("../lib/experiment/pytorch_conversion.ts");
  return await pipe(
    pytorchModuleOf(file, { settings: args.flags("set"), listener: args.listener }),
    TE.chain((text) => writeText(path, text)),
    TE.map(() => console.log(`${path}: a module of PyTorch; python3 ${path} tries it`)),
  )();
};

const convert = (args: Arguments): TaskEither<Failure, void> => async () => {
  const operands = operandsOf(args);
  if (E.isLeft(operands)) return operands;
  const [from, to] = operands.right;
  const pytorch = args.flag("pytorch-module");
  if (from === undefined) return await unlessAbsent(pytorch, (path) => writeModule(path, null, args))();
  const opened = await openTensorFile(from)();
  if (E.isLeft(opened)) return opened;
  const file = belowPrefix(opened.right, args.flag("prefix") ?? "");
  if (args.switched("list")) console.log(listing(file));
  const module = await unlessAbsent(pytorch, (path) => writeModule(path, file, args))();
  if (E.isLeft(module) || to === undefined) return module;
  const names = args.flag("names") === undefined ? null : args.flag("names") === "own" ? "own" : "published";
  const plan = planConversion(file, { names, settings: args.flags("set"), listener: args.listener });
  if (E.isLeft(plan)) return plan;
  return await write(to, plan.right, args.listener)();
};

await main(command, convert);
