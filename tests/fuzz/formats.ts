/** What is fuzzed: for each format some sound files, made by the program's own encoders, and its decoder. */
import { parseBtsList } from "../../lib/data/bts.ts";
import { parseCityscapesCamera } from "../../lib/data/cityscapes.ts";
import { parseList } from "../../lib/data/csv.ts";
import { parseDenseDepthList } from "../../lib/data/dense_depth.ts";
import { openNyu, readNyu } from "../../lib/data/nyu_depth_v2_file.ts";
import { decodeManifest } from "../../lib/data/shards/manifest.ts";
import { decodeAbout, streamShard } from "../../lib/data/shards/shard_sample.ts";
import { parseTumList } from "../../lib/data/tum.ts";
import { crc32, packTar } from "../../lib/dependencies/codecs.ts";
import { E, type Either, pipe, type TaskEither, TE } from "../../lib/dependencies/fp.ts";
import { type Failure, orThrow } from "../../lib/errors.ts";
import { parseConfiguration } from "../../lib/experiment/configuration_file.ts";
import { sourceOfBytes } from "../../lib/formats/byte_source.ts";
import { decodeImage, encodeJpeg } from "../../lib/formats/image.ts";
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
import { withChecksums, withHeaderSums } from "./mutations.ts";

/** What a decoder made of bytes. */
export interface Decoded {
  /** How much memory the values take, in bytes. */
  readonly size: number;
  /** Numbers that must all be finite. */
  readonly numbers: readonly ArrayLike<number>[];
}

/** A format and its decoder. */
export interface Format {
  readonly name: string;
  /** Some sound files. */
  readonly sound: () => Promise<readonly Uint8Array[]>;
  /** Decodes a file of a name; `where` is a folder for those that can only be read from a disk. */
  readonly decode: (name: string, bytes: Uint8Array, folder: string) => TaskEither<Failure, Decoded>;
  /** Puts right what every change breaks, so that half of the changes get further than that. */
  readonly repaired?: (bytes: Uint8Array) => Uint8Array;
}

const nothing: Decoded = { size: 0, numbers: [] };

const picture = { height: 9, width: 7, pixels: Uint8Array.from({ length: 189 }, (_, at) => 5 * at) };

const levels = Uint16Array.from({ length: 63 }, (_, at) => 1000 * at);

const latin = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

const ofText = (
  name: string,
  sound: readonly string[],
  parse: (name: string, text: string) => Either<Failure, readonly ArrayLike<number>[]>,
): Format => ({
  name,
  sound: () => Promise.resolve(sound.map((each) => new TextEncoder().encode(each))),
  decode: (file, bytes) =>
    TE.fromEither(pipe(parse(file, latin(bytes)), E.map((numbers): Decoded => ({ size: 0, numbers })))),
});

const isDone = (): readonly ArrayLike<number>[] => [];

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

const about = { name: "a b", scene: "hall", intrinsics: { fx: 5, fy: 5, cx: 3.5, cy: 4.5 }, depthScale: 1000 };

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

const pictureOf = (name: string, bytes: Uint8Array): TaskEither<Failure, Decoded> =>
  pipe(decodeImage(name, bytes), TE.map(({ pixels }) => ({ size: pixels.byteLength, numbers: [] })));

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
  ofText(
    "about",
    [JSON.stringify(about), '{"name":"a","scene":null,"intrinsics":null}'],
    (name, json) =>
      pipe(
        decodeAbout(name, "a", new TextEncoder().encode(json)),
        E.map(({ intrinsics, depthScale }) => [Object.values(intrinsics ?? {}), [65535 / depthScale, depthScale]]),
      ),
  ),
  ofText(
    "csv",
    ['image,depth,scene,split\na.jpg,a.png,hall,train\n"b ""1"".jpg",b.png,,test\n', "image,depth,split\n\n"],
    (name, list) => pipe(parseList(name, list), E.map((entries) => [entries.map(({ line }) => line)])),
  ),
  ofText(
    "bts",
    ["kitchen/rgb_1.jpg kitchen/depth_1.png 518.8579\n/bath/rgb_2.jpg None 518.8579\n"],
    (name, list) => pipe(parseBtsList(name, list), E.map((entries) => [entries.map(({ focal }) => focal)])),
  ),
  ofText(
    "tum",
    ["# color images\n1305031452.791720 rgb/1305031452.791720.png\n1305031452.823674 rgb/1305031452.823674.png\n"],
    (name, list) => pipe(parseTumList(name, list), E.map((frames) => [frames.map(({ microseconds }) => microseconds)])),
  ),
  ofText(
    "densedepth",
    ["data/nyu2_train/hall_0001_out/1.jpg,data/nyu2_train/hall_0001_out/1.png\n"],
    (name, list) => pipe(parseDenseDepthList(name, list), E.map(isDone)),
  ),
  ofText(
    "cityscapes",
    ['{"extrinsic":{"baseline":0.2},"intrinsic":{"fx":2262.5,"fy":2265.3,"u0":1096.9,"v0":513.1}}'],
    (name, list) =>
      pipe(
        parseCityscapesCamera(name, list),
        E.map(({ baseline, intrinsics }) => [[baseline], Object.values(intrinsics)]),
      ),
  ),
  ofText(
    "manifest",
    [
      '{"version":1,"name":"d","scenes":["hall"],"shards":[{"file":"train-0.tar","split":"train","bytes":2048,' +
      '"samples":[{"name":"a","scene":null,"files":{"png":[512,100]}}]}]}',
    ],
    (name, list) => pipe(decodeManifest(name, list), E.map(isDone)),
  ),
  ofText(
    "configuration",
    ['{"seed": 1, // a comment\n"optim": {"lr": 1e-4, "milestones": [9]}, "training": {"steps": 10, "batch": 2}}'],
    (name, list) => pipe(parseConfiguration(name, list, []), E.map(isDone)),
  ),
];
