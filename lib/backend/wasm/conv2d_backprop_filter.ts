/**
 * Adds Conv2DBackpropFilter, which the wasm backend does not have, so that no convolution could be trained on it.
 *
 * The gradient of one tap of the filter is a product over all output pixels: a row for each channel of the pixels that the
 * tap reads there, a column for each channel of dy. Both lie in memory pixel by pixel, channels side by side.
 */
import type { tf } from "../../dependencies/tensorflow.ts";
import { filterGradientGeometry, floatInputs, type Geometry } from "../kernel_arguments.ts";
import { frameOf, rightFactor } from "./convolution.ts";
import { addressOf, allocate, framed, type ImagesInMemory, releaseCopies, view, wasmBackend } from "./frames.ts";
import { panelColumns, tileRows } from "./parts.ts";
import { multiplyInto, type Segment } from "./product.ts";

/** Whether all pixels that a tap reads, of all images, lie side by side, as with 1×1 filters. */
const isOneRun = (
  { outHeight, outWidth, strideHeight, strideWidth }: Geometry,
  { rows, columns }: ImagesInMemory,
): boolean => strideHeight === 1 && strideWidth === 1 && rows === outHeight && columns === outWidth;

/** Each row of output pixels is a run along k. */
const segmentsOf = (geometry: Geometry, images: ImagesInMemory, dy: number): Segment[] => {
  const { batchSize, outHeight, outWidth, inChannels, outChannels, strideHeight } = geometry;
  if (isOneRun(geometry, images)) return [{ left: 0, right: dy, length: batchSize * outHeight * outWidth }];
  return Array.from({ length: batchSize * outHeight }, (_, row) => {
    const [n, i] = [Math.floor(row / outHeight), row % outHeight];
    return {
      left: 4 * (n * images.rows + i * strideHeight) * images.columns * inChannels,
      right: dy + 4 * row * outWidth * outChannels,
      length: outWidth,
    };
  });
};

/** The tiles: 4 channels each of every tap, the last ones of a tap being fewer. */
const tilesOf = (
  { filterHeight, filterWidth, dilationHeight, dilationWidth, inChannels, outChannels }: Geometry,
  images: ImagesInMemory,
  gradient: number,
): { readonly addresses: Int32Array; readonly outputs: Int32Array } => {
  const tilesOfTap = Math.ceil(inChannels / tileRows);
  const tiles = filterHeight * filterWidth * tilesOfTap;
  const addresses = Int32Array.from({ length: tiles }, (_, tile) => {
    const tap = Math.floor(tile / tilesOfTap);
    const [r, s] = [Math.floor(tap / filterWidth), tap % filterWidth];
    const pixel = r * dilationHeight * images.columns + s * dilationWidth;
    return images.address + 4 * (pixel * inChannels + tile % tilesOfTap * tileRows);
  });
  const outputs = Int32Array.from({ length: tiles * tileRows }, (_, row) => {
    const [tap, channel] = [Math.floor(row / (tilesOfTap * tileRows)), row % (tilesOfTap * tileRows)];
    return channel < inChannels ? gradient + 4 * (tap * inChannels + channel) * outChannels : -1;
  });
  return { addresses, outputs };
};

const kernelFunc: tf.KernelFunc = ({ inputs, backend, attrs = {} }) => {
  const wasm = wasmBackend(backend);
  const { x, dy } = floatInputs(inputs, "x", "dy");
  const geometry = filterGradientGeometry(inputs, attrs);
  const { batchSize, outHeight, outWidth, inChannels, outChannels, strideWidth } = geometry;
  const gradient = allocate(wasm, geometry.filterShape);
  if (batchSize * outHeight * outWidth * inChannels * outChannels === 0) {
    view(wasm, gradient).fill(0);
    return gradient;
  }
  const images = framed(wasm, x, geometry.inShape, frameOf(geometry), inChannels % tileRows > 0);
  const right = rightFactor(wasm, dy, outChannels, panelColumns);
  const { addresses, outputs } = tilesOf(geometry, images, addressOf(wasm, gradient));
  multiplyInto(wasm, {
    segments: segmentsOf(geometry, images, right.address),
    left: { layout: "side by side", addresses, stride: 4 * strideWidth * inChannels },
    right: { layout: "side by side", stride: 4 * outChannels },
    outputs,
    columns: outChannels,
  });
  releaseCopies(wasm, [images, right]);
  return gradient;
};

/** Conv2DBackpropFilter on wasm: {x [N, H, W, C], dy [N, outH, outW, K]} to the filter's gradient [R, S, C, K]. */
export const wasmConv2DBackpropFilter: tf.KernelConfig = {
  kernelName: "Conv2DBackpropFilter",
  backendName: "wasm",
  kernelFunc,
};
