/**
 * The kind of scene that the folder of a recording of NYU Depth V2 tells: `kitchen` for `kitchen_0028a`, and for
 * `kitchen_0028a_out` as DenseDepth calls it; null for any other name, such as KITTI's `2011_09_26`.
 */
export const nyuSceneOf = (folder: string): string | null =>
  /^([a-z]+(?:_[a-z]+)*?)(?:_\d+[a-z]?)?(?:_out)?$/.exec(folder)?.[1] ?? null;
