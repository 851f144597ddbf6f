import { type Failure, failure, reasonText } from "../errors.ts";
import { E, type Either, pipe } from "../dependencies/fp.ts";
import { viewOf } from "./bytes.ts";
import { duplicateKey } from "./json_keys.ts";

/** The longest header, in bytes, that the format allows. */
export const maximumHeader: number = 100_000_000;

/** A tensor as the header describes it; `begin` and `end` are byte offsets from the start of the data. */
export interface TensorEntry {
  readonly name: string;
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly begin: number;
  readonly end: number;
}

/** A decoded header: entries in the order of their data, and where the data start in the file. */
export interface SafetensorsHeader {
  readonly entries: readonly TensorEntry[];
  readonly metadata: Readonly<Record<string, string>>;
  readonly dataStart: number;
}

type JsonObject = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const isSize = (value: unknown): value is number =>
  typeof value === "number" && Number.isSafeInteger(value) && value >= 0;

const isSizes = (value: unknown): value is readonly number[] => Array.isArray(value) && value.every(isSize);

const wrong = (where: string, found: string, expected: string, advice?: string): Either<Failure, never> =>
  E.left(failure("format", where, found, expected, advice));

const short = (value: unknown): string => {
  const text = JSON.stringify(value) ?? "nothing";
  return text.length <= 60 ? text : `${text.slice(0, 57)}...`;
};

/** How a message names a tensor of a file. */
export const tensorPlace = (file: string, tensor: string): string => `${file}, tensor ${short(tensor)}`;

const readJson = (file: string, bytes: Uint8Array): Either<Failure, JsonObject> => {
  const parsed = E.tryCatch(
    () => {
      const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
      const value: unknown = JSON.parse(text);
      return { value, twice: duplicateKey(text) };
    },
    (reason) => failure("format", file, `a header that is no JSON (${reasonText(reason)})`, "a JSON object"),
  );
  return pipe(
    parsed,
    E.chain(({ value, twice }) => {
      if (!isObject(value)) return wrong(file, `the header ${short(value)}`, "a JSON object");
      return twice === undefined ? E.right(value) : wrong(file, `the name ${short(twice)} twice`, "each name once");
    }),
  );
};

const readMetadata = (file: string, value: unknown): Either<Failure, Readonly<Record<string, string>>> => {
  if (value === undefined) return E.right({});
  const isTexts = (object: JsonObject): object is Readonly<Record<string, string>> =>
    Object.values(object).every((text) => typeof text === "string");
  if (isObject(value) && isTexts(value)) return E.right(value);
  return wrong(`${file}, __metadata__`, short(value), "an object of texts");
};

const readEntry = (file: string, name: string, value: unknown): Either<Failure, TensorEntry> => {
  const where = tensorPlace(file, name);
  if (!isObject(value)) return wrong(where, short(value), "an object with dtype, shape and data_offsets");
  const { dtype, shape, data_offsets: offsets } = value;
  if (typeof dtype !== "string") return wrong(where, `dtype ${short(dtype)}`, "a text");
  if (!isSizes(shape)) return wrong(where, `shape ${short(shape)}`, "a list of whole numbers from 0");
  if (!isSizes(offsets)) return wrong(where, `data_offsets ${short(offsets)}`, "[begin, end] in bytes");
  const [begin, end] = offsets;
  if (begin === undefined || end === undefined || offsets.length !== 2 || begin > end) {
    return wrong(where, `data_offsets ${short(offsets)}`, "[begin, end] with begin at most end");
  }
  return E.right({ name, dtype, shape, begin, end });
};

/** Checks that the entries, in order, fill the data from the first byte to the last. */
const checkCoverage = (
  file: string,
  entries: readonly TensorEntry[],
  dataSize: number,
): Either<Failure, readonly TensorEntry[]> => {
  let covered = 0;
  for (const { name, begin, end } of entries) {
    const where = tensorPlace(file, name);
    if (end > dataSize) {
      const advice = "The file is probably truncated; copy or download it again.";
      return wrong(where, `data up to byte ${end}`, `at most the ${dataSize} bytes of data in the file`, advice);
    }
    if (begin !== covered) {
      const what = begin < covered ? "overlap the tensor before" : "leave a hole after the tensor before";
      return wrong(where, `data that start at byte ${begin} and ${what}`, `data that start at byte ${covered}`);
    }
    covered = end;
  }
  if (covered === dataSize) return E.right(entries);
  return wrong(file, `${dataSize - covered} bytes after the last tensor`, "none");
};

const headerBytes = (file: string, bytes: Uint8Array): Either<Failure, Uint8Array> => {
  if (bytes.length < 8) return wrong(file, `a file of ${bytes.length} bytes`, "a safetensors file");
  const length = viewOf(bytes).getBigUint64(0, true);
  const most = Math.min(maximumHeader, bytes.length - 8);
  if (length > most) {
    const advice = "The file is truncated or is no safetensors file.";
    return wrong(file, `a header of ${length} bytes`, `at most ${most}`, advice);
  }
  return E.right(bytes.subarray(8, 8 + Number(length)));
};

const readEntries = (
  file: string,
  json: JsonObject,
  dataSize: number,
): Either<Failure, readonly TensorEntry[]> =>
  pipe(
    Object.entries(json).filter(([name]) => name !== "__metadata__"),
    E.traverseArray(([name, value]) => readEntry(file, name, value)),
    E.map((entries) => entries.toSorted((a, b) => a.begin - b.begin || a.end - b.end)),
    E.chain((entries) => checkCoverage(file, entries, dataSize)),
  );

/**
 * Decodes and verifies the header of a safetensors file: every entry well formed, names unique, and the data contiguous
 * from the first byte to the last, without overlap, hole or rest. Element types and sizes are the caller's to check.
 * Left with kind `format`; the message names the file and the tensor.
 */
export const readSafetensorsHeader = (file: string, bytes: Uint8Array): Either<Failure, SafetensorsHeader> => {
  const header = headerBytes(file, bytes);
  if (E.isLeft(header)) return header;
  const dataStart = 8 + header.right.length;
  const json = readJson(file, header.right);
  if (E.isLeft(json)) return json;
  const metadata = readMetadata(file, json.right["__metadata__"]);
  if (E.isLeft(metadata)) return metadata;
  return pipe(
    readEntries(file, json.right, bytes.length - dataStart),
    E.map((entries) => ({ entries, metadata: metadata.right, dataStart })),
  );
};
