/** What is fuzzed: for each format some sound files, made by the program's own encoders, and its decoder. */
import { openNyu, readNyu } from "../../lib/data/nyu_depth_v2_file.ts";
import { streamShard } from "../../lib/data/shards/shard_sample.ts";
import { crc32, packTar } from "../../lib/dependencies/codecs.ts";
import { E, pipe, type TaskEither, TE } from "../../lib/dependencies/fp.ts";
import { type Failure, orThrow } from "../../lib/errors.ts";
import { sourceOfBytes } from "../../lib/formats/byte_source.ts";
import { encodeJpeg } from "../../lib/formats/image.ts";
import { decodeNpy, encodeNpy } from "../../lib/formats/npy.ts";
import { readTensorFile } from "../../lib/formats/open_tensor_file.ts";
import { decodeGrey16, encodeGrey16Png, encodeRgbPng } from "../../lib/formats/png.ts";
import { encodeSafetensors } from "../../lib/formats/safetensors.ts";
import { indexTar } from "../../lib/formats/tar_index.ts";
import { storedFloat32 } from "../../lib/formats/tensor_file.ts";
import { readPickle } from "../../lib/formats/torch/pickle.ts";
import { objectsOf } from "../../lib/formats/torch/torch_objects.ts";
import { nyuArrays, nyuCells } from "../data/nyu_support.ts";
import { assembled, matlabPieces } from "../formats/matlab_writer.ts";
import {
  call,
  counting,
  dict,
  float,
  global,
  int,
  list,
  matrix,
  named,
  none,
  ordered,
  pickle,
  raw,
  type Steps,
  text,
  torchEntries,
  torchLegacy,
  torchZip,
  truth,
  tuple,
  weights,
  zipOf,
} from "../formats/torch_support.ts";
import type { Decoded, Format } from "./format.ts";
import { withChecksums, withHeaderSums } from "./mutations.ts";
import { pictureOf, rasterFormats } from "./raster_formats.ts";
import { about, textFormats } from "./text_formats.ts";

const nothing: Decoded = { size: 0, numbers: [] };

const picture = { height: 9, width: 7, pixels: Uint8Array.from({ length: 189 }, (_, at) => 5 * at) };

const levels = Uint16Array.from({ length: 63 }, (_, at) => 1000 * at);

const object: Steps = ordered({
  weight: matrix,
  epoch: int(3),
  rate: float(0.1),
  args: raw(global("argparse", "Namespace"), ")\x81", named({ lr: float(1e-3), names: list(text("a"), none) }), "b"),
  path: call("pathlib", "PosixPath", text("/"), text("data")),
  table: dict([int(1), tuple(truth(true), text("é"))]),
  day: call("datetime", "date", call("_codecs", "encode", text("\x07\xe8\x02\x1d"), text("latin1"))),
});

const readTensors = (name: string, bytes: Uint8Array): TaskEither<Failure, Decoded> =>
  pipe(
    readTensorFile(sourceOfBytes(name, bytes)),
    TE.chain((file) => TE.sequenceSeqArray(file.entries.slice(0, 50).map((entry) => file.read(entry.name)))),
    TE.map((tensors) => ({ size: tensors.reduce((sum, tensor) => sum + tensor.bytes.length, 0), numbers: [] })),
  );

const ofTensors = (name: string, sound: () => readonly Uint8Array[]): Format => ({
  name,
  sound: () => Promise.resolve(sound()),
  decode: readTensors,
});

const samplesIn = (name: string, bytes: Uint8Array): TaskEither<Failure, Decoded> => async () => {
  const numbers: ArrayLike<number>[] = [];
  const stream = new Blob([new Uint8Array(bytes)]).stream();
  for await (const sample of streamShard(name, stream)) {
    if (E.isLeft(sample)) return sample;
    const { depth, intrinsics } = sample.right;
    numbers.push(depth.metres, intrinsics === null ? [] : Object.values(intrinsics));
  }
  return E.right({ size: numbers.reduce((sum, { length }) => sum + 4 * length, 0), numbers });
};

