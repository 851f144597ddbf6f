import { E, type Either, pipe, t, type TaskEither, TE } from "../dependencies/fp.ts";
import { type Failure, failure } from "../errors.ts";
import { readText } from "../formats/files.ts";
import { parseJson } from "../formats/json.ts";
import { type Intrinsics, type PublishedDataset, publishedDataset, type SampleSource } from "./dataset.ts";
import { firstOf, inBatches, readFolder } from "./folders.ts";
import { type DepthCoding, listedAt, metresBy, ofBits, originalsOf, type Pair, readPair } from "./pair.ts";

/** What depth needs to be known of a camera of Cityscapes. */
export interface CityscapesCamera {
  /** Metres between the two cameras. */
  readonly baseline: number;
  /** The left camera. */
  readonly intrinsics: Intrinsics;
}

const codec = t.type({
  extrinsic: t.type({ baseline: t.number }),
  intrinsic: t.type({ fx: t.number, fy: t.number, u0: t.number, v0: t.number }),
});

const expected = "extrinsic.baseline in metres and intrinsic.fx, fy, u0 and v0 in pixels";

const wrong = (path: string, found: string): Failure => failure("data", path, found, expected);

/**
 * The camera of `NAME_camera.json`. Its pixels are taken to have their centres at whole numbers from 0 on, so that half a
 * pixel is added to the optical axis.
 *
 * Errors: "data" for a text that is no such JSON, and for a baseline or a focal length that is not above 0.
 */
export const parseCityscapesCamera = (path: string, text: string): Either<Failure, CityscapesCamera> =>
  pipe(
    parseJson(text),
    E.mapLeft((reason) => wrong(path, `no JSON (${reason})`)),
    E.chain((json) => pipe(codec.decode(json), E.mapLeft(() => wrong(path, "a JSON without these numbers")))),
    E.chain(({ extrinsic: { baseline }, intrinsic: { fx, fy, u0, v0 } }) =>
      baseline > 0 && fx > 0 && fy > 0 && [baseline, fx, fy, u0, v0].every(Number.isFinite)
        ? E.right({ baseline, intrinsics: { fx, fy, cx: u0 + 0.5, cy: v0 + 0.5 } })
        : E.left(wrong(path, `baseline ${baseline}, fx ${fx}, fy ${fy}, u0 ${u0}, v0 ${v0}`))
    ),
  );

/** Where Cityscapes lies, and what of it is the test split.
 * @category Data */
export interface CityscapesOptions {
  /** The folder that holds `leftImg8bit`, `disparity` and `camera`. */
  readonly folder: string;
  /**
   * Which of its splits is evaluated on; "val" unless given. Only the labels of `test` are withheld: its disparity and
   * camera files are published like those of the others.
   */
  readonly testSplit?: "val" | "test" | undefined;
}

const types = ["leftImg8bit", "disparity", "camera"] as const;

/** The folder of each type of data: `TYPE`, or `TYPE_trainvaltest/TYPE` as an archive may be unpacked. */
type Roots = Readonly<Record<typeof types[number], string>>;

const rootsIn = (folder: string): TaskEither<Failure, Roots> => {
  const rootOf = (type: string): TaskEither<Failure, string> =>
    pipe(
      firstOf([`${folder}/${type}`, `${folder}/${type}_trainvaltest/${type}`], "folder"),
      TE.chainEitherK((root): Either<Failure, string> =>
        root !== null ? E.right(root) : E.left(
          failure("data", folder, `no folder ${type}`, `the folders ${types.join(", ")} of Cityscapes side by side`),
        )
      ),
    );
  return pipe(
    TE.sequenceArray(types.map(rootOf)),
    TE.map(([leftImg8bit = "", disparity = "", camera = ""]) => ({ leftImg8bit, disparity, camera })),
  );
};

