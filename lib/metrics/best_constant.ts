import { E, type TaskEither } from "../dependencies/fp.ts";
import { type Failure, failure } from "../errors.ts";
import type { DepthImage } from "../formats/raster.ts";

/** The resolution of the constant in metres. */
const step = 0.01;

/**
 * The depths of any number of maps, as far as the best constant depends on them: for each centimetre the sum of the weights
 * of its depths. It grows with the range of depths, not with the number of maps.
 */
export type DepthWeights = ReadonlyMap<number, number>;

/**
 * The weights with those of one more map: 1 / (g · valid pixels of the map) for each measured depth g (above 0), in metres.
 * The order of maps matters only for the last digits of sums.
 */
export const withDepths = (weights: DepthWeights, { metres }: DepthImage): DepthWeights => {
  const sums = new Map(weights);
  const valid = metres.reduce((count, g) => count + Number(g > 0), 0);
  metres.forEach((g) => {
    if (g > 0) {
      const centimetre = Math.round(g / step);
      sums.set(centimetre, (sums.get(centimetre) ?? 0) + 1 / (g * valid));
    }
  });
  return sums;
};

/** The weighted median of depths, in metres to a centimetre; null of none. */
const medianOf = (weights: DepthWeights): number | null => {
  const ascending = [...weights].sort(([first], [second]) => first - second);
  const half = ascending.reduce((sum, [, weight]) => sum + weight, 0) / 2;
  let below = 0;
  const median = ascending.find(([, weight]) => {
    below += weight;
    return below >= half;
  });
  return median === undefined ? null : median[0] * step;
};

/**
 * The constant depth, in metres to a centimetre, that has the least `rel` over images: the weighted median of all
 * measured depths g, each with the weight 1 / (g · valid pixels of its image). NaN if nothing is measured.
 * @category Metrics
 */
export const bestConstant = (truths: Iterable<DepthImage>): number => {
  let weights: DepthWeights = new Map();
  for (const truth of truths) weights = withDepths(weights, truth);
  return medianOf(weights) ?? NaN;
};

const nothingMeasured = (where: string, size: number): Failure =>
  failure(
    "data",
    where,
    size === 0 ? "no sample" : `${size} samples without any measured depth`,
    "depths above 0 m, of which the best constant is taken",
    size === 0 ? "Leave some samples for training." : "Check the depth files and their unit.",
  );

/**
 * {@link bestConstant} of depth maps that are read one after another, from index 0 to `size` − 1, and not kept: all the
 * same how many there are, memory holds one of them, and a number for each centimetre.
 *
 * Errors: those of reading; "data" if there is no map, or none with a measured depth.
 *
 * @param where What the maps are, for messages, such as "the training split".
 */
export const bestConstantOver = (
  where: string,
  size: number,
  read: (index: number) => TaskEither<Failure, DepthImage>,
): TaskEither<Failure, number> =>
async () => {
  let weights: DepthWeights = new Map();
  for (let index = 0; index < size; index++) {
    const truth = await read(index)();
    if (E.isLeft(truth)) return truth;
    weights = withDepths(weights, truth.right);
  }
  const constant = medianOf(weights);
  return constant === null ? E.left(nothingMeasured(where, size)) : E.right(constant);
};
