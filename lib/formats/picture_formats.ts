/** The formats in which pictures are read: their names in messages and the endings of their files. */

/** A format of files. */
interface FileFormat {
  /** What messages call it. */
  readonly name: string;
  /** What names of such files end with, in small letters, without the point. */
  readonly endings: readonly string[];
}

/** The formats of pictures. */
export const pictureFormats: readonly FileFormat[] = [
  { name: "PNG", endings: ["png"] },
  { name: "JPEG", endings: ["jpg", "jpeg"] },
];

/** Whether a file has the name of a picture, by its ending. */
export const isPicture = (name: string): boolean => {
  const ending = /\.([^./\\]+)$/.exec(name)?.[1]?.toLowerCase();
  return ending !== undefined && pictureFormats.some(({ endings }) => endings.includes(ending));
};

/** The names of formats in a sentence: "PNG, JPEG, TIFF or WebP". */
export const formatNames = (formats: readonly FileFormat[]): string =>
  formats.map(({ name }) => name).join(", ").replace(/, ([^,]*)$/, " or $1");
