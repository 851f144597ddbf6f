import { pipe, type TaskEither, TE } from "../dependencies/fp.ts";
import type { Failure } from "../errors.ts";
import { type ByteSource, openSource } from "./byte_source.ts";
import { otherKind, tellingBytes } from "./file_kinds.ts";
import { readSafetensors } from "./safetensors.ts";
import { readShards } from "./sharded_tensors.ts";
import type { TensorFile } from "./tensor_file.ts";
import { readTorchLegacy } from "./torch/torch_legacy.ts";
import { readTorchZip } from "./torch/torch_zip.ts";

const advice = "If it was downloaded, the download may have been a message instead of the file; try again.";

const firstBytes = (source: ByteSource): TaskEither<Failure, Uint8Array> =>
  source.read(0, Math.min(source.size, tellingBytes));

/**
 * Opens a file that `torch.save` wrote, in the format of PyTorch 1.6 and later or the one before. The names, types and
 * shapes of its tensors are read, and their values only when they are asked for. Whatever the file says, nothing of it
 * is run. Left with kind `format` for what is no such file or a damaged one, and for one that holds more than tensors,
 * dictionaries, lists, texts and numbers; with kind `missing` or `file` if it cannot be read.
 */
export const readTorchFile = (source: ByteSource): TaskEither<Failure, TensorFile> =>
  pipe(
    firstBytes(source),
    TE.chain((start) => {
      if (start[0] === zipStart && start[1] === 0x4B) return readTorchZip(source);
      return start[0] === pickleStart
        ? readTorchLegacy(source)
        : TE.left(otherKind(source.name, start, "a file that torch.save wrote", advice));
    }),
  );

const [openingBrace, pickleStart, zipStart] = [0x7B, 0x80, 0x50];

/** Whether these are the first bytes of a JSON text. As the length of a safetensors header they would be beyond any file. */
const isJson = (bytes: Uint8Array): boolean =>
  bytes[0] === openingBrace && bytes.subarray(0, 8).every((byte) => byte >= 0x20 || (byte >= 0x09 && byte <= 0x0D));

/**
 * Whether these are the first nine bytes of a zip archive or a pickle. A safetensors file may begin with the same two, the
 * length of its header, but its ninth byte opens a JSON object.
 */
const isTorch = (bytes: Uint8Array): boolean =>
  bytes[8] !== openingBrace && (bytes[0] === pickleStart || (bytes[0] === zipStart && bytes[1] === 0x4B));

const readLoneFile = (source: ByteSource, start: Uint8Array): TaskEither<Failure, TensorFile> => {
  if (isTorch(start)) return readTorchFile(source);
  return start[8] === openingBrace
    ? readSafetensors(source)
    : TE.left(otherKind(source.name, start, "a safetensors or PyTorch file", advice));
};

/**
 * Reads what tensors are in a source, by its first bytes: safetensors, or PyTorch's format of today or before 1.6. Left with
 * kind `format` if it is neither or damaged, saying what it is instead, and `missing` or `file` if reading fails.
 * @category Files
 */
export const readTensorFile = (source: ByteSource): TaskEither<Failure, TensorFile> =>
  pipe(firstBytes(source), TE.chain((start) => readLoneFile(source, start)));

/**
 * Opens a file with tensors, or the index of several (`model.safetensors.index.json`), whose tensors are then those of all
 * its shards; see {@link readTensorFile}. Nothing has to be closed.
 * @category Files
 */
export const openTensorFile = (path: string): TaskEither<Failure, TensorFile> =>
  pipe(
    openSource(path),
    TE.chain((source) =>
      pipe(
        firstBytes(source),
        TE.chain((start) =>
          isJson(start)
            ? readShards(source, (shard) => pipe(openSource(shard), TE.chain(readTensorFile)))
            : readLoneFile(source, start)
        ),
      )
    ),
  );
