import { markdownTable } from "../formats/markdown_table.ts";
import { describeResizing } from "./comparison_size.ts";
import { describeCrop } from "./crop.ts";
import type { Protocol } from "./protocol.ts";
import { protocols } from "./protocols.ts";

const truthText = ({ min, max }: Protocol["truth"]): string =>
  [
    `counts above ${Math.max(min, 0)} m`,
    ...(max === Infinity ? [] : [`and below ${max} m`]),
    ...(min > 0 ? [] : ["(0 is no measurement)"]),
  ].join(" ");

const boundariesText = ({ slope, reach }: Protocol["boundaries"]): string => {
  const step = (100 * (Math.exp(2 * slope) - 1)).toFixed(1);
  return `where ln depth has a slope of ${slope} a pixel (a step of ${step} %); distances up to ${reach} pixels`;
};

/** A protocol in full, in words and numbers: its name, and a line for each field. */
export const describeProtocol = (protocol: Protocol): string => {
  const rows: readonly (readonly [string, string])[] = [
    ["size", describeResizing(protocol.resizing)],
    ["crop", describeCrop(protocol.crop)],
    ["ground truth", truthText(protocol.truth)],
    ["flip test", protocol.flipTest ? "averaged with the mirrored prediction for the mirrored picture" : "no"],
    ["median scaling", protocol.medianScaling ? "by median ground truth / median prediction of each image" : "no"],
    ["clipping", `predictions to ${protocol.clip.near}…${protocol.clip.far} m`],
    [
      "average",
      protocol.average === "images"
        ? "over the valid pixels of each image, then over images"
        : "over the valid pixels of all images together",
    ],
    ["boundaries", boundariesText(protocol.boundaries)],
  ];
  return [`protocol ${protocol.name}`, ...rows.map(([field, text]) => `  ${field.padEnd(16)}${text}`)].join("\n");
};

const sizeInBrief = ({ resizing, crop }: Protocol): string => {
  if (resizing.kind === "short-side") return `short side ${resizing.pixels}`;
  return crop.kind === "pixels" ? `${crop.height}×${crop.width}` : "the image's own size";
};

const truthInBrief = ({ min, max }: Protocol["truth"]): string =>
  min <= 0 && max === Infinity ? "all" : `${Math.max(min, 0)}…${max} m`;

/** A table of protocols in Markdown, a row for each: by default of all that have a name, in their order. */
export const protocolTable = (listed: readonly Protocol[] = Object.values(protocols)): string =>
  markdownTable([
    ["protocol", "compared at", "crop", "ground truth", "clipped to", "averaged over"],
    ...listed.map((protocol) => [
      `\`${protocol.name}\``,
      sizeInBrief(protocol),
      describeCrop(protocol.crop),
      truthInBrief(protocol.truth),
      `${protocol.clip.near}…${protocol.clip.far} m`,
      protocol.average,
    ]),
  ]);
