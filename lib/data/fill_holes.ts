import type { DepthImage } from "../formats/raster.ts";

/**
 * A depth map without holes: each hole takes the measurement that is nearest in steps along rows and columns. A map without
 * any measurement stays as it is.
 */
export const fillHoles = (depth: DepthImage): DepthImage => {
  const { height, width } = depth;
  if (depth.metres.every((metres) => metres > 0)) return depth;
  const metres = new Float32Array(depth.metres);
  let front = Array.from(metres.keys()).filter((at) => metres[at]! > 0);
  while (front.length > 0) {
    const reached: number[] = [];
    for (const at of front) {
      for (const next of neighbours(at, height, width)) {
        if (metres[next] === 0) {
          metres[next] = metres[at]!;
          reached.push(next);
        }
      }
    }
    front = reached;
  }
  return { height, width, metres };
};

const neighbours = (at: number, height: number, width: number): readonly number[] => {
  const [row, column] = [Math.floor(at / width), at % width];
  return [
    ...(row > 0 ? [at - width] : []),
    ...(row < height - 1 ? [at + width] : []),
    ...(column > 0 ? [at - 1] : []),
    ...(column < width - 1 ? [at + 1] : []),
  ];
};
