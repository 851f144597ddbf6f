// The package types this half of it in a global namespace that nothing of it loads.

/** An instance of the JPEG decoder, with a memory of its own. */
export interface JpegDecoder {
  /** R, G, B and alpha, as they lie in the file or `turned` as it says; null if it does not decode. */
  readonly decode: (bytes: Uint8Array, turned: boolean) => ImageData | null;
}

/** Makes a decoder, which complains to `printErr`. */
declare const makeDecoder: (
  options: { readonly noInitialRun: true; readonly printErr: (line: string) => void },
) => Promise<JpegDecoder>;
export default makeDecoder;
