import { E, type Either, pipe } from "../dependencies/fp.ts";
import { type Failure, failure } from "../errors.ts";
import { viewOf } from "./bytes.ts";
import { otherKind } from "./file_kinds.ts";
import { checkDimensions } from "./raster.ts";

/** What the frame header of a JPEG announces, and how many scans carry it. `components`: 1 is grey, 3 colour. */
export interface JpegHeader {
  readonly height: number;
  readonly width: number;
  readonly components: number;
  readonly scans: number;
}

/** Whether the bytes begin as a JPEG does. */
const isJpeg = (bytes: Uint8Array): boolean => bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff;

/** A whole progressive JPEG has about ten scans; thousands in a small file would keep a decoder busy for hours. */
const maximumScans = 128;

/** A marker, where its contents begin and end, and where its entropy-coded data end (`end` if it has none). */
interface Segment {
  readonly marker: number;
  readonly start: number;
  readonly end: number;
  readonly dataEnd: number;
}

const startOfScan = 0xda;
const endOfImage = 0xd9;

const isStandalone = (marker: number): boolean => marker === 0x01 || (marker >= 0xd0 && marker <= endOfImage);

/** The next offset at which 0xFF is followed by a marker's code, or the length of the bytes. */
const nextMarker = (bytes: Uint8Array, from: number): number => {
  let offset = bytes.indexOf(0xff, from);
  while (offset >= 0 && offset + 1 < bytes.length) {
    const code = bytes[offset + 1]!;
    const insideScan = code === 0x00 || (code >= 0xd0 && code <= 0xd7);
    if (!insideScan && code !== 0xff) return offset;
    offset = bytes.indexOf(0xff, offset + 1);
  }
  return bytes.length;
};

/** The segment of the marker at an offset; undefined if the bytes end before its length. */
const readSegment = (bytes: Uint8Array, offset: number): Segment | undefined => {
  const view = viewOf(bytes);
  const marker = view.getUint8(offset + 1);
  const start = offset + 4;
  if (!isStandalone(marker) && start > bytes.length) return undefined;
  const end = isStandalone(marker) ? offset + 2 : offset + 2 + Math.max(2, view.getUint16(offset + 2));
  const dataEnd = marker === startOfScan ? nextMarker(bytes, end) : end;
  return { marker, start, end, dataEnd };
};

/** The segments up to the end of the image; undefined if the bytes end before it. */
const readSegments = (bytes: Uint8Array): readonly Segment[] | undefined => {
  const segments: Segment[] = [];
  let offset = nextMarker(bytes, 2);
  while (offset < bytes.length) {
    const segment = readSegment(bytes, offset);
    if (segment === undefined) return undefined;
    if (segment.marker === endOfImage) return segments;
    segments.push(segment);
    offset = nextMarker(bytes, segment.dataEnd);
  }
  return undefined;
};

/** The markers C0 to CF start a frame, but for those of Huffman tables, extensions and arithmetic conditioning. */
const startsFrame = ({ marker }: Segment): boolean =>
  marker >= 0xc0 && marker <= 0xcf &&
  marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;

const colourAdvice = "Save it as an RGB or grey JPEG, or as a PNG.";

const checkFrame = (name: string, bytes: Uint8Array, { marker, start, end }: Segment): Either<Failure, JpegHeader> => {
  const refuse = (found: string, expected: string) => E.left(failure("format", name, found, expected, colourAdvice));
  if (marker > 0xc2) {
    const process = marker >= 0xc9 ? "arithmetic coding" : "a lossless process";
    return refuse(
      `a JPEG with ${process} (marker FF${marker.toString(16).toUpperCase()})`,
      "a baseline or progressive JPEG",
    );
  }
  if (end - start < 6) return refuse(`a frame header of ${end - start} bytes`, "a whole one");
  const view = viewOf(bytes);
  const bits = view.getUint8(start);
  if (bits !== 8) return refuse(`a JPEG of ${bits} bits a sample`, "8 bits");
  const components = view.getUint8(start + 5);
  if (components !== 1 && components !== 3) {
    const found = components === 4 ? "a JPEG of 4 components (CMYK)" : `a JPEG of ${components} components`;
    return refuse(found, "1 component (grey) or 3 (colour)");
  }
  if (end - start < 6 + 3 * components) {
    return refuse(`a frame header of ${end - start} bytes`, `${6 + 3 * components} for ${components} components`);
  }
  const height = view.getUint16(start + 1);
  const width = view.getUint16(start + 3);
  return pipe(
    checkDimensions(name, height, width),
    E.map(() => ({ height, width, components, scans: 0 })),
  );
};

/** Pixels of one coded unit: 8 × 8 times the largest sampling factors, at most 32 × 32. */
const unitPixels = (bytes: Uint8Array, frame: Segment, components: number) => {
  const view = viewOf(bytes);
  const factors = Array.from({ length: components }, (_, i) => view.getUint8(frame.start + 7 + 3 * i));
  const horizontal = Math.max(...factors.map((factor) => factor >> 4), 1);
  const vertical = Math.max(...factors.map((factor) => factor & 15), 1);
  return 64 * horizontal * vertical;
};

const checkScans = (name: string, segments: readonly Segment[], leastBytes: number): Either<Failure, number> => {
  const scans = segments.filter(({ marker }) => marker === startOfScan);
  const refuse = (found: string, expected: string) => E.left(failure("format", name, found, expected));
  if (scans.length === 0 || scans.length > maximumScans) {
    const expected = `1 to ${maximumScans} scans`;
    return refuse(`a JPEG of ${scans.length} scans`, expected);
  }
  const data = scans.reduce((sum, { end, dataEnd }) => sum + dataEnd - end, 0);
  return data >= leastBytes ? E.right(scans.length) : refuse(`${data} bytes of picture data`, `at least ${leastBytes}`);
};

const truncated = (name: string, size: number): Failure =>
  failure(
    "format",
    name,
    `a JPEG that ends after ${size} bytes, before its end marker`,
    "a whole JPEG",
    "The file is truncated; copy or download it again.",
  );

/**
 * Walks the markers of a JPEG from its start to its end marker without decoding. Left with kind `format` if the bytes
 * are no JPEG or end too early, if the picture is neither grey nor three-component, not 8-bit, lossless or
 * arithmetic-coded, larger than {@link checkDimensions} allows, or cannot have that many pixels in so few bytes.
 * Source: ITU-T T.81, annex B.
 */
export const readJpegHeader = (name: string, bytes: Uint8Array): Either<Failure, JpegHeader> => {
  if (!isJpeg(bytes)) return E.left(otherKind(name, bytes, "a JPEG"));
  const segments = readSegments(bytes);
  if (segments === undefined) return E.left(truncated(name, bytes.length));
  const [frame, second] = segments.filter(startsFrame);
  if (frame === undefined || second !== undefined) {
    const found = frame === undefined ? "no frame header" : "two frame headers";
    return E.left(failure("format", name, found, "exactly one"));
  }
  return pipe(
    checkFrame(name, bytes, frame),
    E.chain((header) => {
      const unit = unitPixels(bytes, frame, header.components);
      // Every coded unit costs at least one bit in the scan that first carries it.
      const leastBytes = Math.ceil(header.height * header.width / unit / 8);
      return pipe(
        checkScans(name, segments, leastBytes),
        E.map((scans) => ({ ...header, scans })),
      );
    }),
  );
};
