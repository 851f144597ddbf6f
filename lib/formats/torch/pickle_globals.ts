import { type Failure, failure } from "../../errors.ts";
import { scalarDtypes, storageDtypes } from "./pickle_values.ts";

/**
 * Which names of Python a pickle may use, and how. Whatever it says, nothing of Python is run here: a pickle is a program, and
 * this program is carried out on data only. But PyTorch would run it, and so a file that is made to harm is refused instead
 * of being read as if it were sound. What can be told from the pickle alone decides:
 *
 * - Building an object (NEWOBJ, `copyreg._reconstructor`, INST without arguments; then BUILD, APPENDS, SETITEMS) names a class and
 *   what is in the object. Of a class that is not known it becomes a {@link PickleRecord}.
 * - A call (REDUCE, INST and OBJ with arguments) may do anything. It is refused by name, but for the functions below, each of
 *   which only builds a value.
 * - A name by itself, such as of a layer's class among settings, is a name.
 * - Modules that reach the system or run code are refused wherever they are named.
 */

/** Names in the module of Python's own types, as Python 2 and 3 call it. */
const builtIn = (...names: readonly string[]): readonly string[] =>
  ["builtins", "__builtin__"].flatMap((module) => names.map((name) => `${module}.${name}`));

/** Names in a module that has had several names. */
const within = (modules: readonly string[], ...names: readonly string[]): readonly string[] =>
  modules.flatMap((module) => names.map((name) => `${module}.${name}`));

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
  "collections.Counter",
]);

/** The classes that give a set when they are called. */
export const setClasses: ReadonlySet<string> = new Set(builtIn("set", "frozenset"));

/** What gives a value that is kept as a record when it is called: numbers, arrays, paths, dates and the like. */
export const inertCalls: ReadonlySet<string> = new Set([
  ...builtIn("slice", "range", "xrange", "complex", "bytes", "bytearray"),
  ...within(["numpy.core.multiarray", "numpy._core.multiarray"], "scalar", "_reconstruct"),
  ...within(["numpy.core.numeric", "numpy._core.numeric"], "_frombuffer"),
  "numpy.dtype",
  "numpy.random.__RandomState_ctor",
  ...within(["numpy.random._pickle"], "__randomstate_ctor", "__generator_ctor", "__bit_generator_ctor"),
  ...within(["pathlib", "pathlib._local"], "Path", "PosixPath", "WindowsPath"),
  ...within(["pathlib", "pathlib._local"], "PurePath", "PurePosixPath", "PureWindowsPath"),
  ...within(["datetime"], "datetime", "date", "time", "timedelta", "timezone"),
  "collections.deque",
  "decimal.Decimal",
  "fractions.Fraction",
  "functools.partial",
  "types.SimpleNamespace",
]);

/** What builds an object of the class that is its first argument, without a call of the class. */
export const builders: ReadonlySet<string> = new Set(
  within(["copyreg", "copy_reg"], "_reconstructor", "__newobj__", "__newobj_ex__"),
);

/** Classes that only say of what type something is, such as a `defaultdict`'s values. */
const classes: readonly string[] = builtIn(
  ...["object", "dict", "list", "tuple", "int", "long", "float", "bool", "str", "unicode"],
);

const callable: ReadonlySet<string> = new Set([
  ...calls,
  ...dictionaryClasses,
  ...setClasses,
  ...inertCalls,
  ...builders,
]);

/** Whether a pickle may call this, none of which is run. */
export const isCallable = (name: string): boolean => callable.has(name);

const known: ReadonlySet<string> = new Set([
  ...callable,
  ...classes,
  ...storageDtypes.keys(),
  ...scalarDtypes.keys(),
]);

/**
 * Modules that reach files, the network, other processes or the interpreter, with all that is in them. Those whose name may as
 * well be a folder of somebody's own, such as `code`, are not among them: what they can do takes a call, which is refused.
 */
const dangerous: ReadonlySet<string> = new Set([
  ...["os", "posix", "nt", "sys", "builtins", "__builtin__", "subprocess", "popen2", "pty"],
  ...[
    "shutil",
    "io",
    "_io",
    "tempfile",
    "fileinput",
    "linecache",
    "pathlib",
    "types",
    "inspect",
    "operator",
    "_operator",
  ],
  ...["importlib", "imp", "runpy", "ctypes", "_ctypes", "codeop", "atexit", "signal", "threading", "_thread"],
  ...["multiprocessing", "concurrent", "asyncio", "pickle", "_pickle", "cPickle", "dill", "cloudpickle", "joblib"],
  ...["marshal", "shelve", "socket", "ssl", "http", "httplib", "urllib", "urllib2", "ftplib", "smtplib", "telnetlib"],
  ...["requests", "httpx", "aiohttp", "webbrowser", "bdb", "pdb", "cProfile", "timeit", "pydoc"],
  ...["venv", "ensurepip", "pip", "copyreg", "copy_reg"],
  ...["torch.load", "torch.hub", "torch.jit", "torch.package", "torch.serialization", "torch.utils.cpp_extension"],
  ...["torch.storage._load_from_bytes", "numpy.load", "numpy.f2py", "numpy.testing", "numpy.distutils"],
]);

/** Whether a pickle may name this: what is known, and what neither is in a dangerous module nor is one. */
export const isAllowedGlobal = (name: string): boolean => {
  const parts = name.split(".", 5);
  return known.has(name) || !parts.some((_, index) => dangerous.has(parts.slice(0, index + 1).join(".")));
};

const expected =
  "tensors of real numbers beside values that are only built: dictionaries, lists, numbers, texts, objects";

const advice =
  "PyTorch would run what the file names when it loads it. If you trust the file, load it in PyTorch and save " +
  "only its tensors: torch.save(model.state_dict(), path).";

const quoted = (name: string): string => JSON.stringify(name.length <= 200 ? name : `${name.slice(0, 197)}...`);

/** Why a pickle that names something dangerous is not read. */
export const forbiddenGlobal = (place: string, name: string): Failure =>
  failure("format", place, `the global ${quoted(name)}`, expected, advice);

/** Why a pickle that calls something unknown is not read. */
export const forbiddenCall = (place: string, name: string): Failure =>
  failure("format", place, `a call of the global ${quoted(name)}`, expected, advice);
