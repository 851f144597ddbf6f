/** An 8-bit colour picture: row-major, `pixels` holds height × width × 3 values in the order R, G, B, 0…255. */
export interface RgbImage {
  /** Rows of pixels. */
  readonly height: number;
  /** Pixels in a row. */
  readonly width: number;
  /** Channel c of the pixel at (row, column) is at index (row · width + column) · 3 + c. */
  readonly pixels: Uint8Array;
}

/** Depth in metres at pixel centres: row-major, `metres` holds height × width values; 0 means no measurement. */
export interface DepthImage {
  /** Rows of pixels. */
  readonly height: number;
  /** Pixels in a row. */
  readonly width: number;
  /** The depth of the pixel at (row, column) is at index row · width + column. */
  readonly metres: Float32Array;
}

/** A map of numbers of any unit at pixel centres: row-major, height × width values. */
export interface ValueMap {
  /** Rows of values. */
  readonly height: number;
  /** Values in a row. */
  readonly width: number;
  /** The value at (row, column) is at index row · width + column. */
  readonly values: Float32Array;
}
