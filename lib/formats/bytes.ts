/** The parts one after the other, in new memory. */
export const concatenate = (parts: readonly Uint8Array[]): Uint8Array => {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
};

/** A view through which numbers of either byte order can be read; offsets count from the first of the bytes. */
export const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** Bytes `start` up to `end`, or as many as there are, as characters of the same codes (Latin-1). For short ranges. */
export const charactersAt = (bytes: Uint8Array, start: number, end: number): string =>
  String.fromCharCode(...bytes.subarray(start, end));

/** The codes of characters in U+0000…U+00FF as bytes: the inverse of {@link charactersAt}. */
export const bytesOf = (characters: string): Uint8Array => Uint8Array.from(characters, (char) => char.charCodeAt(0));
