/** The API page is grouped: each thing that is exported says in which group it stands. */
import { assertEquals, fromFileUrl } from "../std.ts";

const root = fromFileUrl(new URL("../../", import.meta.url));

const categories = [
  ...["Tensors", "Layers", "Network", "Losses", "Generators", "Optimizers", "Training", "Data", "Scenes", "Metrics"],
  ...["Files", "Pictures", "Weights", "Backends", "Configuration", "Experiments", "Errors"],
];

interface Tag {
  readonly kind: string;
  readonly doc?: string;
}

interface Declaration {
  readonly location: { readonly filename: string };
  readonly jsDoc?: { readonly tags?: readonly Tag[] };
}

interface Page {
  readonly nodes: Readonly<
    Record<
      string,
      { readonly symbols: readonly { readonly name: string; readonly declarations: readonly Declaration[] }[] }
    >
  >;
}

/** Each thing that this library declares and exports, with its group. */
const exported = async (): Promise<readonly (readonly [name: string, category: string])[]> => {
  const rooms = [...Deno.readDirSync(`${root}lib`)].filter(({ isDirectory }) => isDirectory).map(({ name }) => name);
  const entries = rooms.filter((room) =>
    [...Deno.readDirSync(`${root}lib/${room}`)].some(({ name }) => name === "mod.ts")
  );
  const there = ["mod.ts", ...entries.map((room) => `lib/${room}/mod.ts`)];
  const { stdout } = await new Deno.Command("deno", { args: ["doc", "--json", ...there], cwd: root }).output();
  const { nodes }: Page = JSON.parse(new TextDecoder().decode(stdout));
  return Object.values(nodes).flatMap(({ symbols }) =>
    symbols.flatMap(({ name, declarations }) =>
      declarations.filter(({ location: { filename } }) =>
        !/(^|\/)mod\.ts$/.test(filename) && filename.includes("/lib/")
      )
        .map(({ jsDoc }) =>
          [name, jsDoc?.tags?.find(({ kind }) => kind === "category")?.doc?.trim() ?? "none"] as const
        )
    )
  );
};

Deno.test("every export stands in one of the groups of the API page, and every group has some", async () => {
  const found = await exported();
  assertEquals(found.filter(([, category]) => !categories.includes(category)), []);
  assertEquals(categories.filter((category) => !found.some(([, each]) => each === category)), []);
});
