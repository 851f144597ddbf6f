import { assertEquals, fromFileUrl, join } from "../../tasks/std.ts";

const root = fromFileUrl(new URL("../../", import.meta.url));

const script = (origin: string): string => `
import { asFeatures, cliffBlock, keyOf, openDevice, orThrow, tf } from "${origin}/mod.ts";
orThrow(await openDevice("wasm")());
const block = cliffBlock(4);
const low = asFeatures(4, tf.ones([1, 6, 8, 4]));
const high = asFeatures(4, tf.ones([1, 3, 4, 4]));
const [fused] = block.apply(block.init(keyOf(0)), [low, high], "inference");
console.log(fused.shape.join("x"));
`;

const serveFile = async (request: Request): Promise<Response> => {
  const path = join(root, decodeURIComponent(new URL(request.url).pathname));
  return await Deno.readFile(path).then(
    (bytes) => new Response(bytes, { headers: { "content-type": "application/typescript" } }),
    () => new Response(null, { status: 404 }),
  );
};

Deno.test("mod.ts runs when it is imported by URL from an empty folder", async () => {
  const folder = await Deno.makeTempDir();
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, serveFile);
  const host = `127.0.0.1:${server.addr.port}`;
  await Deno.writeTextFile(join(folder, "script.ts"), script(`http://${host}`));
  const { stdout, stderr } = await new Deno.Command("deno", {
    args: ["run", "--no-lock", `--reload=http://${host}`, `--allow-import=${host}`, "--allow-read", "script.ts"],
    cwd: folder,
  }).output();
  await server.shutdown();
  await Deno.remove(folder, { recursive: true });
  const text = new TextDecoder();
  assertEquals(text.decode(stdout).trim(), "1x6x8x4", text.decode(stderr));
});
