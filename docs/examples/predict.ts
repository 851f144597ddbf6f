// Depth of a picture by a trained network, as a 16-bit PNG in millimetres and as a picture:
// deno run --allow-read --allow-write docs/examples/predict.ts CHECKPOINT IMAGE OUT
import {
  decodeImage,
  depthPicture,
  encodeGrey16Png,
  encodeRgbPng,
  loadDepthNetwork,
  orThrow,
} from "@cliffnet/cliffnet";

const [checkpoint = "runs/quickstart/checkpoint.safetensors", file = "photo.jpg", out = "photo"] = Deno.args;

const { predict } = orThrow(await loadDepthNetwork(checkpoint)());
const image = orThrow(await decodeImage(file, await Deno.readFile(file))());
const depth = orThrow(await predict(image)()); // metres, at the picture's own size

const { height, width, metres } = depth;
const millimetres = Uint16Array.from(metres, (metre) => Math.min(Math.max(Math.round(metre * 1000), 0), 65535));
await Deno.writeFile(`${out}_depth16.png`, encodeGrey16Png(height, width, millimetres));
await Deno.writeFile(`${out}_depth.png`, encodeRgbPng(depthPicture(depth)));
console.log(`nearest ${Math.min(...metres).toFixed(2)} m, farthest ${Math.max(...metres).toFixed(2)} m`);
