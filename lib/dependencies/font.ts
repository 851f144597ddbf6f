// The package has no types; `lib/pictures/font.ts` declares them.
export { default as oledFont } from "npm:oled-font-5x7@1.0.3";
