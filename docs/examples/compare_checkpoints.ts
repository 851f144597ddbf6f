// Two checkpoints on the same held-out scenes, image by image, with a paired interval:
// deno run --allow-read docs/examples/compare_checkpoints.ts CHECKPOINT OTHER
import * as cn from "@cliffnet/cliffnet";
const { orThrow, protocols } = cn;

const [first, second] = Deno.args;
if (first === undefined || second === undefined) throw new Error("name two checkpoints");

const device = orThrow(await cn.openDevice("auto")());
const scenes = cn.scenesDataset({ seed: 7, height: 96, width: 128, train: 0, test: 8 });

/** The mean relative error of each image, by its place in the split. */
const errorsOf = async (checkpoint: string): Promise<ReadonlyMap<number, number>> => {
  const { predict, dispose } = orThrow(await cn.loadDepthNetwork(checkpoint, { device })());
  const { images } = orThrow(await cn.evaluateSplit(scenes.test, predict, protocols["own-size"], () => {})());
  dispose();
  return new Map(images.map(({ metrics }, index) => [index, metrics?.rel ?? NaN]));
};

const [own, other] = [await errorsOf(first), await errorsOf(second)];
own.forEach((rel, index) => console.log(index, rel.toFixed(4), other.get(index)?.toFixed(4)));
const difference = cn.pairedDifference(own, other);
console.log(`rel of the first less that of the second: ${difference?.mean.toFixed(4)}, 95 %: ${difference?.interval}`);
