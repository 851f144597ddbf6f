import { E, type Either, pipe, type TaskEither, TE } from "../../dependencies/fp.ts";
import type { Failure } from "../../errors.ts";
import type { ByteSource } from "../byte_source.ts";
import { dtypeSize } from "../bytes.ts";
import type { StoredTensor, TensorFile, TensorFileFormat } from "../tensor_file.ts";
import type { PickleValue } from "./pickle_values.ts";
import { objectsOf } from "./torch_objects.ts";
import {
  gather,
  readView,
  type StorageReference,
  type TensorObject,
  tensorPlace,
  type TensorView,
  viewSpan,
} from "./torch_views.ts";

/** Where a storage's bytes start in the file, found out when they are needed. */
export type StorageStart = TaskEither<Failure, number>;

/**
 * Finds a storage in a file and checks that the file has all its bytes. `where` names the tensor in messages. Left with
 * kind `format` if there is no such storage.
 */
export type LocateStorage = (where: string, storage: StorageReference) => Either<Failure, StorageStart>;

interface LocatedView extends TensorView {
  readonly start: StorageStart;
}

const readTensor = (source: ByteSource, view: LocatedView): TaskEither<Failure, StoredTensor> => {
  const { name, dtype, shape, offset, storage } = view;
  const size = dtypeSize[dtype];
  const length = viewSpan(view) * size;
  return pipe(
    length === 0 ? TE.right(new Uint8Array()) : pipe(
      view.start,
      TE.chain((start) => source.read(start + storage.begin + offset * size, length)),
    ),
    TE.map((span) => ({ name, dtype, shape, bytes: gather(view, span) })),
  );
};

const locatedView = (
  source: ByteSource,
  locate: LocateStorage,
  [name, tensor]: readonly [name: string, tensor: TensorObject],
): Either<Failure, LocatedView> => {
  const view = readView(source.name, source.size, name, tensor);
  if (E.isLeft(view)) return view;
  const start = locate(tensorPlace(source.name, name), view.right.storage);
  return E.isLeft(start) ? start : E.right({ ...view.right, start: start.right });
};

const readerOf = (source: ByteSource, views: readonly LocatedView[]): TensorFile["read"] => {
  const byName = new Map(views.map((view) => [view.name, view]));
  return (name) => {
    const view = byName.get(name);
    if (view === undefined) throw new Error(`${source.name} has no tensor ${JSON.stringify(name)}`);
    return readTensor(source, view);
  };
};

/**
 * A file's tensors and values, from the object that its pickle holds. Nothing is read until a tensor is asked for, and
 * then only from its first element to its last. Left with kind `format` if any tensor is not as it should be.
 */
export const tensorFileOf = (
  source: ByteSource,
  format: TensorFileFormat,
  object: PickleValue,
  locate: LocateStorage,
): Either<Failure, TensorFile> => {
  const objects = objectsOf(source.name, object);
  if (E.isLeft(objects)) return objects;
  const { tensors, values } = objects.right;
  return pipe(
    tensors,
    E.traverseArray((tensor) => locatedView(source, locate, tensor)),
    E.map((views) => ({
      path: source.name,
      format,
      metadata: {},
      entries: views.map(({ name, dtype, shape }) => ({ name, dtype, shape })),
      values,
      read: readerOf(source, views),
    })),
  );
};
