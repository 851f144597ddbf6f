/** An 8-bit colour picture: row-major, `pixels` holds height × width × 3 values in the order R, G, B, 0…255. */
export interface RgbImage {
  readonly height: number;
  readonly width: number;
  readonly pixels: Uint8Array;
}

/** Depth in metres at pixel centres: row-major, `metres` holds height × width values; 0 means no measurement. */
export interface DepthImage {
  readonly height: number;
  readonly width: number;
  readonly metres: Float32Array;
}
