/** The largest file of a kind that is read as a whole, and what to do with a larger one.
 * @category Files */
export interface SizeLimit {
  /** In the middle of a sentence, such as "a picture". */
  readonly what: string;
  /** The most bytes. */
  readonly most: number;
  /** A sentence of its own. */
  readonly advice: string;
}

const megabytes = (count: number): number => count * 1e6;

/** What a file is read for.
 * @category Files */
export type FileUse = "file" | "picture" | "list" | "record" | "settings";

/**
 * How large a file may be, by what it is read for. Weights, shards and MATLAB files have no such limit: they are read piece by
 * piece where they lie.
 * @category Files
 */
export const sizeLimits: Readonly<Record<FileUse, SizeLimit>> = {
  /** What nobody said more of. */
  file: {
    what: "a file",
    most: megabytes(512),
    advice: "Check that this is the file you meant.",
  },
  /** A picture or a depth map: 100 megapixels of three colours, not compressed at all, are 300 MB. */
  picture: {
    what: "a picture or a depth map",
    most: megabytes(512),
    advice: "Check that this is the file you meant, or save a smaller picture.",
  },
  /** A list of samples, a CSV among them, or an index of shards: some 600 000 lines. */
  list: {
    what: "a list",
    most: megabytes(64),
    advice: "Check that this is the list; a longer one can be split into several data sets.",
  },
  /** A manifest of shards or a log, which this program wrote. */
  record: {
    what: "a log or a manifest",
    most: megabytes(256),
    advice: "Check that this is the file you meant.",
  },
  /** A configuration, an ablation, a loss file, the intrinsics of a camera. */
  settings: {
    what: "a configuration or a module",
    most: megabytes(16),
    advice: "Check that this is the file you meant.",
  },
};

/** A number of bytes as people say it, such as "6.0 GB". */
export const bytesText = (bytes: number): string => {
  const steps = [[1e9, "GB"], [1e6, "MB"], [1e3, "kB"]] as const;
  const [size, unit] = steps.find(([size]) => bytes >= size) ?? [1, "bytes"];
  return size === 1 ? `${bytes} ${unit}` : `${(bytes / size).toFixed(1)} ${unit}`;
};
