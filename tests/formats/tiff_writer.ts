/** A small writer of TIFF for tests: any form that the reader knows, and deliberate faults. */
import { deflateSync } from "node:zlib";

export interface TiffForm {
  readonly height: number;
  readonly width: number;
  readonly samples?: number;
  readonly bits: 8 | 16 | 32 | 64;
  readonly kind?: "unsigned" | "signed" | "float";
  readonly colour?: number;
  readonly compression?: "none" | "LZW" | "deflate" | "PackBits";
  readonly predictor?: 1 | 2 | 3;
  readonly planar?: boolean;
  readonly bigEndian?: boolean;
  /** Rows and columns of tiles, or rows of strips. */
  readonly tile?: readonly [number, number];
  readonly rowsPerStrip?: number;
  /** Fields that are added, or stand for those that would be written. */
  readonly fields?: Readonly<Record<number, readonly number[]>>;
  readonly text?: Readonly<Record<number, string>>;
}

const codes = { none: 1, LZW: 5, deflate: 8, PackBits: 32773 } as const;

/** Codes of 9 to 12 bits, the highest bit first; each text is looked up as a string. */
const lzw = (bytes: Uint8Array): Uint8Array => {
  let bits = "";
  let table = new Map<string, number>();
  let [size, next, text] = [9, 258, ""];
  const put = (code: number) => bits += code.toString(2).padStart(size, "0");
  const codeOf = (of: string) => of.length === 1 ? of.charCodeAt(0) : table.get(of) ?? -1;
  put(256);
  for (const byte of bytes) {
    const longer = text + String.fromCharCode(byte);
    if (codeOf(longer) >= 0) {
      text = longer;
      continue;
    }
    put(codeOf(text));
    table.set(longer, next++);
    text = String.fromCharCode(byte);
    if (next === 512 || next === 1024 || next === 2048) size++;
    if (next === 4094) {
      put(256);
      [table, size, next] = [new Map(), 9, 258];
    }
  }
  if (text !== "") put(codeOf(text));
  // The reader has added one more text by now, after which the codes may be a bit longer.
  if (next + 1 === 512 || next + 1 === 1024 || next + 1 === 2048) size++;
  put(257);
  return Uint8Array.from(bits.match(/.{1,8}/g) ?? [], (each) => parseInt(each.padEnd(8, "0"), 2));
};

/** Each byte as a copy of one, but for runs. */
const packBits = (bytes: Uint8Array): Uint8Array => {
  const packed: number[] = [];
  for (let at = 0; at < bytes.length;) {
    let run = 1;
    while (run < 128 && bytes[at + run] === bytes[at]) run++;
    packed.push(run > 1 ? 257 - run : 0, bytes[at] ?? 0);
    at += run;
  }
  return Uint8Array.from(packed);
};

const compress = { none: (bytes: Uint8Array) => bytes, LZW: lzw, deflate: deflateSync, PackBits: packBits };

const writeNumber = (view: DataView, at: number, value: number, form: TiffForm): void => {
  const little = form.bigEndian !== true;
  if (form.kind === "float") {
    if (form.bits === 16) view.setFloat16(at, value, little);
    else if (form.bits === 32) view.setFloat32(at, value, little);
    else view.setFloat64(at, value, little);
  } else if (form.bits === 8) view.setUint8(at, value & 255);
  else if (form.bits === 16) view.setUint16(at, value & 65535, little);
  else view.setUint32(at, value >>> 0, little);
};

/** The bytes of a block, predicted row by row. */
const blockBytes = (rows: readonly (readonly number[])[], step: number, form: TiffForm): Uint8Array => {
  const size = form.bits / 8;
  return Uint8Array.from(rows.flatMap((row) => {
    const bytes = new Uint8Array(row.length * size);
    const view = new DataView(bytes.buffer);
    const less = (at: number) => form.predictor === 2 && at >= step ? row[at - step] ?? 0 : 0;
    row.forEach((value, at) => writeNumber(view, at * size, value - less(at), form));
    if (form.predictor !== 3) return [...bytes];
    const big = { ...form, bigEndian: true };
    row.forEach((value, at) => writeNumber(view, at * size, value, big));
    const apart = Array.from(
      { length: bytes.length },
      (_, at) => bytes[at % row.length * size + Math.floor(at / row.length)] ?? 0,
    );
    return apart.map((byte, at) => (byte - (apart[at - step] ?? 0)) & 255);
  }));
};

