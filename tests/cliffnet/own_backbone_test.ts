/** A backbone of one's own under the pyramid: what fits compiles without a cast, and what does not is told by its numbers. */
import { assert, assertEquals, fromFileUrl } from "../std.ts";

const root = new URL("../../", import.meta.url);

const from = (path: string): string => JSON.stringify(new URL(`lib/${path}`, root).href);

/** Stages of 16, 32 and 64 channels, and a last one. */
const chain = (last: string, channels: string): string => `
  import { cliffNetOn } from ${from("cliffnet/network.ts")};
  import { pipe } from ${from("dependencies/fp.ts")};
  import { l1 } from ${from("loss/pixel.ts")};
  import { named } from ${from("loss/objective.ts")};
  import { collectLayer, collectOutputs } from ${from("nn/combinators.ts")};
  import { convNormRelu } from ${from("nn/conv_norm.ts")};
  import { inputFeatures, layer } from ${from("nn/layer.ts")};
  import { depthLearner } from ${from("train/depth_network.ts")};
  const stem = pipe(inputFeatures(3), layer("stem", convNormRelu(3, 16, 3, { stride: 4 })));
  const backbone = pipe(
    collectOutputs(stem),
    collectLayer("c3", convNormRelu(16, 32, 3, { stride: 2 })),
    collectLayer("c4", convNormRelu(32, 64, 3, { stride: 2 })),
    ${last}
  );
  export const learner = depthLearner(cliffNetOn(backbone, ${channels}, 8), named("l1", l1));
  `;

const fourth = `collectLayer("c5", convNormRelu(64, 128, 3, { stride: 2 })),`;

const sources = {
  right: chain(fourth, "[16, 32, 64, 128]"),
  channels: chain(fourth, "[16, 32, 64, 256]"),
  level: chain("", "[16, 32, 64, 128]"),
};

/** What the compiler says of an error, from the outermost reason to the innermost; then come the place and what failed. */
interface Explanation {
  readonly lines: readonly string[];
  readonly file: string;
}

const explanationsIn = (text: string): readonly Explanation[] =>
  text.split(/^TS\d+ \[ERROR\]: /m).slice(1).map((error) => {
    const lines = error.split("\n").map((line) => line.trim());
    // The source stands before the mark, and the file after it.
    const mark = lines.findIndex((line) => /^~+$/.test(line));
    return { lines: lines.slice(0, mark - 1), file: /(\w+)\.ts:/.exec(lines[mark + 1] ?? "")?.[1] ?? "" };
  });

const explanations = async (): Promise<readonly Explanation[]> => {
  const folder = await Deno.makeTempDir();
  try {
    const files = Object.entries(sources).map(([name, source]) => [`${folder}/${name}.ts`, source] as const);
    for (const [path, source] of files) await Deno.writeTextFile(path, source);
    const config = fromFileUrl(new URL("deno.json", root));
    const { stderr } = await new Deno.Command("deno", {
      args: ["check", "--quiet", "--config", config, ...files.map(([path]) => path)],
      env: { NO_COLOR: "1" },
    }).output();
    return explanationsIn(new TextDecoder().decode(stderr));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
};

Deno.test("a backbone of typed stages compiles under the pyramid without a cast; other channels and a missing level are told by numbers", async () => {
  const said = await explanations();
  assertEquals(said.map(({ file }) => file).sort(), ["channels", "level"]);
  const lastOf = (wanted: string) => said.find(({ file }) => file === wanted)?.lines.at(-1);
  assertEquals(lastOf("channels"), "Type '128' is not assignable to type '256'.");
  assertEquals(lastOf("level"), "Source has 3 element(s) but target requires 4.");
  assert(said.every(({ lines }) => lines.length > 2));
});
