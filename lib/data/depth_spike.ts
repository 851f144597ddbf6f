/**
 * Depths that are no measurement although they look like one: sensors and exporters write the greatest number that they can
 * where they measured nothing, such as 65535 of 16 bits, or where everything beyond a limit ends.
 */
import { type CountedDepths, histogramStep } from "./depth_histogram.ts";

/** A depth that far too many pixels have. */
export interface Spike {
  /** The depth, the greatest of all, in metres. */
  readonly metres: number;
  /** The share of measured pixels that have it, 0…1. */
  readonly share: number;
  /** Whole metres beyond which there is nothing else, or `metres` where something is that near. */
  readonly rest: number;
}

/** A spike has at least this share of the measured pixels. */
const least = 0.01;

/** A spike has at least this many times the pixels that lie in the last tenth of the range before it. */
const times = 5;

/**
 * The greatest depth, where more than one measured pixel in a hundred has exactly it, and hardly any comes near it: five
 * times as many as lie in the last tenth of the range, and not all there are, as of a wall that fills the picture. Null
 * where there is no such depth.
 */
export const spikeOf = ({ farthest, atFarthest, valid, histogram }: CountedDepths): Spike | null => {
  if (valid === 0 || atFarthest === valid || atFarthest <= least * valid) return null;
  const last = Math.floor(farthest / histogramStep);
  const others = [...histogram].map(([at, count]) => [at, at === last ? count - atFarthest : count] as const)
    .filter(([, count]) => count > 0);
  const near = others.reduce(
    (sum, [at, count]) => at >= Math.floor(0.9 * farthest / histogramStep) ? sum + count : sum,
    0,
  );
  if (atFarthest < times * near) return null;
  const rest = Math.min(farthest, Math.ceil(histogramStep * (1 + Math.max(...others.map(([at]) => at)))));
  return { metres: farthest, share: atFarthest / valid, rest };
};

/** A spike as a sentence, with what to do about it. */
export const describeSpike = ({ metres, share, rest }: Spike): string =>
  `${(100 * share).toFixed(1)} % of the measured pixels have exactly ${metres.toFixed(3)} m, the greatest depth, and ` +
  `hardly any is near it: perhaps a mark for "no measurement". ` +
  (rest < metres ? `data.maxDepth=${rest} leaves it out.` : "data.maxDepth leaves it out, if it is a little less.");

/** The spikes of splits by their names, a line each after an empty one; no line where there is none. */
export const spikeRows = (splits: Readonly<Record<string, CountedDepths>>): readonly string[] => {
  const lines = Object.entries(splits).flatMap(([name, depths]) => {
    const spike = spikeOf(depths);
    return spike === null ? [] : [`${name}: ${describeSpike(spike)}`];
  });
  return lines.length === 0 ? [] : ["", ...lines];
};
