import { initJpegEncoder, jpegDecoder, jpegEncode } from "../dependencies/codecs.ts";
import { E, pipe, type TaskEither, TE } from "../dependencies/fp.ts";
import { attempt, causedBy, type Failure, failure, FailureError, orThrow, reasonText } from "../errors.ts";
import { otherKind } from "./file_kinds.ts";
import { type JpegHeader, readJpegHeader } from "./jpeg_markers.ts";
import { orientationOf, upright } from "./orientation.ts";
import { formatNames, formatOf, pictureFormats } from "./picture_formats.ts";
import { decodeRgbPng } from "./png.ts";
import { type RgbImage, usualMegapixels, withoutAlpha } from "./raster.ts";

/** The longest side, in pixels, that the encoder takes. */
const maximumEncodedSide = 65500;

/** The codec warns of lost data and then pads with grey. Stray bytes after the last pixel are no loss. */
const isLoss = (warning: string): boolean =>
  /^(Corrupt JPEG data|Premature end|Inconsistent)/.test(warning) &&
  !/extraneous bytes before marker 0xd9/.test(warning);

const damaged = (name: string, what: string): Failure =>
  failure(
    "format",
    name,
    `a JPEG that does not decode (${what})`,
    "an undamaged JPEG",
    "Copy or download the file again.",
  );

const runDecoder = async (name: string, bytes: Uint8Array, { height, width }: JpegHeader): Promise<RgbImage> => {
  const complaints: string[] = [];
  // A new instance each time: one that failed keeps its memory, and the console of an instance cannot be changed.
  const decoder = await jpegDecoder({ noInitialRun: true, printErr: (line) => complaints.push(line) });
  const decoded = orThrow(E.tryCatch(
    () => decoder.decode(bytes, false),
    (reason) => pipe(damaged(name, complaints.at(-1) ?? reasonText(reason)), causedBy(reason)),
  ));
  const complaint = complaints.find(isLoss);
  if (decoded === null || complaint !== undefined || decoded.height !== height || decoded.width !== width) {
    const what = complaint ?? (decoded === null ? complaints.at(-1) : `${decoded.width} × ${decoded.height} pixels`);
    throw new FailureError(damaged(name, what ?? "its decoder gives no reason"));
  }
  const pixels = withoutAlpha(decoded.data, height * width);
  // What is not needed any more may be half a gigabyte: it goes at once, and not when somebody tidies up.
  decoded.data.buffer.transfer(0);
  return { height, width, pixels };
};

/**
 * Decodes a baseline or progressive JPEG, grey or colour, to 8-bit colour. The pixels are as stored: an orientation in
 * the EXIF data is not applied, so that they lie on the depth map. Left with kind `format` as `readJpegHeader`, and if
 * the codec reports lost data: a truncated or damaged file is an error, never a picture padded with grey. `name` is the
 * file's, for messages.
 */
export const decodeJpeg = (
  name: string,
  bytes: Uint8Array,
  maxMegapixels: number = usualMegapixels,
): TaskEither<Failure, RgbImage> =>
  pipe(
    TE.fromEither(readJpegHeader(name, bytes, maxMegapixels)),
    TE.chain((header) =>
      attempt(
        () => runDecoder(name, bytes, header),
        (reason) => damaged(name, reasonText(reason)),
      )
    ),
  );

const withAlpha = ({ height, width, pixels }: RgbImage): ImageData => {
  const rgba = new Uint8ClampedArray(height * width * 4).fill(255);
  for (let i = 0; i < height * width; i++) {
    rgba[i * 4] = pixels[i * 3]!;
    rgba[i * 4 + 1] = pixels[i * 3 + 1]!;
    rgba[i * 4 + 2] = pixels[i * 3 + 2]!;
  }
  return new ImageData(rgba, width, height);
};

const checkEncodable = ({ height, width, pixels }: RgbImage, quality: number): E.Either<Failure, void> => {
  if (!(quality >= 1 && quality <= 100)) {
    return E.left(failure("usage", "quality", `${quality}`, "1 to 100"));
  }
  const sound = height >= 1 && width >= 1 && height <= maximumEncodedSide &&
    width <= maximumEncodedSide && pixels.length === height * width * 3;
  if (sound) return E.right(undefined);
  return E.left(failure(
    "format",
    "JPEG to write",
    `${pixels.length} values for a picture ${width} wide and ${height} high`,
    `height × width × 3 values, sides of 1 to ${maximumEncodedSide}`,
  ));
};

const runEncoder = async (image: RgbImage, quality: number): Promise<Uint8Array> => {
  initJpegEncoder({ printErr: () => {} });
  return new Uint8Array(await jpegEncode(withAlpha(image), { quality }));
};

/**
 * Encodes 8-bit colour as a progressive JPEG. `quality` is 1 (small) to 100 (close to the original). Left with kind
 * `usage` for another quality, and `format` if the picture is empty, too large for a JPEG, or `pixels` does not hold
 * height × width × 3 values.
 */
export const encodeJpeg = (image: RgbImage, quality: number): TaskEither<Failure, Uint8Array> =>
  pipe(
    TE.fromEither(checkEncodable(image, quality)),
    TE.chain(() =>
      attempt(
        () => runEncoder(image, quality),
        (reason) =>
          failure(
            "format",
            "JPEG to write",
            `an error of the encoder (${reasonText(reason)})`,
            "an encoded picture",
          ),
      )
    ),
  );

/**
 * Decodes a PNG, JPEG, TIFF or WebP to 8-bit colour, chosen by the signature in its first bytes and not by the name's
 * extension. The pixels are as stored: {@link upright} turns them as the file's EXIF data want it. Pictures of more than
 * `maxMegapixels` millions of pixels, 110 unless given, are refused before anything is decoded. Left with kind `format` for
 * any other bytes, and as the decoder of the format.
 * @category Files
 */
export const decodeImage = (
  name: string,
  bytes: Uint8Array,
  maxMegapixels: number = usualMegapixels,
): TaskEither<Failure, RgbImage> => {
  switch (formatOf(pictureFormats, bytes)) {
    case "PNG":
      return TE.fromEither(decodeRgbPng(name, bytes, maxMegapixels));
    case "JPEG":
      return decodeJpeg(name, bytes, maxMegapixels);
    case "TIFF":
      return async () => (await import("./tiff.ts")).decodeRgbTiff(name, bytes, maxMegapixels);
    case "WebP":
      return async () => await (await import("./webp.ts")).decodeWebp(name, bytes, maxMegapixels)();
    default:
      return TE.left(otherKind(name, bytes, formatNames(pictureFormats), "Convert the picture to one of these."));
  }
};

/**
 * Decodes a picture as viewers show it: {@link decodeImage}, turned and mirrored as the EXIF data of the file want it. For
 * pictures on their own; where a depth map lies beside one, it lies on the pixels as they are stored.
 * @category Files
 */
export const decodeUpright = (
  name: string,
  bytes: Uint8Array,
  maxMegapixels: number = usualMegapixels,
): TaskEither<Failure, RgbImage> =>
  pipe(decodeImage(name, bytes, maxMegapixels), TE.map(upright(orientationOf(bytes))));