/** The blocks of the values, in order: tiles are filled up with zeros. */
const blocksOf = (values: ArrayLike<number>, form: TiffForm): readonly Uint8Array[] => {
  const { height, width, samples = 1, planar = false } = form;
  const [rows, columns] = form.tile ?? [form.rowsPerStrip ?? height, width];
  const parts = planar
    ? Array.from({ length: samples }, (_, c) => [c])
    : [Array.from({ length: samples }, (_, c) => c)];
  const blocks: Uint8Array[] = [];
  for (const part of parts) {
    for (let top = 0; top < height; top += rows) {
      for (let left = 0; left < width; left += columns) {
        const stored = form.tile === undefined ? Math.min(rows, height - top) : rows;
        const block = Array.from(
          { length: stored },
          (_, y) =>
            Array.from({ length: columns }, (_, x) =>
              part.map((c) => {
                const isInside = top + y < height && left + x < width;
                return isInside ? values[((top + y) * width + left + x) * samples + c] ?? 0 : 0;
              })).flat(),
        );
        blocks.push(compress[form.compression ?? "none"](blockBytes(block, part.length, form)));
      }
    }
  }
  return blocks;
};

/** A TIFF of these values, row-major, the samples of a pixel side by side. */
export const tiffOf = (values: ArrayLike<number>, form: TiffForm): Uint8Array => {
  const { height, width, samples = 1, bits } = form;
  const blocks = blocksOf(values, form);
  const kinds = { unsigned: 1, signed: 2, float: 3 } as const;
  let end = 8;
  const offsets = blocks.map((block) => (end += block.length) - block.length);
  const sizes = blocks.map((block) => block.length);
  const fields: Record<number, readonly number[]> = {
    256: [width],
    257: [height],
    258: Array.from({ length: samples }, () => bits),
    259: [codes[form.compression ?? "none"]],
    262: [form.colour ?? (samples >= 3 ? 2 : 1)],
    277: [samples],
    284: [form.planar === true ? 2 : 1],
    317: [form.predictor ?? 1],
    339: Array.from({ length: samples }, () => kinds[form.kind ?? "unsigned"]),
    ...(form.tile === undefined
      ? { 273: offsets, 278: [form.rowsPerStrip ?? height], 279: sizes }
      : { 322: [form.tile[1]], 323: [form.tile[0]], 324: offsets, 325: sizes }),
    ...form.fields,
  };
  const texts = Object.entries(form.text ?? {}).map(([tag, text]) =>
    [Number(tag), 2, [...text, "\0"].map((letter) => letter.charCodeAt(0))] as const
  );
  const entries = [...Object.entries(fields).map(([tag, numbers]) => [Number(tag), 4, numbers] as const), ...texts]
    .sort(([a], [b]) => a - b);
  const length = ([, type, numbers]: typeof entries[number]) => numbers.length * (type === 2 ? 1 : 4);
  const start = end + end % 2;
  let data = start + 2 + 12 * entries.length + 4;
  const whole = new Uint8Array(data + entries.reduce((sum, entry) => sum + length(entry), 0));
  const view = new DataView(whole.buffer);
  const little = form.bigEndian !== true;
  whole.set(new TextEncoder().encode(little ? "II" : "MM"));
  view.setUint16(2, 42, little);
  view.setUint32(4, start, little);
  blocks.forEach((block, at) => whole.set(block, offsets[at]));
  view.setUint16(start, entries.length, little);
  entries.forEach((entry, index) => {
    const [tag, type, numbers] = entry;
    const at = start + 2 + 12 * index;
    view.setUint16(at, tag, little);
    view.setUint16(at + 2, type, little);
    view.setUint32(at + 4, numbers.length, little);
    const to = length(entry) <= 4 ? at + 8 : data;
    if (to === data) {
      view.setUint32(at + 8, data, little);
      data += length(entry);
    }
    numbers.forEach((value, place) =>
      type === 2 ? view.setUint8(to + place, value) : view.setUint32(to + 4 * place, value, little)
    );
  });
  return whole;
};
