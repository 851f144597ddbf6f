import { E, type Either, pipe, type TaskEither, TE } from "../dependencies/fp.ts";
import { initWebpDecoder, webpDecode } from "../dependencies/webp.ts";
import { attempt, causedBy, type Failure, failure, FailureError, reasonText } from "../errors.ts";
import { charactersAt, viewOf } from "./bytes.ts";
import { formatOf, pictureFormats } from "./picture_formats.ts";
import { checkDimensions, type RgbImage, withoutAlpha } from "./raster.ts";

/** What the header of a WebP announces. */
interface WebpHeader {
  readonly height: number;
  readonly width: number;
}

const damaged = (name: string, what: string): Failure =>
  failure("format", name, `a WebP that ${what}`, "an undamaged WebP", "Copy or download the file again.");

const animated = (name: string): Failure =>
  failure("format", name, "an animated WebP", "one picture", "Save the frame that is meant as a PNG.");

/** Fourteen bits of width and then of height, each less `less`, from a bit of four bytes on. */
const sizeIn = (bits: number, first: number, less: number): WebpHeader => ({
  width: (bits >>> first & 0x3fff) + less,
  height: (bits >>> first + 14 & 0x3fff) + less,
});

/** The size that the first chunk tells: of lossy data, lossless data, or the canvas of an extended file. */
const sizeOf = (name: string, bytes: Uint8Array): Either<Failure, WebpHeader> => {
  const view = viewOf(bytes);
  const chunk = charactersAt(bytes, 12, 16);
  if (chunk === "VP8 " && charactersAt(bytes, 23, 26) === "\x9d\x01\x2a") {
    return E.right({ width: view.getUint16(26, true) & 0x3fff, height: view.getUint16(28, true) & 0x3fff });
  }
  if (chunk === "VP8L" && bytes[20] === 0x2f) return E.right(sizeIn(view.getUint32(21, true), 0, 1));
  if (chunk !== "VP8X") return E.left(damaged(name, "begins with no picture"));
  if ((view.getUint8(20) & 2) !== 0) return E.left(animated(name));
  const side = (at: number): number => view.getUint16(at, true) + (view.getUint8(at + 2) << 16) + 1;
  return E.right({ width: side(24), height: side(27) });
};

/** What the header announces, within limits. */
const readWebpHeader = (name: string, bytes: Uint8Array): Either<Failure, WebpHeader> => {
  if (formatOf(pictureFormats, bytes) !== "WebP") {
    return E.left(failure("format", name, "a file without the WebP signature", "a WebP"));
  }
  if (bytes.length < 30 || viewOf(bytes).getUint32(4, true) + 8 > bytes.length) {
    return E.left(damaged(name, `ends after ${bytes.length} bytes`));
  }
  return pipe(
    sizeOf(name, bytes),
    E.chainFirst(({ height, width }) => checkDimensions(name, height, width)),
  );
};

const runDecoder = async (name: string, bytes: Uint8Array, { height, width }: WebpHeader): Promise<RgbImage> => {
  // A new instance each time: one that failed keeps its memory.
  initWebpDecoder({ printErr: () => {} });
  const decoded = await webpDecode(new Uint8Array(bytes).buffer);
  if (decoded.height !== height || decoded.width !== width) {
    throw new FailureError(damaged(name, `decodes to ${decoded.width}×${decoded.height} pixels`));
  }
  return { height, width, pixels: withoutAlpha(decoded.data, height * width) };
};

/**
 * Decodes a WebP of one picture, lossy or lossless, to 8-bit colour; transparency is dropped, and an orientation is not
 * applied. Left with kind `format` if it is damaged, cut off or animated, and if the size that its header announces is beyond
 * {@link checkDimensions}, before anything is decoded. `name` is the file's, for messages.
 */
export const decodeWebp = (name: string, bytes: Uint8Array): TaskEither<Failure, RgbImage> =>
  pipe(
    TE.fromEither(readWebpHeader(name, bytes)),
    TE.chain((header) =>
      attempt(
        () => runDecoder(name, bytes, header),
        (reason) => pipe(damaged(name, `does not decode (${reasonText(reason)})`), causedBy(reason)),
      )
    ),
  );