const shards = async (): Promise<readonly Uint8Array[]> => {
  const jpeg = orThrow(await encodeJpeg(picture, 80)());
  const metres = Float32Array.from({ length: 63 }, (_, at) => at / 8);
  const files: Readonly<Record<string, Uint8Array>> = {
    "a.png": encodeRgbPng(picture),
    "a.depth.png": encodeGrey16Png(9, 7, levels),
    "a.json": new TextEncoder().encode(JSON.stringify(about)),
    "folder/b.jpg": jpeg,
    "folder/b.depth.npy": encodeNpy({ shape: [9, 7], values: metres }),
  };
  const entries = Object.entries(files).map(([name, body]) => ({ header: { name, size: body.length }, body }));
  return [await packTar(entries), await packTar(entries.slice(0, 3))];
};

const depthMap = (name: string, bytes: Uint8Array): TaskEither<Failure, Decoded> =>
  TE.fromEither(
    pipe(decodeGrey16(name, bytes), E.map(({ values }) => ({ size: values.byteLength, numbers: [values] }))),
  );

const nyuSample = (name: string, bytes: Uint8Array, folder: string): TaskEither<Failure, Decoded> => async () => {
  const path = `${folder}/${name}`;
  await Deno.writeFile(path, bytes);
  const file = { path, depths: "depths", labels: "scenes" } as const;
  return await pipe(
    openNyu(file),
    TE.chain((contents) => readNyu(file, contents, 0, path)),
    TE.map(({ depth }) => ({ size: depth.metres.byteLength, numbers: [depth.metres] })),
  )();
};

/** Every format that is read. */
export const formats: readonly Format[] = [
  {
    name: "png",
    sound: () =>
      Promise.resolve([encodeRgbPng(picture), encodeGrey16Png(9, 7, levels), encodeGrey16Png(1, 63, levels)]),
    decode: (name, bytes) =>
      pipe(pictureOf(name, bytes), TE.chain((first) => pipe(depthMap(name, bytes), TE.orElse(() => TE.right(first))))),
    repaired: (bytes) => withChecksums(bytes, crc32),
  },
  {
    name: "jpeg",
    sound: () => Promise.all([90, 30].map(async (quality) => orThrow(await encodeJpeg(picture, quality)()))),
    decode: pictureOf,
  },
  {
    name: "npy",
    sound: () =>
      Promise.resolve(
        [[3, 4], [12], []].map((shape) =>
          encodeNpy({ shape, values: new Float32Array(shape.reduce((product, side) => product * side, 1)) })
        ),
      ),
    decode: (name, bytes) =>
      TE.fromEither(pipe(decodeNpy(name, bytes), E.map(({ values }) => ({ size: values.byteLength, numbers: [] })))),
  },
  ofTensors("safetensors", () => {
    const tensors = ["a", "b.weight"].map((name) => storedFloat32(name, [2, 2], new Float32Array(4)));
    return [encodeSafetensors(tensors, { kind: "depth" }), encodeSafetensors([], {})];
  }),
  ofTensors("torch", () => [
    torchZip(object, [weights]),
    torchZip(matrix, [weights]),
    zipOf(torchEntries(object, [weights, counting("1", "I64", 3)]), true),
  ]),
  ofTensors("torch-legacy", () => [torchLegacy(object, [weights]), torchLegacy(matrix, [weights])]),
  {
    name: "pickle",
    sound: () => Promise.resolve([pickle(object), pickle(list(int(1), named({ a: none }))), raw("\x80\x04]\x94.")]),
    decode: (name, bytes) =>
      TE.fromEither(pipe(
        readPickle(name, bytes, 0),
        E.chain(({ value }) => objectsOf(name, value)),
        E.map(() => nothing),
      )),
  },
  {
    name: "matlab",
    sound: () => Promise.resolve([assembled(matlabPieces(nyuArrays({ count: 2, height: 5, width: 4 }), nyuCells(2)))]),
    decode: nyuSample,
  },
  {
    name: "tar",
    sound: shards,
    decode: (name, bytes) =>
      pipe(indexTar(sourceOfBytes(name, bytes)), TE.map((members) => ({ size: 100 * members.length, numbers: [] }))),
    repaired: withHeaderSums,
  },
  { name: "shards", sound: shards, decode: samplesIn, repaired: withHeaderSums },
  ...rasterFormats,
  ...textFormats,
];
