import { type Failure, failure } from "../../errors.ts";
import { pipe, type TaskEither, TE } from "../../dependencies/fp.ts";
import type { ByteSource } from "../byte_source.ts";
import { charactersAt } from "../bytes.ts";
import type { TensorFile } from "../tensor_file.ts";
import { readTorchLegacy } from "./torch_legacy.ts";
import { readTorchZip } from "./torch_zip.ts";

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
