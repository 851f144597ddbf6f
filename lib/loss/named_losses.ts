import { berHu } from "./berhu.ts";
import { depthAware } from "./depth_aware.ts";
import { gradientLoss, multiScaleGradientLoss } from "./gradient.ts";
import { huber } from "./huber.ts";
import { logL1 } from "./log.ts";
import type { Loss } from "./loss.ts";
import { l1, l2 } from "./pixel.ts";
import { eigen, siLog } from "./scale_invariant.ts";
import { scaleAndShiftInvariant } from "./scale_shift_invariant.ts";
import { ssim } from "./ssim.ts";
import { virtualNormal } from "./virtual_normal.ts";

/** The names of the losses on pixels in configurations. */
export type PixelLossName =
  | "l1"
  | "l2"
  | "huber"
  | "berhu"
  | "log"
  | "eigen"
  | "silog"
  | "depth-aware"
  | "gradient"
  | "multi-scale-gradient"
  | "ssim"
  | "virtual-normal"
  | "scale-shift-invariant";

/** A loss with what tables and legends say of it. */
export interface NamedLoss {
  /** The loss, with its published parameters. */
  readonly loss: Loss;
  /** Its name in tables. */
  readonly title: string;
  /** The unit of its value: "m", "m²" or, without a unit, "1". */
  readonly unit: "m" | "m²" | "1";
  /** Where it was published. */
  readonly source: string;
}

/** Every loss that needs no generator, by its name in configurations, each with its published parameters. */
export const pixelLosses: Readonly<Record<PixelLossName, NamedLoss>> = {
  "l1": { loss: l1, title: "L1", unit: "m", source: "Wang et al., ECCV 2020" },
  "l2": { loss: l2, title: "L2", unit: "m²", source: "least squares" },
  "huber": { loss: huber(), title: "Huber", unit: "m²", source: "Huber, 1964" },
  "berhu": { loss: berHu(), title: "BerHu", unit: "m", source: "Laina et al., 3DV 2016" },
  "log": { loss: logL1, title: "Log", unit: "1", source: "Saxena et al., TPAMI 2009" },
  "eigen": { loss: eigen(), title: "Scale-invariant", unit: "1", source: "Eigen et al., NeurIPS 2014" },
  "silog": { loss: siLog(), title: "SILog", unit: "1", source: "Lee et al., arXiv 2019" },
  "depth-aware": { loss: depthAware, title: "Depth-aware", unit: "m", source: "Jiao et al., ECCV 2018" },
  "gradient": { loss: gradientLoss, title: "Gradient", unit: "m", source: "Wang et al., ECCV 2020" },
  "multi-scale-gradient": {
    loss: multiScaleGradientLoss(),
    title: "Multi-scale gradient",
    unit: "m",
    source: "Li and Snavely, CVPR 2018",
  },
  "ssim": { loss: ssim(), title: "SSIM", unit: "1", source: "Wang et al., TIP 2004" },
  "virtual-normal": { loss: virtualNormal(), title: "Virtual normal", unit: "1", source: "Yin et al., ICCV 2019" },
  "scale-shift-invariant": {
    loss: scaleAndShiftInvariant(),
    title: "Scale and shift invariant",
    unit: "m",
    source: "Ranftl et al., TPAMI 2020",
  },
};
