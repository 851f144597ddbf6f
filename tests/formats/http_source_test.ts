import { describe, type Failure, orThrow } from "../../lib/errors.ts";
import { type HttpOptions, httpSource } from "../../lib/formats/byte_source.ts";
import { assert, assertEquals, assertStringIncludes } from "../std.ts";

/** A file that is longer than what is asked for at once. */
const file = Uint8Array.from({ length: 2 ** 23 + 5 }, (_, at) => (at * 31 + (at >> 8)) % 251);

const ranged = (request: Request): Response => {
  const [, first = "0", last = "0"] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.get("range") ?? "") ?? [];
  const headers = { "content-range": `bytes ${first}-${last}/${file.length}`, etag: '"one"' };
  return new Response(file.slice(Number(first), Number(last) + 1), { status: 206, headers });
};

/** An answer with the right headers whose body is another. */
const withBody = (request: Request, body: BodyInit): Response =>
  new Response(body, { status: 206, headers: ranged(request).headers });

/** Never ends; what was there to be sent is. */
const endless = (first: Uint8Array<ArrayBuffer>): ReadableStream<Uint8Array> =>
  new ReadableStream({ start: (body) => body.enqueue(first) });

/** A server whose answer depends on how many requests came before; told how many came in all. */
const serving = async (
  answer: (request: Request, before: number) => Response | Promise<Response>,
  use: (url: string, count: () => number) => Promise<void>,
): Promise<void> => {
  let count = 0;
  const stopped = new AbortController();
  const options = { hostname: "127.0.0.1", port: 0, onListen: () => {}, signal: stopped.signal };
  const server = Deno.serve(options, (request) => answer(request, count++));
  try {
    await use(`http://127.0.0.1:${server.addr.port}/file`, () => count);
  } finally {
    stopped.abort();
    await server.finished;
  }
};

const quick: HttpOptions = { timeout: 400, retries: 2, pause: 1 };

/** Long enough for an answer that comes, however busy the machine is. */
const patient: HttpOptions = { ...quick, timeout: 10_000 };

/** For a server of which some answers never come, and the others must be in time. */
const waiting: HttpOptions = { ...quick, timeout: 1500 };

const readAll = async (url: string, options = patient): Promise<Uint8Array> => {
  const source = orThrow(await httpSource(url, options)());
  return orThrow(await source.read(0, source.size)());
};

const failureOf = async (url: string, options = patient): Promise<Failure> => {
  const result = await httpSource(url, options)();
  const read = result._tag === "Left" ? result : await result.right.read(3, 4)();
  assert(read._tag === "Left");
  return read.left;
};

Deno.test("a long range comes by several requests, none for more than 4 MiB", async () => {
  await serving(ranged, async (url, count) => {
    assertEquals(await readAll(url), file);
    assertEquals(count(), 1 + 3);
  });
});

/** What a server may do at first, and do better when it is asked again. */
const passing: Readonly<Record<string, (request: Request) => Response | Promise<Response>>> = {
  "is busy": () => new Response("later", { status: 503 }),
  "has too many to serve": () => new Response("later", { status: 429 }),
  "does not answer": () => new Promise(() => {}),
  "stops in the middle": (request) => withBody(request, endless(Uint8Array.of(1))),
  "breaks off": (request) => withBody(request, Uint8Array.of(1)),
};

const endsInTime = ["is busy", "has too many to serve", "breaks off"];

for (const [what, answer] of Object.entries(passing)) {
  Deno.test(`a server that ${what} is asked again, and what it then gives is the file`, async () => {
    // The first request tells the size; of those after it, which ask for four bytes, two fail.
    const fails = (before: number): boolean => before % 4 === 1 || before % 4 === 2;
    await serving(
      (request, before) => fails(before) ? answer(request) : ranged(request),
      async (url, count) => {
        const source = orThrow(await httpSource(url, endsInTime.includes(what) ? patient : waiting)());
        assertEquals(orThrow(await source.read(3, 4)()), file.slice(3, 7));
        assertEquals(count(), 4);
      },
    );
  });
}

Deno.test("a server that is silent at the very beginning is asked again", async () => {
  await serving((request, before) => before < 2 ? new Promise(() => {}) : ranged(request), async (url) => {
    assertEquals(orThrow(await httpSource(url, waiting)()).size, file.length);
  });
});

Deno.test("a server that stays silent is given up in the end, with the time and the number of tries", async () => {
  await serving(() => new Promise(() => {}), async (url, count) => {
    const found = await failureOf(url, quick);
    assertEquals([found.kind, found.where, count()], ["file", url, 3]);
    assertStringIncludes(describe(found), "no whole answer within 0.4 s, at the last of 3 tries");
    assert(found.cause instanceof DOMException);
  });
});

Deno.test("the pauses between tries grow twofold", async () => {
  const times: number[] = [];
  await serving(() => {
    times.push(performance.now());
    return new Response("later", { status: 500 });
  }, async (url) => {
    await failureOf(url, { timeout: 5000, retries: 3, pause: 60 });
  });
  const pauses = times.slice(1).map((time, at) => time - (times[at] ?? NaN));
  assertEquals(pauses.length, 3);
  pauses.forEach((pause, at) => assert(pause >= 60 * 2 ** at - 2, `${pauses}`));
});

/** What will not be better the next time. */
const lasting: Readonly<Record<string, (request: Request) => Response>> = {
  "the answer 404": () => new Response("nothing", { status: 404 }),
  "the answer 403": () => new Response("forbidden", { status: 403 }),
  "a server that only gives whole files": () => new Response("whole"),
  "an answer that does not tell the size": () => new Response("x", { status: 206 }),
};

for (const [found, answer] of Object.entries(lasting)) {
  Deno.test(`${found} is said at once`, async () => {
    await serving(answer, async (url, count) => {
      const problem = await failureOf(url);
      assertStringIncludes(problem.found, found);
      assert(!problem.found.includes("tries"));
      assertEquals(count(), 1);
    });
  });
}
