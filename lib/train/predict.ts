import { readValues } from "../backend/device.ts";
import { onDevice } from "../backend/on_device.ts";
import type { TaskEither } from "../dependencies/fp.ts";
import type { Failure } from "../errors.ts";
import { resizeImage } from "../data/resize.ts";
import { imagesTensor } from "../data/tensors.ts";
import type { DepthImage, RgbImage } from "../formats/raster.ts";
import type { Layer, Variables } from "../nn/layer.ts";
import { resizeBilinear } from "../nn/resize.ts";
import type { DepthMaps, Images } from "../tensor/features.ts";
import { scope } from "../tensor/scope.ts";
import type { Branch } from "../tensor/tree.ts";

/** From a picture of any size to its depth map at the same size, in metres, not clipped. */
export type Predictor = (image: RgbImage) => TaskEither<Failure, DepthImage>;

/**
 * Depth prediction with fixed variables: the picture is resized to the network's input size, and the depth map bilinearly
 * back to the picture's own.
 *
 * Errors: "device" if the backend fails, such as for want of memory.
 */
export const predictor = <P extends Branch, S extends Branch>(
  network: Layer<Images, DepthMaps, P, S>,
  variables: Variables<P, S>,
  height: number,
  width: number,
): Predictor =>
(image) =>
  onDevice("the prediction", async () => {
    const depth = scope(() => {
      const images = imagesTensor([resizeImage(image, height, width)]);
      const [prediction] = network.apply(variables, images, "inference");
      const fits = image.height === height && image.width === width;
      return fits ? prediction : resizeBilinear(prediction, [image.height, image.width]);
    });
    const metres = await readValues(depth).finally(() => depth.dispose());
    return { height: image.height, width: image.width, metres };
  });
