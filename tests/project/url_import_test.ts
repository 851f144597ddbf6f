import { assert, assertEquals, fromFileUrl, join } from "../std.ts";

const root = fromFileUrl(new URL("../../", import.meta.url));

const block = (origin: string): string => `
import { asFeatures, cliffBlock, keyOf, openDevice, orThrow, tf } from "${origin}/mod.ts";
orThrow(await openDevice("wasm")());
const block = cliffBlock(4);
const low = asFeatures(4, tf.ones([1, 6, 8, 4]));
const high = asFeatures(4, tf.ones([1, 3, 4, 4]));
const [fused] = block.apply(block.init(keyOf(0)), [low, high], "inference");
console.log(fused.shape.join("x"));
`;

/** Draws letters on a page of nothing, so that whatever is drawn is of them. */
const drawing = (origin: string): string => `
import { dejavuSans, dot, DOMParser, initWasm, plot, Resvg, resvgWasm } from "${origin}/lib/dependencies/plots.ts";
await initWasm(await resvgWasm());
const font = { fontBuffers: [await dejavuSans()], defaultFontFamily: "DejaVu Sans" };
const svg = '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20"><text x="2" y="15">plot</text></svg>';
const { pixels } = new Resvg(svg, { font }).render();
const document = new DOMParser().parseFromString("<html><body></body></html>", "text/html");
console.log(pixels.some((level) => level > 128), plot({ document, marks: [dot([[1, 2]])] }).outerHTML.startsWith("<svg"));
`;

const serveFile = async (request: Request): Promise<Response> => {
  const path = join(root, decodeURIComponent(new URL(request.url).pathname));
  return await Deno.readFile(path).then(
    (bytes) => new Response(bytes, { headers: { "content-type": "application/typescript" } }),
    () => new Response(null, { status: 404 }),
  );
};

/** What a script prints in an empty folder, with the library behind an address. */
const printedBy = async (script: (origin: string) => string): Promise<string> => {
  const folder = await Deno.makeTempDir();
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, serveFile);
  const host = `127.0.0.1:${server.addr.port}`;
  await Deno.writeTextFile(join(folder, "script.ts"), script(`http://${host}`));
  const { stdout, stderr, success } = await new Deno.Command("deno", {
    args: ["run", "--no-lock", `--reload=http://${host}`, `--allow-import=${host}`, "--allow-read", "script.ts"],
    cwd: folder,
  }).output();
  await server.shutdown();
  await Deno.remove(folder, { recursive: true });
  const text = new TextDecoder();
  assert(success, text.decode(stderr));
  return text.decode(stdout).trim();
};

Deno.test("mod.ts runs when it is imported by URL from an empty folder", async () => {
  assertEquals(await printedBy(block), "1x6x8x4");
});

Deno.test("plots are drawn with their font by a library that is imported by URL from an empty folder", async () => {
  assertEquals(await printedBy(drawing), "true true");
});
