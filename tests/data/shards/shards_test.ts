import type { Split } from "../../../lib/data/dataset.ts";
import { indexShards, manifestFile } from "../../../lib/data/shards/manifest.ts";
import { streamShard } from "../../../lib/data/shards/shard_sample.ts";
import { shardsDataset } from "../../../lib/data/shards/shards_dataset.ts";
import { E } from "../../../lib/dependencies/fp.ts";
import { orThrow } from "../../../lib/errors.ts";
import { keyOf } from "../../../lib/tensor/key.ts";
import { assert, assertEquals, assertStringIncludes } from "../../std.ts";
import { withFolder } from "../../tasks/support.ts";
import { numbered, ranged, serving, writeNumbered } from "./support.ts";

const open = async (folder: string) => orThrow(await shardsDataset({ folder, shuffleBuffer: 3 })());

const readEach = async (split: Split) => {
  const samples = [];
  for (let index = 0; index < split.size; index++) samples.push(orThrow(await split.read(index)()));
  return samples;
};

const expected = Array.from({ length: 7 }, (_, number) => numbered(number));

/** For servers that are not to be waited for. */
const http = { timeout: 5000, retries: 1, pause: 1 };

const problemOf = async (folder: string, index = 0): Promise<string> => {
  const opened = await shardsDataset({ folder, shuffleBuffer: 1, http })();
  const result = E.isLeft(opened) ? opened : await opened.right.train.read(index)();
  assert(E.isLeft(result));
  return `${result.left.where}: ${result.left.found}`;
};

Deno.test("samples come back from shards bit by bit, millimetres or not, in folders and over http", async () => {
  await withFolder(async (folder) => {
    await writeNumbered(folder, [3, 4]);
    const dataset = await open(folder);
    assertEquals([dataset.train.size, dataset.test.size, dataset.scenes], [7, 2, ["kitchen"]]);
    assertEquals(dataset.train.entry(2).name, "folder/frame 2.jpg");
    assertEquals(await readEach(dataset.train), expected);
    assertEquals(await readEach(dataset.test), [numbered(1000), numbered(1001)]);
    await serving(folder, async (url, requests) => {
      const remote = await open(`${url}/`);
      const opening = requests.length;
      assertEquals(await readEach(remote.train), expected);
      // One for each of the two shards, and one for each sample.
      assertEquals(requests.length - opening, 2 + 7);
    });
  });
});

Deno.test("an epoch takes every sample once, shard by shard but for what the buffer mixes", async () => {
  await withFolder(async (folder) => {
    await writeNumbered(folder, [20, 20, 20]);
    const { train } = orThrow(await shardsDataset({ folder, shuffleBuffer: 5 })());
    assert(train.order !== undefined);
    const order = [...train.order(keyOf(1))];
    assertEquals([...order].sort((a, b) => a - b), Array.from({ length: 60 }, (_, index) => index));
    const shardsSeen = order.map((index) => Math.floor(index / 20));
    assertEquals(new Set(shardsSeen.slice(0, 15)).size, 1, "the first shard is read first");
    assert(order.slice(0, 15).some((index, at) => at > 0 && index < (order[at - 1] ?? 0)), "and is mixed");
    assert(String([...train.order(keyOf(2))]) !== String(order));
  });
});

Deno.test("a shard can be read as a stream, without its manifest", async () => {
  await withFolder(async (folder) => {
    await writeNumbered(folder, [3]);
    const read = [];
    const file = await Deno.open(`${folder}/train-0.tar`);
    for await (const sample of streamShard("train-0.tar", file.readable)) read.push(orThrow(sample));
    assertEquals(read, expected.slice(0, 3));
  });
});

Deno.test("a folder of shards without a manifest is looked through", async () => {
  await withFolder(async (folder) => {
    const { shards: [, shard] } = await writeNumbered(folder, [3, 4]);
    await Deno.remove(`${folder}/${manifestFile}`);
    const dataset = await open(folder);
    assertEquals(await readEach(dataset.train), expected);
    assertEquals([dataset.test.size, dataset.scenes, dataset.train.entry(4).scene], [2, ["kitchen"], "kitchen"]);
    assertEquals(orThrow(await indexShards(folder)()).shards.find(({ file }) => file === shard?.file), shard);
  });
});

Deno.test("a stream that breaks off gives the samples before and then says so", async () => {
  await withFolder(async (folder) => {
    await writeNumbered(folder, [3]);
    const bytes = (await Deno.readFile(`${folder}/train-0.tar`)).slice(0, 6000);
    const results = await Array.fromAsync(streamShard("a.tar", new Blob([bytes]).stream()));
    assert(results.length > 0 && results.slice(0, -1).every(E.isRight));
    const last = results.at(-1);
    assert(last !== undefined && E.isLeft(last));
    assertStringIncludes(last.left.where, "a.tar");
  });
});

