import type { DepthImage } from "../formats/raster.ts";

/** The resolution of the constant in metres. */
const step = 0.01;

/**
 * The constant depth, in metres to a centimetre, that has the least `rel` over images: the weighted median of all
 * measured depths g, each with the weight 1 / (g · valid pixels of its image). NaN if nothing is measured.
 */
export const bestConstant = (truths: Iterable<DepthImage>): number => {
  const weights = new Map<number, number>();
  for (const { metres } of truths) {
    const valid = metres.reduce((count, g) => count + Number(g > 0), 0);
    metres.forEach((g) => {
      if (g > 0) {
        const bin = Math.round(g / step);
        weights.set(bin, (weights.get(bin) ?? 0) + 1 / (g * valid));
      }
    });
  }
  const bins = [...weights].sort(([first], [second]) => first - second);
  const half = bins.reduce((sum, [, weight]) => sum + weight, 0) / 2;
  let below = 0;
  const median = bins.find(([, weight]) => {
    below += weight;
    return below >= half;
  });
  return median === undefined ? NaN : median[0] * step;
};
