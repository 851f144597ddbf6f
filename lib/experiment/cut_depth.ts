import type { DepthImage } from "../formats/raster.ts";
import type { DepthEncoding, DepthFormat } from "../pictures/depth_formats.ts";
import type { PlannedImage } from "./result_names.ts";

/** How much of one depth map is beyond what a file of a format can hold. */
export interface CutDepth {
  readonly format: DepthFormat;
  /** How many pixels it has. */
  readonly pixels: number;
  /** How many of the pixels are farther than the file can tell. */
  readonly beyond: number;
  /** The largest depth, in metres. */
  readonly farthest: number;
}

const cutDepth = (format: DepthFormat, limit: number, { metres }: DepthImage): CutDepth => {
  let [beyond, farthest] = [0, 0];
  for (let at = 0; at < metres.length; at++) {
    const depth = metres[at]!;
    if (depth > limit) beyond++;
    if (depth > farthest) farthest = depth;
  }
  return { format, pixels: metres.length, beyond, farthest };
};

/** What each format that holds depth up to a limit only loses of a depth map. */
export const cutDepths = (
  { results }: PlannedImage,
  encoding: DepthEncoding,
  depth: DepthImage,
): readonly CutDepth[] =>
  results.flatMap(({ format }) =>
    format.farthest === undefined ? [] : [cutDepth(format, format.farthest(encoding), depth)]
  );

/** Round numbers of units in a metre, from the finest on. */
const roundScales = [4, 3, 2, 1, 0, -1, -2, -3, -4].flatMap((power) => [5, 2, 1].map((digit) => digit * 10 ** power));

const metresText = (metres: number): string => `${Number(metres.toPrecision(5))} m`;

/** Which units in a metre would have held everything, if there are such. */
const remedy = (format: DepthFormat, encoding: DepthEncoding, farthest: number): string => {
  const reach = (unitsPerMetre: number): number => format.farthest?.({ ...encoding, unitsPerMetre }) ?? Infinity;
  const scale = roundScales.find((each) => reach(each) >= farthest);
  return scale === undefined ? "" : `; --png-scale ${scale} holds up to ${metresText(reach(scale))}`;
};

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** In percent, with two digits at least: that anything was cut is never rounded away. */
const percent = (share: number): string => `${Number((100 * share).toPrecision(2))} %`;

const describeCut = (format: DepthFormat, cuts: readonly CutDepth[], encoding: DepthEncoding): string | null => {
  const cut = cuts.filter(({ beyond }) => beyond > 0);
  if (cut.length === 0) return null;
  const share = percent(sum(cut.map(({ beyond }) => beyond)) / sum(cuts.map(({ pixels }) => pixels)));
  const limit = metresText(format.farthest?.(encoding) ?? Infinity);
  const farthest = Math.max(...cut.map((each) => each.farthest));
  const where = `${share} of the pixels, in ${cut.length} of ${cuts.length} depth maps`;
  return `${format.name}: ${where}, are farther than ${limit} and were cut to it${remedy(format, encoding, farthest)}`;
};

/** What was cut of all depth maps, a sentence for each format that did. */
export const describeCuts = (cuts: readonly CutDepth[], encoding: DepthEncoding): readonly string[] =>
  [...Map.groupBy(cuts, ({ format }) => format)]
    .map(([format, ofFormat]) => describeCut(format, ofFormat, encoding))
    .filter((line) => line !== null);
