import { pipe, type TaskEither, TE } from "../dependencies/fp.ts";
import { type Failure, failure } from "../errors.ts";
import { type ByteSource, openSource } from "./byte_source.ts";
import { charactersAt } from "./bytes.ts";
import { readSafetensors } from "./safetensors.ts";
import type { TensorFile } from "./tensor_file.ts";
import { readTorchLegacy } from "./torch/torch_legacy.ts";
import { readTorchZip } from "./torch/torch_zip.ts";

const describeStart = (source: ByteSource, start: string): string => {
  if (source.size === 0) return "an empty file";
  if (/^\s*</.test(start)) return "a text that looks like a web page";
  return `a file that starts with ${JSON.stringify(start.slice(0, 8))}`;
};

const noTorchFile = (source: ByteSource, start: string): Failure =>
  failure(
    "format",
    source.name,
    describeStart(source, start),
    "a file that torch.save wrote",
    "If it was downloaded, the download may have been a message instead of the file; try again.",
  );

/**
 * Opens a file that `torch.save` wrote, in the format of PyTorch 1.6 and later or the one before. The names, types and
 * shapes of its tensors are read, and their values only when they are asked for. Whatever the file says, nothing of it
 * is run. Left with kind `format` for what is no such file or a damaged one, and for one that holds more than tensors,
 * dictionaries, lists, texts and numbers; with kind `missing` or `file` if it cannot be read.
 */
export const readTorchFile = (source: ByteSource): TaskEither<Failure, TensorFile> =>
  pipe(
    source.read(0, Math.min(source.size, 32)),
    TE.chain((bytes) => {
      const start = charactersAt(bytes, 0, bytes.length);
      if (start.startsWith("PK")) return readTorchZip(source);
      return start.startsWith("\x80") ? readTorchLegacy(source) : TE.left(noTorchFile(source, start));
    }),
  );

const empty = (name: string): Failure =>
  failure("format", name, "an empty file", "a safetensors or PyTorch file", "Copy or download it again.");

const [openingBrace, pickleStart, zipStart] = [0x7B, 0x80, 0x50];

/**
 * Whether these are the first nine bytes of a zip archive or a pickle. A safetensors file may begin with the same two, the
 * length of its header, but its ninth byte opens a JSON object.
 */
const isTorch = (bytes: Uint8Array): boolean =>
  bytes[8] !== openingBrace && (bytes[0] === pickleStart || (bytes[0] === zipStart && bytes[1] === 0x4B));

/**
 * Reads what tensors are in a source, by its first bytes: safetensors, or PyTorch's format of today or before 1.6. Left with
 * kind `format` if it is neither or damaged, and `missing` or `file` if reading fails.
 */
export const readTensorFile = (source: ByteSource): TaskEither<Failure, TensorFile> =>
  source.size === 0 ? TE.left(empty(source.name)) : pipe(
    source.read(0, Math.min(9, source.size)),
    TE.chain((bytes) => isTorch(bytes) ? readTorchFile(source) : readSafetensors(source)),
  );

/** Opens a file with tensors; see {@link readTensorFile}. Nothing has to be closed. */
export const openTensorFile = (path: string): TaskEither<Failure, TensorFile> =>
  pipe(openSource(path), TE.chain(readTensorFile));
