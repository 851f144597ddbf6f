import { type Failure, failure } from "../errors.ts";
import { charactersAt } from "./bytes.ts";

/** What a file is by its first bytes, and what to do where something else was wanted.
 * @category Files */
export interface FileKind {
  /** In the middle of a sentence, such as "a TIFF picture". */
  readonly what: string;
  /** A sentence of its own. */
  readonly advice?: string;
}

/** As many of a file's first bytes as tell what it is. */
export const tellingBytes = 512;

const unpack = "Unpack it first and name the file that was inside.";
const download =
  "The download gave a page of the server instead of the file; open the address in a browser, and try again.";
const companion = "Name the file without ._ at the beginning; macOS wrote this one beside it.";
const lfs = "The file itself was not downloaded: run git lfs pull, or download it from the repository's web page.";

/** The first that fits is meant; characters are bytes. */
const signatures: readonly (readonly [beginning: string | RegExp, what: string, advice?: string])[] = [
  [/^version https:\/\/git-lfs/, "a Git LFS pointer (a text that stands for the file)", lfs],
  [/^\s*<(?:!doctype html|html|head|body)\b/i, "a web page (HTML)", download],
  [/^\s*<\?xml|^\s*<[A-Za-z]+[ >]/, "a text in XML or HTML", download],
  ["\x89PNG\r\n\x1a\n", "a PNG"],
  ["\xff\xd8\xff", "a JPEG"],
  ["GIF8", "a GIF"],
  [/^RIFF[^]{4}WEBP/, "a WebP picture"],
  [/^BM[^]{4}\0\0\0\0/, "a BMP"],
  [/^(?:II[*+]\0|MM\0[*+])/, "a TIFF"],
  [/^[^]{4}ftyp(?:heic|heix|hevc|mif1|msf1|avif|avis)/, "a HEIC or AVIF picture"],
  [/^[^]{4}ftyp/, "a video"],
  ["\x76\x2f\x31\x01", "an OpenEXR picture"],
  [/^P[1-7]\s/, "a PNM picture"],
  [/^P[Ff]\s/, "a PFM map", "Save it as a NumPy array (.npy)."],
  ["\0\x05\x16", "a companion file of macOS (AppleDouble)", companion],
  ["\x93NUMPY", "a NumPy array (.npy)"],
  ["PK", "a zip archive (of PyTorch, of NumPy, or one that has to be unpacked)"],
  ["\x1f\x8b", "data compressed by gzip", unpack],
  [/^BZh[1-9]/, "data compressed by bzip2", unpack],
  ["\xfd7zXZ\0", "data compressed by xz", unpack],
  ["\x28\xb5\x2f\xfd", "data compressed by zstd", unpack],
  ["7z\xbc\xaf\x27\x1c", "a 7z archive", unpack],
  ["Rar!\x1a\x07", "a RAR archive", unpack],
  [/^[^]{257}ustar/, "a tar archive"],
  ["\x89HDF\r\n\x1a\n", "an HDF5 file"],
  ["MATLAB 7.3 MAT-file", "a MATLAB file (version 7.3)"],
  ["MATLAB 5.0 MAT-file", "a MATLAB file before version 7.3", "Save it in MATLAB with save(..., '-v7.3')."],
  [/^[^]{4}\0{4}\{/, "a safetensors file"],
  ...["\x02", "\x03", "\x04", "\x05"].map((protocol) =>
    [`\x80${protocol}`, "a pickle of Python (PyTorch before 1.6, or another program)"] as const
  ),
  ["%PDF-", "a PDF"],
  [
    "\0".repeat(16),
    "a file that begins with zeros",
    "A download or a copy that was not finished looks so; get it again.",
  ],
  [/^(?:\xff\xfe|\xfe\xff)/, "a text in UTF-16", "Save it in UTF-8."],
];

/** The text that bytes begin with; undefined for what is no text in UTF-8. */
const textOf = (start: Uint8Array): string | undefined => {
  const text = new TextDecoder().decode(start.subarray(0, 80), { stream: true });
  return /^(?:[^\p{Cc}\ufffd]|[\t\r\n])+$/u.test(text) ? text.trim() : undefined;
};

const quoted = (text: string): string => JSON.stringify(text.length <= 40 ? text : `${text.slice(0, 39)}…`);

const unknownKind = (start: Uint8Array): FileKind => {
  const text = textOf(start);
  if (text !== undefined) return { what: `${/^[{[]/.test(text) ? "JSON" : "a text"} that begins with ${quoted(text)}` };
  const hex = Array.from(start.subarray(0, 8), (byte) => byte.toString(16).padStart(2, "0"));
  return { what: `a file that begins with the bytes ${hex.join(" ")}` };
};

/** What a file is, if its first bytes are among those that are known. */
export const knownKind = (start: Uint8Array): FileKind | undefined => {
  if (start.length === 0) return { what: "an empty file", advice: "Copy or download it again." };
  const characters = charactersAt(start, 0, Math.min(start.length, tellingBytes));
  const known = signatures.find(([beginning]) =>
    typeof beginning === "string" ? characters.startsWith(beginning) : beginning.test(characters)
  );
  if (known === undefined) return undefined;
  const [, what, advice] = known;
  return advice === undefined ? { what } : { what, advice };
};

/** What a file is by its first bytes, {@link tellingBytes} or all of them; also what no decoder here reads.
 * @category Files */
export const fileKind = (start: Uint8Array): FileKind => knownKind(start) ?? unknownKind(start);

/** A file that is not what was wanted, said by its first bytes; `advice` is for what has none of its own. */
export const otherKind = (name: string, start: Uint8Array, expected: string, advice?: string): Failure => {
  const kind = fileKind(start);
  return failure("format", name, kind.what, expected, kind.advice ?? advice);
};
