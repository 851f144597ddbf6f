/** Samples of shards, and a server that gives ranges as ordinary servers do. */
import type { Sample } from "../../../lib/data/dataset.ts";
import { type Manifest, manifestFile } from "../../../lib/data/shards/manifest.ts";
import { writeShard } from "../../../lib/data/shards/pack.ts";
import { TE } from "../../../lib/dependencies/fp.ts";
import { orThrow } from "../../../lib/errors.ts";
import { writeText } from "../../../lib/formats/files.ts";
import { sampleOf } from "../support.ts";

/** A sample of its own for each number; every third has depths that are no whole millimetres, and no camera. */
export const numbered = (number: number): Sample => ({
  ...sampleOf(
    5,
    7,
    (row, column, channel) => (31 * number + 7 * row + 3 * column + channel) % 256,
    (row, column) =>
      (row + column) % 4 === 0 ? 0 : number % 3 === 0 ? 1 + Math.sqrt(row + number) : (1000 + row) / 1000,
  ),
  name: `folder/frame ${number}.jpg`,
  scene: number % 2 === 0 ? "kitchen" : null,
  ...(number % 3 === 0 ? { intrinsics: null } : {}),
});

/** Writes shards of `sizes` numbered samples for training and one of two for testing. */
export const writeNumbered = async (folder: string, sizes: readonly number[]): Promise<Manifest> => {
  const starts = sizes.map((_, shard) => sizes.slice(0, shard).reduce((sum, size) => sum + size, 0));
  const write = async (file: string, split: "train" | "test", first: number, count: number) => {
    const samples = Array.from({ length: count }, (_, at) => ({
      key: String(first + at).padStart(6, "0"),
      read: TE.right(numbered(first + at)),
    }));
    return orThrow(await writeShard(folder, file, split, samples)());
  };
  const shards = [];
  for (const [at, size] of sizes.entries()) shards.push(await write(`train-${at}.tar`, "train", starts[at] ?? 0, size));
  shards.push(await write("test-0.tar", "test", 1000, 2));
  const manifest: Manifest = { version: 1, name: "numbers", scenes: ["kitchen"], shards };
  orThrow(await writeText(`${folder}/${manifestFile}`, JSON.stringify(manifest))());
  return manifest;
};

/** Serves a folder while `use` runs; `answer` may change what is sent. */
export const serving = async (
  folder: string,
  use: (url: string, requests: string[]) => Promise<void>,
  answer: (request: Request, bytes: Uint8Array) => Response = ranged,
): Promise<void> => {
  const requests: string[] = [];
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, async (request) => {
    const path = new URL(request.url).pathname;
    requests.push(`${path} ${request.headers.get("range")}`);
    const bytes = await Deno.readFile(folder + path).catch(() => null);
    return bytes === null ? new Response("no such file", { status: 404 }) : answer(request, bytes);
  });
  try {
    await use(`http://127.0.0.1:${server.addr.port}`, requests);
  } finally {
    await server.shutdown();
  }
};

/** The range of bytes that is asked for. */
export const ranged = (request: Request, bytes: Uint8Array): Response => {
  const [, first = "0", last = "0"] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.get("range") ?? "") ?? [];
  const part = bytes.slice(Number(first), Number(last) + 1);
  const headers = { "content-range": `bytes ${first}-${last}/${bytes.length}`, etag: '"one"' };
  return new Response(part, { status: 206, headers });
};
