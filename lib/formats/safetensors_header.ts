import { E, type Either, pipe } from "../dependencies/fp.ts";
import { causedBy, type Failure, failure, reasonText } from "../errors.ts";
import { type Dtype, dtypeSize, isDtype, viewOf } from "./bytes.ts";
import { duplicateKey, isJsonObject, type JsonObject, parseJson } from "./json.ts";
import { byteCount, type TensorEntry } from "./tensor_file.ts";

/** The longest header, in bytes, that the format allows. */
export const maximumHeader: number = 100_000_000;

/** How deep the objects and lists of a header may lie in each other; in a sound one three do. */
const deepestHeader = 8;

/** A tensor as the header describes it; `begin` and `end` are byte offsets from the start of the data. */
export interface PlacedTensor {
  /** The name, element type and shape. */
  readonly entry: TensorEntry;
  /** The first byte of the values. */
  readonly begin: number;
  /** The byte after the last one of the values. */
  readonly end: number;
}

/** A decoded header. */
export interface SafetensorsHeader {
  /** The tensors, in the order of their data. */
  readonly tensors: readonly PlacedTensor[];
  /** Texts that the header holds beside the tensors, under `__metadata__`; empty if it has none. */
  readonly metadata: Readonly<Record<string, string>>;
  /** The byte of the file at which the data start. */
  readonly dataStart: number;
}

const isSize = (value: unknown): value is number =>
  typeof value === "number" && Number.isSafeInteger(value) && value >= 0;

const isSizes = (value: unknown): value is readonly number[] => Array.isArray(value) && value.every(isSize);

const wrong = (where: string, found: string, expected: string, advice?: string): Either<Failure, never> =>
  E.left(failure("format", where, found, expected, advice));

const short = (value: unknown): string => {
  const text = JSON.stringify(value) ?? "nothing";
  return text.length <= 60 ? text : `${text.slice(0, 57)}...`;
};

const tensorPlace = (file: string, tensor: string): string => `${file}, tensor ${short(tensor)}`;

const noJson = (file: string, reason: string): Failure =>
  failure("format", file, `a header that is no JSON (${reason})`, "a JSON object");

const decodeHeader = (file: string, bytes: Uint8Array): Either<Failure, string> =>
  E.tryCatch(
    () => new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes),
    (reason) => pipe(noJson(file, reasonText(reason)), causedBy(reason)),
  );

const readJson = (file: string, bytes: Uint8Array): Either<Failure, JsonObject> =>
  pipe(
    decodeHeader(file, bytes),
    E.chain((text) =>
      pipe(
        parseJson(text, deepestHeader),
        E.mapLeft((reason) => noJson(file, reason)),
        E.map((value) => ({ value, twice: duplicateKey(text) })),
      )
    ),
    E.chain(({ value, twice }) => {
      if (!isJsonObject(value)) return wrong(file, `the header ${short(value)}`, "a JSON object");
      return twice === undefined ? E.right(value) : wrong(file, `the name ${short(twice)} twice`, "each name once");
    }),
  );

const readMetadata = (file: string, value: unknown): Either<Failure, Readonly<Record<string, string>>> => {
  if (value === undefined) return E.right({});
  const isTexts = (object: JsonObject): object is Readonly<Record<string, string>> =>
    Object.values(object).every((text) => typeof text === "string");
  if (isJsonObject(value) && isTexts(value)) return E.right(value);
  return wrong(`${file}, __metadata__`, short(value), "an object of texts");
};

const isKnownDtype = (value: unknown): value is Dtype => typeof value === "string" && isDtype(value);

const readEntry = (file: string, name: string, value: unknown): Either<Failure, PlacedTensor> => {
  const where = tensorPlace(file, name);
  if (!isJsonObject(value)) return wrong(where, short(value), "an object with dtype, shape and data_offsets");
  const { dtype, shape, data_offsets: offsets } = value;
  if (!isKnownDtype(dtype)) return wrong(where, `dtype ${short(dtype)}`, `one of ${Object.keys(dtypeSize).join(", ")}`);
  if (!isSizes(shape)) return wrong(where, `shape ${short(shape)}`, "a list of whole numbers from 0");
  if (!isSizes(offsets)) return wrong(where, `data_offsets ${short(offsets)}`, "[begin, end] in bytes");
  const [begin, end] = offsets;
  if (begin === undefined || end === undefined || offsets.length !== 2 || begin > end) {
    return wrong(where, `data_offsets ${short(offsets)}`, "[begin, end] with begin at most end");
  }
  const entry: TensorEntry = { name, dtype, shape };
  const size = byteCount(entry);
  if (size === end - begin) return E.right({ entry, begin, end });
  const expected = Number.isSafeInteger(size) ? size : "more than 2⁵³";
  return wrong(where, `${end - begin} bytes of data`, `${expected} for ${dtype} of shape ${short(shape)}`);
};

/** Checks that the tensors, in order, fill the data from the first byte to the last. */
const checkCoverage = (
  file: string,
  tensors: readonly PlacedTensor[],
  dataSize: number,
): Either<Failure, readonly PlacedTensor[]> => {
  let covered = 0;
  for (const { entry, begin, end } of tensors) {
    const where = tensorPlace(file, entry.name);
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
  if (covered === dataSize) return E.right(tensors);
  return wrong(file, `${dataSize - covered} bytes after the last tensor`, "none");
};

const readTensors = (file: string, json: JsonObject, dataSize: number): Either<Failure, readonly PlacedTensor[]> =>
  pipe(
    Object.entries(json).filter(([name]) => name !== "__metadata__"),
    E.traverseArray(([name, value]) => readEntry(file, name, value)),
    E.map((tensors) => tensors.toSorted((a, b) => a.begin - b.begin || a.end - b.end)),
    E.chain((tensors) => checkCoverage(file, tensors, dataSize)),
  );

/**
 * The length of the header in bytes, from the first bytes of the file: 8 of them, or all if it has fewer. Left with
 * kind `format` if the file or the format has no room for such a header, so that nobody makes room for it in memory.
 */
export const safetensorsHeaderLength = (
  file: string,
  firstBytes: Uint8Array,
  fileSize: number,
): Either<Failure, number> => {
  if (firstBytes.length < 8) return wrong(file, `a file of ${fileSize} bytes`, "a safetensors file");
  const length = viewOf(firstBytes).getBigUint64(0, true);
  const most = Math.min(maximumHeader, fileSize - 8);
  if (length <= most) return E.right(Number(length));
  const advice = "The file is truncated or is no safetensors file.";
  return wrong(file, `a header of ${length} bytes`, `at most ${most}`, advice);
};

/**
 * Decodes and verifies the header of a safetensors file of `fileSize` bytes; `header` is its JSON text, which follows
 * the 8 bytes of its length. Every entry is well formed, names are unique, sizes fit shapes and element types, and the
 * data are contiguous from the first byte to the last, without overlap, hole or rest. Left with kind `format`; the
 * message names the file and, where there is one, the tensor.
 */
export const readSafetensorsHeader = (
  file: string,
  header: Uint8Array,
  fileSize: number,
): Either<Failure, SafetensorsHeader> => {
  const dataStart = 8 + header.length;
  const json = readJson(file, header);
  if (E.isLeft(json)) return json;
  const metadata = readMetadata(file, json.right["__metadata__"]);
  if (E.isLeft(metadata)) return metadata;
  return pipe(
    readTensors(file, json.right, fileSize - dataStart),
    E.map((tensors) => ({ tensors, metadata: metadata.right, dataStart })),
  );
};
