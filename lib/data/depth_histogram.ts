/** How depths are spread, as counts. */
import { aligned } from "../formats/text_table.ts";

/** Metres from one bar of a histogram of depths to the next. */
export const histogramStep: number = 0.5;

/** What is known of the depths of pixels.
 * @category Data */
export interface CountedDepths {
  /** How many are measured. */
  readonly valid: number;
  /** The greatest measured depth in metres; 0 if there is none. */
  readonly farthest: number;
  /** Measured pixels that have exactly that depth. */
  readonly atFarthest: number;
  /** Measured pixels by whole steps of half a metre, from 0 on. */
  readonly histogram: ReadonlyMap<number, number>;
}

/** Measured depths by whole steps of {@link histogramStep}. */
export const histogramOf = (metres: Float32Array): ReadonlyMap<number, number> => {
  const bars = new Map<number, number>();
  for (const depth of metres) {
    if (!(depth > 0)) continue;
    const bar = Math.floor(depth / histogramStep);
    bars.set(bar, (bars.get(bar) ?? 0) + 1);
  }
  return bars;
};

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

const barWidth = 40;

/** Bars of a histogram as lines of text. */
export const histogramRows = ({ histogram, valid }: CountedDepths): readonly string[] => {
  const last = Math.max(-1, ...histogram.keys());
  const most = Math.max(1, ...histogram.values());
  const bars = Array.from({ length: Math.min(last + 1, 200) }, (_, bar) => {
    const count = histogram.get(bar) ?? 0;
    return [
      `${(bar * histogramStep).toFixed(1)} m`,
      percent(count / Math.max(valid, 1)),
      "█".repeat(Math.round(barWidth * count / most)),
    ];
  });
  return ["", "depth of valid pixels, from", ...aligned(bars)];
};
