import type { CliffNet } from "../cliffnet/network.ts";
import { tf } from "../dependencies/tensorflow.ts";
import type { Variables } from "../nn/layer.ts";
import { type Branch, disposeTree, mapTree } from "../tensor/tree.ts";

const copyOf = (tree: Branch): Branch => mapTree(tree, (tensor) => tf.clone(tensor));

/** The network whose first variables are drawn, but for those of its backbone, which are given and stay their owner's. */
export const withBackbone = <P extends Branch, S extends Branch>(
  network: CliffNet<P, S>,
  { params, statistics }: Variables<Branch, Branch>,
): CliffNet<P, S> => ({
  ...network,
  init: (key) => {
    const drawn = network.init(key);
    [drawn.params.backbone, drawn.statistics.backbone].forEach(disposeTree);
    return {
      params: { ...drawn.params, backbone: copyOf(params) },
      statistics: { ...drawn.statistics, backbone: copyOf(statistics) },
    };
  },
});
