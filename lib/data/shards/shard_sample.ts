import { createTarDecoder, type ParsedTarEntry } from "../../dependencies/codecs.ts";
import { E, type Either, pipe, t, type TaskEither, TE } from "../../dependencies/fp.ts";
import { type Failure, failure, reasonText } from "../../errors.ts";
import { concatenate } from "../../formats/bytes.ts";
import { parseJson } from "../../formats/json.ts";
import { decodeNpy } from "../../formats/npy.ts";
import { pictureFormats } from "../../formats/picture_formats.ts";
import { decodeGrey16 } from "../../formats/png.ts";
import type { DepthImage } from "../../formats/raster.ts";
import type { Sample } from "../dataset.ts";
import { pairCamera, pairOf } from "../pair.ts";
import { decodeStored, type StoredPicture } from "../turning.ts";

/**
 * The files of one sample in a shard by their extensions, in the convention of WebDataset: a picture (an ending of
 * `pictureFormats`, such as "jpg"), its depth ("depth.png" or "depth.npy") and, if there is more to say, "json".
 * @category Data
 */
export type SampleFiles<A> = Readonly<Record<string, A>>;

const finite = t.refinement(t.number, Number.isFinite, "a finite number");

/** No unit of depth is longer than a kilometre; where one is, the numbers are no depth. */
const unit = t.refinement(t.number, (value) => value >= 0.001 && Number.isFinite(value), "units in a metre");

/** What the "json" of a sample may say. */
const aboutCodec = t.partial({
  name: t.string,
  scene: t.union([t.string, t.null]),
  intrinsics: t.union([t.type({ fx: finite, fy: finite, cx: finite, cy: finite }), t.null]),
  depthScale: unit,
});

/** What the "json" of a sample says: its name, its scene, its camera, and the units of "depth.png" in a metre. */
export interface About {
  /** What messages and pictures call the sample. */
  readonly name: string;
  /** The label of its scene, if there is one. */
  readonly scene: string | null;
  /** The camera, where it is known. */
  readonly intrinsics: Sample["intrinsics"];
  /** Units of "depth.png" in a metre. */
  readonly depthScale: number;
}

const notJson = (where: string, found: string): Failure =>
  failure("data", `${where}.json`, found, "JSON with name, scene, intrinsics and depthScale, each if it is known");

/** Reads the "json" of a sample; `key` is its name if that is not said, and depth is in millimetres. */
export const decodeAbout = (where: string, key: string, bytes: Uint8Array | undefined): Either<Failure, About> => {
  const usual = { name: key, scene: null, intrinsics: null, depthScale: 1000 };
  if (bytes === undefined) return E.right(usual);
  const parsed = parseJson(new TextDecoder().decode(bytes));
  if (E.isLeft(parsed)) return E.left(notJson(where, `what is no JSON (${parsed.left})`));
  const decoded = aboutCodec.decode(parsed.right);
  if (E.isLeft(decoded)) return E.left(notJson(where, JSON.stringify(parsed.right).slice(0, 80)));
  return E.right({ ...usual, ...decoded.right });
};

const depthOfNpy = (name: string, bytes: Uint8Array): Either<Failure, DepthImage> =>
  pipe(
    decodeNpy(name, bytes),
    E.chain(({ shape: [height = 0, width = 0, ...rest], values }) => {
      // Rounded first: what a 64-bit number can be may be infinite in 32 bits.
      const metres = Float32Array.from(values);
      return rest.length === 0 && metres.every((depth) => depth >= 0 && depth < Infinity)
        ? E.right({ height, width, metres })
        : E.left(failure("data", name, "an array that is no map of depths", "metres, (height, width), 0 for a hole"));
    }),
  );

/** The depth of a sample from its files in a shard, `scale` units of "depth.png" in a metre. Errors: "format" and "data". */
export const depthOf = (where: string, files: SampleFiles<Uint8Array>, scale: number): Either<Failure, DepthImage> => {
  const [png, npy] = [files["depth.png"], files["depth.npy"]];
  if (npy !== undefined) return depthOfNpy(`${where}.depth.npy`, npy);
  if (png === undefined) return E.left(failure("data", where, "no depth", "a file .depth.png or .depth.npy beside it"));
  return pipe(
    decodeGrey16(`${where}.depth.png`, png),
    E.map(({ height, width, values }) => ({ height, width, metres: Float32Array.from(values, (v) => v / scale) })),
  );
};

