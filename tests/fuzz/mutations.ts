/** Damaged copies of files, each told by its key alone. */
import { concatenate, viewOf } from "../../lib/formats/bytes.ts";
import { foldIn, type Key, uniforms } from "../../lib/tensor/key.ts";

/** Whole numbers from 0 up to a bound, one after the other. */
type Draw = (below: number) => number;

const drawsOf = (key: Key): Draw => {
  let block = 0;
  let values: readonly number[] = [];
  return (below) => {
    if (values.length === 0) values = [...uniforms(foldIn(key, block++), 32)];
    const [value = 0, ...rest] = values;
    values = rest;
    return Math.floor(value * below);
  };
};

/** A copy of a file with one thing changed; `others` are sound files of the same format. */
type Mutation = (draw: Draw, bytes: Uint8Array, others: readonly Uint8Array[]) => Uint8Array;

const changed = (bytes: Uint8Array, change: (copy: Uint8Array) => void): Uint8Array => {
  const copy = bytes.slice();
  if (copy.length > 0) change(copy);
  return copy;
};

const flipBits: Mutation = (draw, bytes) =>
  changed(bytes, (copy) => {
    for (let count = draw(8); count >= 0; count--) copy[draw(copy.length)]! ^= 1 << draw(8);
  });

const edges = [0x00, 0x01, 0x20, 0x2d, 0x30, 0x39, 0x7b, 0x7f, 0x80, 0xff] as const;

const setByte: Mutation = (draw, bytes) =>
  changed(bytes, (copy) => copy[draw(copy.length)] = edges[draw(edges.length)]!);

/** Numbers at which lengths and sizes break. */
const sizes = [0n, 1n, 0x7fn, 0xffn, 0x7fffn, 0xffffn, 0x10000n, 0x7fffffffn, 0x80000000n, 0xffffffffn, 1n << 53n, -1n];

const setField: Mutation = (draw, bytes) =>
  changed(bytes, (copy) => {
    const width = [2, 4, 8][draw(3)] ?? 4;
    if (copy.length < width) return;
    const at = draw(Math.min(copy.length - width + 1, draw(2) === 0 ? 64 : Infinity));
    const value = sizes[draw(sizes.length)] ?? 0n;
    const field = new DataView(new ArrayBuffer(8));
    const little = draw(2) === 0;
    field.setBigUint64(0, BigInt.asUintN(64, value), little);
    copy.set(new Uint8Array(field.buffer, little ? 0 : 8 - width, width), at);
  });

const cutOff: Mutation = (draw, bytes) => bytes.slice(0, draw(bytes.length + 1));

const rangeIn = (draw: Draw, { length }: Uint8Array): readonly [start: number, end: number] => {
  const start = draw(length + 1);
  return [start, Math.min(length, start + 1 + draw(draw(2) === 0 ? 16 : length))];
};

const cutOut: Mutation = (draw, bytes) => {
  const [start, end] = rangeIn(draw, bytes);
  return concatenate([bytes.subarray(0, start), bytes.subarray(end)]);
};

const repeat: Mutation = (draw, bytes) => {
  const [start, end] = rangeIn(draw, bytes);
  const part = bytes.subarray(start, end);
  const most = Math.max(1, Math.floor(20_000 / Math.max(1, part.length)));
  const copies = Array.from({ length: 1 + draw(most) }, () => part);
  return concatenate([bytes.subarray(0, end), ...copies, bytes.subarray(end)]);
};

const insert: Mutation = (draw, bytes) => {
  const at = draw(bytes.length + 1);
  const more = Uint8Array.from({ length: 1 + draw(40) }, () => draw(256));
  return concatenate([bytes.subarray(0, at), more, bytes.subarray(at)]);
};

const splice: Mutation = (draw, bytes, others) => {
  const other = others[draw(others.length)] ?? bytes;
  const [start, end] = rangeIn(draw, other);
  const at = draw(bytes.length + 1);
  const rest = draw(2) === 0 ? at : Math.min(bytes.length, at + end - start);
  return concatenate([bytes.subarray(0, at), other.subarray(start, end), bytes.subarray(rest)]);
};

const numbers = ["-1", "0", "1e400", "-0", "NaN", "1e-320", "99999999999999999999", "0x10", "1.5", ""] as const;

/** Another number where a text has one. */
const setNumber: Mutation = (draw, bytes) => {
  const starts = [...bytes.keys()].filter((at) => {
    const [before = 0, here = 0] = [bytes[at - 1], bytes[at]];
    return here >= 0x30 && here <= 0x39 && !(before >= 0x30 && before <= 0x39);
  });
  const at = starts[draw(starts.length)] ?? bytes.length;
  let end = at;
  while ((bytes[end] ?? 0) >= 0x30 && (bytes[end] ?? 0) <= 0x39) end++;
  const number = new TextEncoder().encode(numbers[draw(numbers.length)] ?? "");
  return concatenate([bytes.subarray(0, at), number, bytes.subarray(end)]);
};

const mutations: readonly Mutation[] = [
  ...[flipBits, setByte, setField, setField, cutOff, cutOut, repeat, insert, splice, setNumber],
];

/** The most bytes of a damaged copy, so that many can be tried in a second. */
const mostBytes = 100_000;

/** A damaged copy of one of some sound files, by one to three changes. */
export const damagedCopy = (key: Key, sound: readonly Uint8Array[]): Uint8Array => {
  const draw = drawsOf(key);
  let bytes = sound[draw(sound.length)] ?? new Uint8Array();
  for (let count = draw(3); count >= 0; count--) {
    bytes = (mutations[draw(mutations.length)] ?? flipBits)(draw, bytes, sound);
    bytes = bytes.length > mostBytes ? bytes.slice(0, mostBytes) : bytes;
  }
  return bytes;
};

/** The checksums of a PNG's chunks put right, so that a decoder looks at what is in them. */
export const withChecksums = (bytes: Uint8Array, crc32: (bytes: Uint8Array) => number): Uint8Array =>
  changed(bytes, (copy) => {
    const view = viewOf(copy);
    for (let at = 8; at + 12 <= copy.length;) {
      const end = at + 8 + view.getUint32(at);
      if (end + 4 > copy.length) return;
      view.setUint32(end, crc32(copy.subarray(at + 4, end)));
      at = end + 4;
    }
  });

/** The checksums of all headers of a tar archive put right, as far as sizes lead to them. */
export const withHeaderSums = (bytes: Uint8Array): Uint8Array =>
  changed(bytes, (copy) => {
    for (let at = 0; at + 512 <= copy.length;) {
      const header = copy.subarray(at, at + 512);
      if (header.every((byte) => byte === 0)) return;
      const size = parseInt(new TextDecoder("latin1").decode(header.subarray(124, 136)), 8);
      const sum = header.reduce((total, byte, index) => total + (index >= 148 && index < 156 ? 0x20 : byte), 0);
      header.set(new TextEncoder().encode(`${sum.toString(8).padStart(6, "0")}\0 `), 148);
      at += 512 + 512 * Math.ceil(Number.isFinite(size) ? size / 512 : 0);
    }
  });
