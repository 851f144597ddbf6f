import { join } from "../dependencies/text.ts";
import type { DepthFormat } from "../pictures/depth_formats.ts";
import { stem } from "./files.ts";

/** Names that some file system takes for one are equal here: it may not tell cases, forms of letters or unseen characters. */
const folded = (name: string): string =>
  name.replace(/\p{Default_Ignorable_Code_Point}/gu, "").normalize("NFD").toUpperCase().toLowerCase().normalize("NFC");

/** The names of files that are given away, by which no two results get one. */
const claims = (suffixes: readonly string[]) => {
  const taken = new Set<string>();
  return (name: string): boolean => {
    const files = suffixes.map((suffix) => folded(`${name}${suffix}`));
    if (files.some((file) => taken.has(file))) return false;
    files.forEach((file) => taken.add(file));
    return true;
  };
};

/** The first of `name-2`, `name-3` and so on from a number on that can be claimed. */
const numbered = (name: string, from: number, claim: (name: string) => boolean): string => {
  let number = from;
  while (!claim(`${name}-${number}`)) number++;
  return `${name}-${number}`;
};

/**
 * Names of which no two are one, with any of the suffixes, in their order: the second one of a name has `-2` behind it, or the
 * next number that no other has. No two differ only by what some file system does not tell apart, such as `A` and `a`.
 */
const distinctNames = (names: readonly string[], suffixes: readonly string[]): readonly string[] => {
  const claim = claims([...new Set(suffixes)]);
  const counts = new Map<string, number>();
  // Before any number is given, all have what they are called themselves.
  const first = names.map((name) => {
    const place = (counts.get(folded(name)) ?? 0) + 1;
    counts.set(folded(name), place);
    return { name, place, own: claim(name) };
  });
  return first.map(({ name, place, own }) => own ? name : numbered(name, Math.max(place, 2), claim));
};

/**
 * What the results of images are called, in their order, before the suffix of each format: as the image, without its folders
 * and ending, and with a number where another one is called so.
 */
export const resultNames = (images: readonly string[], suffixes: readonly string[]): readonly string[] =>
  distinctNames(images.map(stem), suffixes);

/** What no file system lets a name hold or end with, and what would lead out of the folder of the results. */
const safePart = (part: string): string => part.replace(/[\p{Cc}<>:"|?*]/gu, "_").replace(/[. ]+$/, "");

/** A sample's name as a path below the folder of results: its folders stay, the ending of a picture goes. */
const pathOfSample = (name: string): string => {
  const parts = name.split(/[/\\]/).map(safePart).filter((part) => part !== "");
  return parts.join("/").replace(/\.(png|jpe?g|webp|tiff?|npy|npz)$/i, "") || "sample";
};

/** {@link resultNames} of samples of a data set, whose names have folders, which their results keep. */
export const sampleResultNames = (names: readonly string[], suffixes: readonly string[]): readonly string[] =>
  distinctNames(names.map(pathOfSample), suffixes);

/** A picture and the files that its depth map is written as.
 * @category Experiments */
export interface PlannedImage {
  /** The file of the picture. */
  readonly image: string;
  /** Where its depth map is written, in each format. */
  readonly results: readonly { readonly format: DepthFormat; readonly path: string }[];
}

/** The files of the results of images in a folder: no two have one name. `namesOf` calls them, as {@link resultNames} does. */
export const plannedImages = (
  images: readonly string[],
  out: string,
  formats: readonly DepthFormat[],
  namesOf = resultNames,
): readonly PlannedImage[] => {
  const distinct = [...new Map(formats.map((format) => [folded(format.suffix), format])).values()];
  const names = namesOf(images, distinct.map(({ suffix }) => suffix));
  return images.map((image, at) => ({
    image,
    results: distinct.map((format) => ({ format, path: join(out, `${names[at]}${format.suffix}`) })),
  }));
};
