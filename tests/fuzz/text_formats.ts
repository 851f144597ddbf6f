/** Texts that are read: lists, JSON and configurations. */
import { parseBtsList } from "../../lib/data/bts.ts";
import { parseCityscapesCamera } from "../../lib/data/cityscapes.ts";
import { parseList } from "../../lib/data/csv.ts";
import { parseDenseDepthList } from "../../lib/data/dense_depth.ts";
import { decodeManifest } from "../../lib/data/shards/manifest.ts";
import { decodeAbout } from "../../lib/data/shards/shard_sample.ts";
import { parseTumList } from "../../lib/data/tum.ts";
import { E, type Either, pipe, TE } from "../../lib/dependencies/fp.ts";
import type { Failure } from "../../lib/errors.ts";
import { parseConfiguration } from "../../lib/experiment/configuration_file.ts";
import type { Decoded, Format } from "./format.ts";

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

/** The JSON of a sample in a shard. */
export const about = { name: "a b", scene: "hall", intrinsics: { fx: 5, fy: 5, cx: 3.5, cy: 4.5 }, depthScale: 1000 };

/** Every format of texts. */
export const textFormats: readonly Format[] = [
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
    ["kitchen/rgb_1.jpg kitchen/depth_1.png 518.8579\n/bath/rgb_2.jpg None 518.8579\n", "a/1.jpg a/1.png\n"],
    (name, list) => pipe(parseBtsList(name, list), E.map((entries) => [entries.map(({ focal }) => focal ?? 0)])),
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