/** p > 0 is a disparity of (p − 1) / 256 pixels; p = 0 is no measurement, and p = 1 would be infinitely far. */
const coding = ({ baseline, intrinsics }: CityscapesCamera): DepthCoding =>
  ofBits(
    16,
    "Cityscapes stores disparity",
    ({ values, isFloat }, path) =>
      isFloat
        ? E.left(failure("data", path, "floating-point numbers", "16 bits, as Cityscapes stores disparity"))
        : E.right(metresBy(values, (p) => p > 1 ? baseline * intrinsics.fx * 256 / (p - 1) : 0)),
  );

/** Disparities count pixels: in a map of another size than its picture it is not known of which. */
const ofOneSize = (path: string) => (pair: Pair): Either<Failure, Pair> => {
  if (pair.fileSizes === undefined) return E.right(pair);
  const { image, depth } = pair.fileSizes;
  const found = `a map of disparities of ${depth.width}×${depth.height} pixels`;
  return E.left(failure("data", path, found, `${image.width}×${image.height}, as its image`));
};

const readCamera = (path: string): TaskEither<Failure, CityscapesCamera> =>
  pipe(readText(path, "settings"), TE.chainEitherK((text) => parseCityscapesCamera(path, text)));

const ending = "_leftImg8bit.png";

/** A city of a split: `train/aachen`. */
interface City {
  readonly path: string;
  readonly city: string;
}

const sourceOf = (roots: Roots, { path, city }: City, name: string): SampleSource => {
  const image = `${roots.leftImg8bit}/${path}/${name}${ending}`;
  const depth = `${roots.disparity}/${path}/${name}_disparity.png`;
  const read = pipe(
    readCamera(`${roots.camera}/${path}/${name}_camera.json`),
    TE.chain((camera) =>
      pipe(
        readPair({ image, depth }, coding(camera)),
        TE.chainEitherK(ofOneSize(depth)),
        TE.map((pair) => ({ ...pair, name, scene: city, intrinsics: camera.intrinsics })),
      )
    ),
  );
  return { name, scene: city, where: image, originals: originalsOf({ image, depth }), read: listedAt(image, read) };
};

const citySources = (roots: Roots) => (city: City): TaskEither<Failure, readonly SampleSource[]> =>
  pipe(
    readFolder(`${roots.leftImg8bit}/${city.path}`),
    TE.map(({ files }) =>
      files.filter((name) => name.endsWith(ending)).map((name) => sourceOf(roots, city, name.slice(0, -ending.length)))
    ),
  );

const splitSources = (roots: Roots) => (split: string): TaskEither<Failure, readonly SampleSource[]> =>
  pipe(
    readFolder(`${roots.leftImg8bit}/${split}`),
    TE.map(({ folders }) => folders.map((city) => ({ path: `${split}/${city}`, city }))),
    TE.chain((cities) => inBatches(cities, citySources(roots))),
    TE.map((sources) => sources.flat()),
    TE.filterOrElse(
      (sources) => sources.length > 0,
      () => failure("data", `${roots.leftImg8bit}/${split}`, "no picture", `files CITY/NAME${ending}`),
    ),
  );

/**
 * Cityscapes (Cordts and others): pictures `leftImg8bit/SPLIT/CITY/NAME_leftImg8bit.png`, disparities
 * `disparity/SPLIT/CITY/NAME_disparity.png` of 16 bits and cameras `camera/SPLIT/CITY/NAME_camera.json`. Depth in metres is
 * baseline · fx / d with d = (p − 1) / 256 pixels for p > 0; p = 0, and d = 0, are no measurement. Nothing is cut off at a
 * distance: {@link openFiles} leaves out what is beyond the published range. The scene is the city; no city of one split is in another. `train` is trained on, `val`
 * evaluated on unless told otherwise.
 *
 * Errors: "file", "format" and "data", naming the file and the picture that it belongs to.
 * @category Data
 */
export const cityscapesDataset = (options: CityscapesOptions): TaskEither<Failure, PublishedDataset> =>
  pipe(
    rootsIn(options.folder),
    TE.chain((roots) => TE.sequenceArray(["train", options.testSplit ?? "val"].map(splitSources(roots)))),
    TE.chainEitherK(([train = [], test = []]) => publishedDataset(options.folder, { train, test })),
  );
