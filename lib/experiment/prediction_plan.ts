import { pipe, type TaskEither, TE } from "../dependencies/fp.ts";
import type { Failure } from "../errors.ts";
import { type DepthEncoding, type DepthFormat, usualEncoding } from "../pictures/depth_formats.ts";
import { imageFiles, type LeftOut } from "./image_files.ts";
import { type PlannedImage, plannedImages } from "./result_names.ts";
import { checkFree, withoutReplaced } from "./result_places.ts";

/** Where depth maps of images are to be written, and how.
 * @category Experiments */
export interface PredictionOptions {
  /** The folder of the depth maps. */
  readonly out: string;
  /** The files that are written of each, some of `depthFormats`. */
  readonly formats: readonly DepthFormat[];
  /** What may differ between files of one format; {@link usualEncoding} by default. */
  readonly encoding?: DepthEncoding;
  /** Whether files that `predict` is not known to have written may be replaced; not by default. */
  readonly overwrite?: boolean;
}

/** What is to be predicted, and where the results go: nothing that has to stay is there.
 * @category Experiments */
export interface PredictionPlan {
  /** The pictures, in order. */
  readonly images: readonly PlannedImage[];
  /** What was named, or lies in a folder that was, and is no picture to predict. */
  readonly leftOut: readonly LeftOut[];
  /** How the depth maps are written. */
  readonly encoding: DepthEncoding;
}

const leftOutOf = ({ image }: PlannedImage): LeftOut => ({ path: image, kind: "pictures that results replace" });

/**
 * What is to be predicted of files and folders, and where the results go. Nothing is written yet; a plan that is made writes
 * over no picture that it reads, and over no file but PNGs that say that `predict` wrote them, unless others may be replaced.
 *
 * ```ts
 * const plan = orThrow(await planPrediction(["photos"], { out: "depth", formats: depthFormats })());
 * const { failed } = orThrow(await predictFiles(predict, plan)());
 * ```
 *
 * Errors: those of {@link imageFiles}; "file", listing what stands where results are to be written.
 * @category Experiments
 */
export const planPrediction = (
  paths: readonly string[],
  options: PredictionOptions,
): TaskEither<Failure, PredictionPlan> =>
  pipe(
    imageFiles(paths),
    TE.chain(({ images, leftOut }) => {
      const all = plannedImages(images, options.out, options.formats);
      const { encoding = usualEncoding, overwrite = false } = options;
      return pipe(
        overwrite ? withoutReplaced(all) : TE.right({ kept: all, replaced: [] }),
        TE.chainFirst(({ kept }) => checkFree(kept, options.out, overwrite)),
        TE.map(({ kept, replaced }) => ({ images: kept, leftOut: [...leftOut, ...replaced.map(leftOutOf)], encoding })),
      );
    }),
  );
