/** A data set of one's own: the default export of a module, which a configuration names and gives options. */
import { E, type Either, pipe, type TaskEither, TE } from "../dependencies/fp.ts";
import { type Failure, failure, settled } from "../errors.ts";
import type { Fields, ValuesOf } from "../formats/fields.ts";
import type { DepthImage, RgbImage } from "../formats/raster.ts";
import { guarded, guardedPromise, isOwnModule, loadModule, type OwnModule, ownModule } from "../modules/own_module.ts";
import type { Dataset, Sample, Split } from "./dataset.ts";
import { rangeWithin, withinRange } from "./depth_range.ts";
import type { ModuleData } from "./fields.ts";
import { mapSplit } from "./split.ts";

/** What a module is told beside its options.
 * @category Data */
export interface DataRequest {
  /** The folder of --data or `data.folder`; "" for none. */
  readonly folder: string;
}

type Opener = (request: DataRequest) => Dataset | Promise<Dataset>;

/** The default export of a module whose data the tasks take, see {@link dataModule}.
 * @category Data */
export interface DataModule extends OwnModule<"data", (request: DataRequest) => Dataset | Promise<Dataset>> {}

/**
 * A data set for `--dataset FILE` and `"data": { "kind": "module", "file": FILE }`, as a module's default export. Samples have
 * their own sizes: they are cropped, resized and changed at random as those of files are. The module is loaded by each
 * worker that reads samples: they must be the same each time.
 *
 * ```ts
 * export default dataModule(
 *   { count: { type: "integer", least: 2, most: 1000, default: 40, description: "How many samples." } },
 *   ({ count }, { folder }) => ({ name: folder, scenes: [], train: splitBy(count, read), test: splitBy(8, readOther) }),
 * );
 * ```
 *
 * @param options The fields of `data.options`, each with its range, its default and its description.
 * @param open The data set. What it throws ends the task, told at its line.
 * @category Data
 */
export const dataModule = <const F extends Fields>(
  options: F,
  open: (options: ValuesOf<F>, request: DataRequest) => Dataset | Promise<Dataset>,
): DataModule => ownModule("data", options, (values) => (request) => open(values, request));

/** A data set of one's own that was loaded: only what a user has named is.
 * @category Data */
export interface OwnData {
  /** The module's file. */
  readonly path: string;
  /** The SHA-256 of it and of the local files that it imports. */
  readonly hash: string;
  /** Opens it with the options, the folder and the bounds of a configuration. */
  readonly open: (data: ModuleData) => TaskEither<Failure, Dataset>;
}

const sampleText =
  "an image (height × width × 3 bytes) and its depth in metres, 0 where none was measured, of the same size";

/** What a sample lacks: the task that runs a module does not have the compiler read it. */
const absenceOf = ({ image, depth }: Sample): string | null => {
  const [{ pixels }, { metres }]: readonly [Partial<RgbImage>, Partial<DepthImage>] = [Object(image), Object(depth)];
  if (!(pixels instanceof Uint8Array)) return "no image with pixels in a Uint8Array";
  return metres instanceof Float32Array ? null : "no depth with metres in a Float32Array";
};

/** What is wrong in a sample: the compiler does not see how long arrays are, nor what is in them. */
const faultOf = (sample: Sample): string | null => absenceOf(sample) ?? contentFault(sample);

const contentFault = ({ image, depth }: Sample): string | null => {
  const pixels = depth.height * depth.width;
  if (image.height !== depth.height || image.width !== depth.width) {
    return `an image of ${image.width}×${image.height} pixels with depth of ${depth.width}×${depth.height}`;
  }
  if (image.pixels.length !== 3 * pixels) return `${image.pixels.length} bytes of ${pixels} pixels of an image`;
  if (depth.metres.length !== pixels) return `${depth.metres.length} depths of ${pixels} pixels`;
  const strange = depth.metres.find((metres) => !(metres >= 0 && metres < Infinity));
  return strange === undefined ? null : `a depth of ${strange} m`;
};

const checkedSample = (path: string) => (sample: Sample): Either<Failure, Sample> => {
  const fault = faultOf(sample);
  return fault === null ? E.right(sample) : E.left(failure("data", `${path}, ${sample.name}`, fault, sampleText));
};

const checkedSplit = (path: string, split: Split): Split => ({
  ...split,
  entry: (index) => guarded(path, "what is known of a sample", () => split.entry(index)),
  read: (index) =>
    pipe(
      settled(() => guardedPromise(path, sampleText, () => split.read(index)())),
      TE.chainEitherK(checkedSample(path)),
    ),
});

const isSplit = (split: unknown): boolean => {
  const { size = -1, read, entry }: Partial<Split> = Object(split);
  return Number.isInteger(size) && size >= 0 && typeof read === "function" && typeof entry === "function";
};

const isDataset = (given: unknown): boolean => {
  const { name, scenes, train, test }: Partial<Dataset> = Object(given);
  return typeof name === "string" && Array.isArray(scenes) && isSplit(train) && isSplit(test);
};

/** The data set as the configuration bounds its depth, whose samples are checked when they are read. */
const bounded = (path: string, dataset: Dataset, bounds: ModuleData): Either<Failure, Dataset> => {
  if (!isDataset(dataset)) {
    const expected = "a name, scenes (a list, which may be empty), and two splits, as of splitBy";
    return E.left(failure("script", path, "a data set without name, scenes, train or test", expected));
  }
  return pipe(
    rangeWithin(path, bounds, dataset.range ?? null),
    E.map((range) => {
      const within = range === null ? (sample: Sample) => sample : withinRange(range);
      const { train, test } = dataset;
      return {
        ...dataset,
        range,
        train: mapSplit(checkedSplit(path, train), within),
        test: mapSplit(checkedSplit(path, test), within),
      };
    }),
  );
};

/**
 * Loads a data set of one's own. It runs code: only what a user has named may be given to it, never what a checkpoint names.
 *
 * Errors: "missing" and "file"; "script" for another default export; of opening it, "configuration" for options, "script"
 * for what the module throws.
 * @category Data
 */
export const loadDataModule = (path: string): TaskEither<Failure, OwnData> =>
  pipe(
    loadModule(path, isOwnModule<"data", Opener>("data"), "a data set, made by dataModule"),
    TE.map(({ hash, exported }): OwnData => ({
      path,
      hash,
      open: (data) =>
        pipe(
          TE.fromEither(exported.make(`${path}, data.options`, data.options)),
          TE.chain((open) =>
            settled(async () => E.right(await guardedPromise(path, "a data set", () => open({ folder: data.folder }))))
          ),
          TE.chainEitherK((dataset) => bounded(path, dataset, data)),
        ),
    })),
  );
