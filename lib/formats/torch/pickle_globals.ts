import { type Failure, failure } from "../../errors.ts";
import type { Dtype } from "../dtype.ts";

/** PyTorch's names of element types, and of the storages that hold them. */
const elementTypes: readonly (readonly [dtype: Dtype, scalar: string, storage: string])[] = [
  ["F64", "float64", "DoubleStorage"],
  ["F32", "float32", "FloatStorage"],
  ["F16", "float16", "HalfStorage"],
  ["BF16", "bfloat16", "BFloat16Storage"],
  ["I64", "int64", "LongStorage"],
  ["I32", "int32", "IntStorage"],
  ["I16", "int16", "ShortStorage"],
  ["I8", "int8", "CharStorage"],
  ["U8", "uint8", "ByteStorage"],
  ["BOOL", "bool", "BoolStorage"],
];

/** The element type that a storage's class names. A storage without type counts as bytes. */
export const storageDtypes: ReadonlyMap<string, Dtype> = new Map([
  ...elementTypes.flatMap(([dtype, , storage]): readonly (readonly [string, Dtype])[] => [
    [`torch.${storage}`, dtype],
    [`torch.cuda.${storage}`, dtype],
  ]),
  ["torch.storage.UntypedStorage", "U8"],
  ["torch.UntypedStorage", "U8"],
]);

/** The element type that a name such as `torch.float32` stands for. */
export const scalarDtypes: ReadonlyMap<string, Dtype> = new Map(
  elementTypes.map(([dtype, scalar]) => [`torch.${scalar}`, dtype]),
);

/** What a pickle may call, none of which is run, besides the constructors of dictionaries and sets. */
const calls: readonly string[] = [
  "torch._utils._rebuild_tensor",
  "torch._utils._rebuild_tensor_v2",
  "torch._utils._rebuild_tensor_v3",
  "torch._utils._rebuild_parameter",
  "torch._utils._rebuild_parameter_with_state",
  "torch._tensor._rebuild_from_type_v2",
  "torch.Size",
  "torch.device",
  "_codecs.encode",
];

/** The classes that give a dictionary when they are called. */
export const dictionaryClasses: ReadonlySet<string> = new Set([
  "collections.OrderedDict",
  "collections.defaultdict",
]);

/** The classes that give a set when they are called. */
export const setClasses: ReadonlySet<string> = new Set(
  ["builtins", "__builtin__"].flatMap((module) => [`${module}.set`, `${module}.frozenset`]),
);

/** Classes that only say of what type something is, such as a `defaultdict`'s values. */
const classes: readonly string[] = [
  ...["builtins", "__builtin__"].flatMap((module) =>
    ["dict", "list", "tuple", "int", "float", "bool", "str", "bytes"].map((name) => `${module}.${name}`)
  ),
  "torch.Tensor",
  "torch.nn.parameter.Parameter",
];

/** What a pickle may call. */
export const callable: ReadonlySet<string> = new Set([...calls, ...dictionaryClasses, ...setClasses]);

const allowed: ReadonlySet<string> = new Set([
  ...callable,
  ...classes,
  ...storageDtypes.keys(),
  ...scalarDtypes.keys(),
]);

/** Whether a pickle may name this class, function or constant of Python. */
export const isAllowedGlobal = (name: string): boolean => allowed.has(name);

/** Why a pickle that names anything else is not read. */
export const forbiddenGlobal = (place: string, name: string): Failure =>
  failure(
    "format",
    place,
    `the global ${JSON.stringify(name.length <= 200 ? name : `${name.slice(0, 197)}...`)}`,
    "only tensors of real numbers, dictionaries, lists, texts and numbers " +
      "(collections.OrderedDict, torch._utils._rebuild_tensor_v2 and the like)",
    "PyTorch would run what the file names when it loads it. If you trust the file, load it in PyTorch and save only " +
      "its tensors: torch.save(model.state_dict(), path).",
  );
