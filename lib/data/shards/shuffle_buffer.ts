import { fold, type Key, permutation, uniforms } from "../../tensor/key.ts";

/** Which of the buffer's places is taken at each step. */
const placesOf = (key: Key, count: number): Float64Array => uniforms(fold(key, "places"), count);

/** All indices of shards of these sizes, the shards in random order, each from its beginning. */
const inShards = (key: Key, sizes: readonly number[]): readonly number[] => {
  const starts = new Float64Array(sizes.length + 1);
  sizes.forEach((size, shard) => starts[shard + 1] = starts[shard]! + size);
  const indices: number[] = [];
  for (const shard of permutation(fold(key, "shards"), sizes.length)) {
    for (let index = starts[shard]!; index < starts[shard + 1]!; index++) indices.push(index);
  }
  return indices;
};

/**
 * The order in which a shuffle buffer gives the samples of shards: the shards in random order, each from its beginning,
 * through a buffer of `buffer` samples, of which a random one goes out whenever one comes in. Every index once. No sample
 * goes out more than `buffer` − 1 places before its turn, so that reading stays near to sequential.
 */
export const bufferedOrder = (key: Key, sizes: readonly number[], buffer: number): Uint32Array => {
  const incoming = inShards(key, sizes);
  const draws = placesOf(key, incoming.length);
  const held = incoming.slice(0, Math.max(buffer, 1));
  return Uint32Array.from(incoming, (_, step) => {
    const place = Math.floor(draws[step]! * held.length);
    const out = held[place];
    if (out === undefined) throw new RangeError(`no place ${place} in a buffer of ${held.length}`);
    const next = incoming[step + Math.max(buffer, 1)];
    if (next !== undefined) held[place] = next;
    else held.splice(place, 1);
    return out;
  });
};

/** A stream through a shuffle buffer: what {@link bufferedOrder} is to shards whose sizes are known. */
export async function* shuffled<A>(key: Key, buffer: number, stream: AsyncIterable<A>): AsyncGenerator<A> {
  const held: A[] = [];
  let step = 0;
  const draw = (): number => Math.floor(uniforms(fold(key, step++), 1)[0]! * held.length);
  for await (const item of stream) {
    held.push(item);
    if (held.length >= Math.max(buffer, 1)) yield* held.splice(draw(), 1);
  }
  while (held.length > 0) yield* held.splice(draw(), 1);
}
