import { writeSparse } from "../formats/matlab_writer.ts";
import { assert, assertEquals, fromFileUrl } from "../std.ts";
import { nyuPublishedPieces, publishedNumbers } from "./nyu_support.ts";

const indices = [...publishedNumbers.train, ...publishedNumbers.test].map((number) => number - 1);

/** The size of the published file; more than 2³¹ bytes. */
const publishedSize = 2.8e9;

const chunks = 1449 * 5;

/** Reads the samples of {@link publishedNumbers} elsewhere; by how many bytes that process has grown. */
const memoryToRead = async (path: string): Promise<number> => {
  const reader = fromFileUrl(new URL("nyu_large_reader.ts", import.meta.url));
  const { code, stdout, stderr } = await new Deno.Command("deno", {
    args: ["run", "--no-prompt", "--quiet", "--no-check", "--allow-read", reader, path],
    env: { NO_COLOR: "1" },
  }).output();
  const text = new TextDecoder();
  assertEquals([code, text.decode(stderr)], [0, ""]);
  return Number(text.decode(stdout));
};

Deno.test("of a file of the published size only what is asked for is in memory", async () => {
  const path = await Deno.makeTempFile({ suffix: ".mat" });
  try {
    writeSparse(path, nyuPublishedPieces(new Set(indices), Math.floor(publishedSize / chunks)));
    assert((await Deno.stat(path)).size > 2.7e9);
    const added = await memoryToRead(path);
    assert(added > 0 && added < 300e6, `${Math.round(added / 1e6)} MB added`);
  } finally {
    await Deno.remove(path);
  }
});