/** The extensions of a picture in a shard. */
export const pictureEndings: readonly string[] = pictureFormats.flatMap(({ endings }) => endings);

/** The picture of a sample from its files in a shard. Errors: "format" and "data". */
export const imageOf = (where: string, files: SampleFiles<Uint8Array>): TaskEither<Failure, StoredPicture> => {
  const found = pictureEndings.find((extension) => files[extension] !== undefined);
  const bytes = found === undefined ? undefined : files[found];
  return bytes === undefined
    ? TE.left(failure("data", where, "no picture", `a file .${pictureEndings.join(", .")}`))
    : decodeStored(`${where}.${found}`, bytes);
};

/**
 * A sample from its files in a shard.
 *
 * Errors: "format" and "data", naming the shard and the file in it.
 *
 * @param where The shard and the sample's key, for messages.
 */
export const decodeSample = (
  where: string,
  key: string,
  files: SampleFiles<Uint8Array>,
): TaskEither<Failure, Sample> =>
async () => {
  const about = decodeAbout(where, key, files["json"]);
  if (E.isLeft(about)) return about;
  const image = await imageOf(where, files)();
  if (E.isLeft(image)) return image;
  const { name, scene, intrinsics, depthScale } = about.right;
  return pipe(
    depthOf(where, files, depthScale),
    E.chain((depth) => pairOf(image.right, depth, where)),
    E.map((pair) => ({ ...pair, name, scene, intrinsics: pairCamera(pair, intrinsics) })),
  );
};

/** The extension of a member's name, from the first dot of its last part, and what stands before it. */
export const splitName = (name: string): readonly [key: string, extension: string] => {
  const dot = name.indexOf(".", name.lastIndexOf("/") + 1);
  return dot < 0 ? [name, ""] : [name.slice(0, dot), name.slice(dot + 1)];
};

/** No file of a sample is larger. */
const largestFile = 2 ** 28;

const refuse = (name: string, found: string): Failure =>
  failure("format", name, found, "a tar archive of pictures and depths", "Copy or download the shard again.");

/** All bytes of a member, unless there are too many. */
const bytesIn = async (name: string, body: ReadableStream<Uint8Array>): Promise<Either<Failure, Uint8Array>> => {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of body) {
    size += part.length;
    if (size > largestFile) return E.left(refuse(name, `more than ${largestFile} bytes in a file`));
    parts.push(part);
  }
  return E.right(concatenate(parts));
};

/**
 * The samples of a shard that comes as a stream of bytes, such as the body of a response, one after the other as they come;
 * no more than one is in memory. A sample's files follow each other, as WebDataset wants. After a failure of the archive
 * itself nothing follows; a sample that cannot be decoded is a failure in its place.
 * @category Data
 */
export async function* streamShard(
  name: string,
  bytes: ReadableStream<Uint8Array>,
): AsyncGenerator<Either<Failure, Sample>> {
  let key: string | null = null;
  let files: Record<string, Uint8Array> = {};
  try {
    for await (const { header, body } of bytes.pipeThrough<ParsedTarEntry>(createTarDecoder({ strict: true }))) {
      const read = await bytesIn(`${name}, ${header.name}`, body);
      if (E.isLeft(read)) return yield read;
      if (header.type !== undefined && header.type !== "file") continue;
      const [nextKey, extension] = splitName(header.name);
      if (key !== null && nextKey !== key) {
        yield await decodeSample(`${name}, sample ${key}`, key, files)();
        files = {};
      }
      key = nextKey;
      files = { ...files, [extension]: read.right };
    }
  } catch (reason) {
    return yield E.left(refuse(name, reasonText(reason)));
  }
  if (key !== null) yield await decodeSample(`${name}, sample ${key}`, key, files)();
}
