import type { TaskEither } from "../dependencies/fp.ts";
import type { Failure } from "../errors.ts";
import type { ValuesOf } from "../formats/fields.ts";
import type { Dataset, DepthRange } from "./dataset.ts";
import type { Folder, TextLine } from "./folders.ts";

/** The fields of a configuration that some layouts have a use for and others have not.
 * @category Data */
export const layoutFields = {
  list: {
    type: "text",
    description:
      'The list of training samples in the folder, for layouts by lists; "" for the one whose name tells it.',
    default: "",
  },
  testList: {
    type: "text",
    description: 'The list of test samples in the folder, for layouts by lists; "" for the one whose name tells it.',
    default: "",
  },
  imageRoot: {
    type: "text",
    description:
      'The folder at which a list\'s paths of images begin, absolute or in the folder of the data; "" for the usual one.',
    default: "",
  },
  depthRoot: {
    type: "text",
    description:
      'The folder at which a list\'s paths of depth maps begin, as imageRoot; "" for that of the images (KITTI has two).',
    default: "",
  },
  depthScale: {
    type: "number",
    description:
      "Units of a depth map in a metre; 0, the default, for what the layout says of whole numbers, and metres for floating-point ones.",
    least: 0,
    most: 1e9,
    default: 0,
  },
  depth: {
    type: "choice",
    description:
      'Depth as the "published" ground truth of the layout, "raw" from the sensor, or with holes "filled", where there is a choice.',
    of: ["published", "raw", "filled"],
    default: "published",
  },
  testShare: {
    type: "number",
    description:
      "The share of the samples that is held out for testing where a layout has no test split: the last ones, 0.2 by default.",
    least: 0,
    most: 1,
    default: 0.2,
  },
  shuffleBuffer: {
    type: "integer",
    description: "How many samples are mixed while shards are gone through in order, 1000 by default.",
    least: 1,
    most: 10_000_000,
    default: 1000,
  },
} as const;

/** What is wanted of data in some layout; a layout uses of it what it {@link DataLayout.uses}.
 * @category Data */
export interface LayoutOptions extends ValuesOf<typeof layoutFields> {}

/**
 * What data are opened for: to train on, which needs samples of both splits, or to evaluate a network that has learned
 * nothing from them, so that nothing of them is held out. Without a purpose they are divided as for training, and may lack
 * a split.
 * @category Data
 */
export type Purpose = "training" | "evaluation";

/** Where a data set was found. */
export interface Found {
  /** The folder that was given, or in which the file lies that was; an address as it was given. */
  readonly folder: string;
  /** The files that told the layout, or the file that was given, sorted; none where folders told it. */
  readonly files: readonly string[];
}

/** What tells data of a layout from all others. No two layouts have the same signs. */
export interface LayoutSigns {
  /** All of them in words, for messages and tables. */
  readonly text: string;
  /** Whether a file has a name by which it stands, when it is given, for data of this layout. */
  readonly file?: (name: string) => boolean;
  /** The names of the files in a folder that tell the layout, [] where the folder as such does; null for no sign of it. */
  readonly folder?: (folder: Folder) => readonly string[] | null;
  /** How many levels of folders below the given one are asked as well by `folder`; 0 unless given. */
  readonly levels?: number;
  /** Whether the first lines of a list, of which there is at least one, are of this layout. */
  readonly list?: (lines: readonly TextLine[]) => boolean;
  /** Whether it may lie behind an http or https address; nothing else is known of one before it is opened. */
  readonly address?: boolean;
  /** Paths of lists in a folder that are looked at beside those that lie in the folder itself. */
  readonly deeperLists?: readonly string[];
}

/** Opens data of a layout. Errors: those of reading it, and "data" where the options do not fit what was found. */
export type OpenLayout = (options: LayoutOptions, found: Found) => TaskEither<Failure, Dataset>;

/**
 * A way in which data sets lie in files, with all that is special about it: `dataLayouts` lists them, and from that list come
 * the choices of a configuration, what is recognised, the messages and the table of the documentation.
 */
export interface DataLayout<Name extends string = string> {
  /** How configurations and messages call it. */
  readonly name: Name;
  /** What tells it. */
  readonly signs: LayoutSigns;
  /** The fields that it uses, beside the folder; another one that is set is an error. */
  readonly uses: readonly (keyof typeof layoutFields)[];
  /** How depth is stored, for tables; Markdown. */
  readonly depth: string;
  /** The range of its depths as it is published, by the units of a metre that are asked for; null for none, as if not given. */
  readonly range?: (options: Pick<LayoutOptions, "depthScale">) => DepthRange | null;
  /** What is trained on and what is tested on, for tables; Markdown. */
  readonly splits: string;
  /** Loads what opens it: nothing of that is needed to recognise data, or to read a configuration. */
  readonly load: () => Promise<OpenLayout>;
}

/** Whether a folder with these names is a frame of SUN RGB-D. */
export const isSunFrame = ({ files, folders }: Folder): boolean =>
  folders.includes("image") &&
  (folders.includes("depth") || folders.includes("depth_bfx") || files.includes("intrinsics.txt"));

/** What stands between the commas of a line, without spaces around it. */
export const commaFields = ({ text }: TextLine): readonly string[] => text.split(",").map((field) => field.trim());
