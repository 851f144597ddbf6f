/** Of which size a network takes pictures, where its checkpoint does not say of which size its input was in training. */
import type { Checkpoint } from "../train/checkpoint.ts";
import type { InputSize } from "../train/depth_network.ts";
import type { Listener } from "../train/listener.ts";
import type { Configuration } from "./configuration.ts";

/** Whether pictures are resized to the configuration's `data.height` and `data.width`, or each keeps its own aspect.
 * @category Experiments */
export type Sizing = "configured" | "own aspect";

/** Pixels of the short side of pictures that keep their aspect: that of the paper's 228×304. */
const shortSide = 228;

/** How many times as long as the short side the long one is at most: a strip of pixels would exceed all memory. */
const mostAspect = 4;

/** The input for a picture with its own aspect, its short side of 228 pixels, its long side of 912 at most. */
export const sizeOfAspect = ({ height, width }: InputSize): InputSize => {
  const long = Math.round(shortSide * Math.min(Math.max(height, width) / Math.min(height, width), mostAspect));
  return height < width ? { height: shortSide, width: long } : { height: long, width: shortSide };
};

const setsSize = (setting: string): boolean => /^data(\.(height|width))?=/.test(setting);

/** Whether neither a checkpoint nor settings, "field=value", say of which size its input is. */
export const isOfAnySize = ({ anySize = false }: Checkpoint, settings: readonly string[]): boolean =>
  anySize && !settings.some(setsSize);

/** How pictures are resized for a checkpoint with settings. */
export const sizingOf = (checkpoint: Checkpoint, settings: readonly string[]): Sizing =>
  isOfAnySize(checkpoint, settings) ? "own aspect" : "configured";

/** Says how pictures are resized for a checkpoint that does not say it itself. */
export const tellSizing = (
  { path, anySize = false }: Checkpoint,
  { data: { height, width } }: Pick<Configuration, "data">,
  sizing: Sizing,
  { message }: Pick<Listener, "message">,
): void => {
  if (!anySize) return;
  const taken = sizing === "configured"
    ? `${height}×${width} pixels, as is set`
    : `each image at its own aspect with a short side of ${shortSide} pixels; data.height and data.width set another`;
  message(`${path} does not say the size of its input: taken as ${taken}`);
};
