import type { Dataset, Split } from "./dataset.ts";

const namesOf = ({ size, entry }: Split): readonly string[] => Array.from({ length: size }, (_, at) => entry(at).name);

/**
 * What tells a data set by its layout and the names of its samples, wherever it lies and however it is divided: their
 * SHA-256, names sorted, as hexadecimal digits.
 * @category Data
 */
export const namesDigest = async (
  { layout = "", train, test }: Pick<Dataset, "layout" | "train" | "test">,
): Promise<string> => {
  const names = [...namesOf(train), ...namesOf(test)].sort();
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(JSON.stringify([layout, ...names])));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
};
