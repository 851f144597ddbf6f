import { type Failure, failure } from "../errors.ts";
import { pipe, type TaskEither, TE } from "../dependencies/fp.ts";
import { type ByteSource, openSource } from "./byte_source.ts";
import { readSafetensors } from "./safetensors.ts";
import type { TensorFile } from "./tensor_file.ts";
import { readTorchFile } from "./torch/torch_file.ts";

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
