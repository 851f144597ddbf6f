import { encodeNpy } from "../formats/npy.ts";
import { encodeGrey16Png, encodeRgbPng } from "../formats/png.ts";
import { pngTextOf, withPngText } from "../formats/png_text.ts";
import type { DepthImage } from "../formats/raster.ts";
import { colorize, depthRange } from "./colormap.ts";
import { depthPicture } from "./panel.ts";

/** What may differ between two files of one format.
 * @category Pictures */
export interface DepthEncoding {
  /** Whether a colour picture has a frame and its scale in metres beside it; else it has the size of the depth map. */
  readonly legend: boolean;
  /** How many units of a 16-bit PNG are a metre. */
  readonly unitsPerMetre: number;
}

/** Pictures without a legend, and PNGs of millimetres.
 * @category Pictures */
export const usualEncoding: DepthEncoding = { legend: false, unitsPerMetre: 1000 };

/** A kind of file that a depth map can be written as.
 * @category Pictures */
export interface DepthFormat {
  /** What `--format` calls it. */
  readonly name: string;
  /** What the name of such a file ends with, after that of the image. */
  readonly suffix: string;
  /** What the file holds, in a word or two. */
  readonly description: string;
  /** What of an encoding makes a difference to it, if anything does. */
  readonly uses?: keyof DepthEncoding;
  /** The bytes of the file; without an encoding, {@link usualEncoding}. */
  readonly encode: (depth: DepthImage, encoding?: DepthEncoding) => Uint8Array;
  /** The largest depth that the file can hold, in metres: what is beyond becomes this. Absent if there is no such. */
  readonly farthest?: (encoding: DepthEncoding) => number;
}

const program = "CLIFFNet predict";

/** What the PNGs of {@link depthFormats} say they were made by; the version is the package's. */
export const software = `${program} 0.3.0`;

/** Marks a PNG as {@link isOwnResult} knows it, and says what its values mean. */
const marked = (png: Uint8Array, meaning: readonly (readonly [string, string])[]): Uint8Array =>
  withPngText(png, new Map([["Software", software], ...meaning]));

/** How many of the first bytes of a file {@link isOwnResult} needs. */
export const markedBytes = 1024;

/** Whether the first bytes of a file are those of a PNG of {@link depthFormats}, of any version that marks them. */
export const isOwnResult = (start: Uint8Array): boolean =>
  pngTextOf(start).get("Software")?.startsWith(`${program} `) ?? false;

const coloured = (depth: DepthImage, { legend }: DepthEncoding): Uint8Array => {
  const range = depthRange(depth);
  const picture = legend ? depthPicture(depth) : colorize(depth, range ?? [0, 1]);
  return marked(encodeRgbPng(picture), range === null ? [] : [["Depth of the colours", `${range.join(" to ")} m`]]);
};

const most = 65535;

/** Whole units; what is not positive is 0, no measurement, and what is beyond 16 bits is the largest value. */
const units = (metres: Float32Array, unitsPerMetre: number): Uint16Array => {
  const levels = new Uint16Array(metres.length);
  // Not by Uint16Array.from, which puts all of them on a list first.
  for (let at = 0; at < levels.length; at++) {
    levels[at] = Math.min(Math.max(Math.round(metres[at]! * unitsPerMetre), 0), most);
  }
  return levels;
};

const grey16 = ({ height, width, metres }: DepthImage, { unitsPerMetre }: DepthEncoding): Uint8Array =>
  marked(encodeGrey16Png(height, width, units(metres, unitsPerMetre)), [["Units per metre", `${unitsPerMetre}`]]);

/** The files that a depth map can be written as. To add one is to add an entry: names, help and messages follow from it.
 * @category Pictures */
export const depthFormats: readonly DepthFormat[] = [
  {
    name: "color",
    suffix: "_depth.png",
    description: "picture",
    uses: "legend",
    encode: (depth, encoding = usualEncoding) => coloured(depth, encoding),
  },
  {
    name: "png16",
    suffix: "_depth16.png",
    description: "millimetres",
    uses: "unitsPerMetre",
    encode: (depth, encoding = usualEncoding) => grey16(depth, encoding),
    farthest: ({ unitsPerMetre }) => most / unitsPerMetre,
  },
  {
    name: "npy",
    suffix: "_depth.npy",
    description: "float32 metres",
    encode: ({ height, width, metres }) => encodeNpy({ shape: [height, width], values: metres }),
  },
];
