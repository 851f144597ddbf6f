// The perceptually uniform maps of Matplotlib, each of which gives one of 256 colours as "#rrggbb", and ColorBrewer's
// diverging RdBu, which gives "rgb(r, g, b)". 3.1.0, because 3.1.1 also
// depends on d3-scale, which nothing here uses.
// @ts-types="npm:@types/d3-scale-chromatic@3.1.0"
export {
  interpolateInferno,
  interpolateMagma,
  interpolateRdBu,
  interpolateViridis,
} from "npm:d3-scale-chromatic@3.1.0";

// The package has no types; `lib/pictures/text.ts` declares them.
export { default as oledFont } from "npm:oled-font-5x7@1.0.3";