Deno.test("shards that do not fit their manifest, or lost bytes, are refused in their own name", async () => {
  await withFolder(async (folder) => {
    const manifest = await writeNumbered(folder, [2]);
    const list = `${folder}/${manifestFile}`;
    const withManifest = async (value: unknown): Promise<string> => {
      await Deno.writeTextFile(list, typeof value === "string" ? value : JSON.stringify(value));
      return await problemOf(folder);
    };
    assertStringIncludes(await withManifest("{"), "no JSON");
    assertStringIncludes(await withManifest({ ...manifest, version: 2 }), "field version");
    const [shard] = manifest.shards;
    const escaping = { ...manifest, shards: [{ ...shard, file: "../train-0.tar" }] };
    assertStringIncludes(await withManifest(escaping), "file");
    const beyond = { ...manifest, shards: [{ ...shard, bytes: 100 }] };
    assertStringIncludes(await withManifest(beyond), "beyond the shard's end");
    await Deno.writeTextFile(list, JSON.stringify(manifest));
    await Deno.truncate(`${folder}/train-0.tar`, 3000);
    assertStringIncludes(await problemOf(folder), "train-0.tar: 3000 bytes");
    await Deno.remove(list);
    assertStringIncludes(await problemOf(folder), "no end of the archive");
  });
});

Deno.test("servers that give no ranges, change a file or fail are named with their address", async () => {
  await withFolder(async (folder) => {
    await writeNumbered(folder, [2]);
    const whole = (_: Request, bytes: Uint8Array) => new Response(bytes.slice());
    await serving(folder, async (url) => {
      assertStringIncludes(await problemOf(url), `${url}/${manifestFile}: a server that only gives whole files`);
    }, whole);
    await serving(folder, async (url) => {
      assertStringIncludes(await problemOf(`${url}/nothing`), "404");
    });
    const short = (request: Request, bytes: Uint8Array): Response => {
      const full = ranged(request, bytes);
      return new Response(new Uint8Array(1), { status: 206, headers: full.headers });
    };
    await serving(folder, async (url) => {
      assertStringIncludes(await problemOf(url), "1 of");
    }, short);
    assertStringIncludes(await problemOf("http://127.0.0.1:1"), "http://127.0.0.1:1");
  });
});

Deno.test("a manifest or a shard that a server fails to give for a while is asked for again", async () => {
  await withFolder(async (folder) => {
    await writeNumbered(folder, [3]);
    const failures = new Map<string, number>();
    const busy = (request: Request, bytes: Uint8Array): Response => {
      const asked = `${new URL(request.url).pathname} ${request.headers.get("range")}`;
      const before = failures.get(asked) ?? 0;
      failures.set(asked, before + 1);
      return before < 2 ? new Response("later", { status: 503 }) : ranged(request, bytes);
    };
    await serving(folder, async (url) => {
      const remote = orThrow(await shardsDataset({ folder: url, shuffleBuffer: 1, http: { retries: 2, pause: 1 } })());
      assertEquals(await readEach(remote.train), expected.slice(0, 3));
      assertEquals(new Set(failures.values()), new Set([3]));
    }, busy);
  });
});

Deno.test("a shard that could not be opened once is not lost for those that ask for it later", async () => {
  await withFolder(async (folder) => {
    await writeNumbered(folder, [3]);
    let isDown = false;
    const answer = (request: Request, bytes: Uint8Array): Response =>
      isDown ? new Response("down", { status: 500 }) : ranged(request, bytes);
    await serving(folder, async (url) => {
      const { train } = orThrow(await shardsDataset({ folder: url, shuffleBuffer: 1, http: { retries: 0 } })());
      isDown = true;
      const results = await Promise.all([0, 1].map((index) => train.read(index)()));
      for (const result of results) {
        assert(E.isLeft(result));
        assertStringIncludes(result.left.found, "500");
      }
      isDown = false;
      assertEquals(await readEach(train), expected.slice(0, 3));
    }, answer);
    const shard = `${folder}/train-0.tar`;
    const { train } = orThrow(await shardsDataset({ folder, shuffleBuffer: 1 })());
    await Deno.rename(shard, `${shard}.away`);
    assert(E.isLeft(await train.read(0)()));
    await Deno.rename(`${shard}.away`, shard);
    assertEquals(await readEach(train), expected.slice(0, 3));
  });
});

Deno.test("shards without any sample are an error, as every data set without one", async () => {
  const folder = await Deno.makeTempDir();
  try {
    await Deno.writeFile(`${folder}/train-0.tar`, new Uint8Array(10_240));
    const opened = await shardsDataset({ folder, shuffleBuffer: 10 })();
    assert(opened._tag === "Left" && opened.left.found === "no sample" && opened.left.where === folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
