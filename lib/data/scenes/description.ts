import type { Rotation, Vector } from "./vector.ts";

/** Linear red, green and blue reflectance, each 0…1. */
export type Colour = readonly [number, number, number];

/** The texture that a {@link Material} lays over a surface. */
export type Pattern =
  | "plain"
  | "fabric"
  | "carpet"
  | "wood"
  | "planks"
  | "checker"
  | "tiles"
  | "bricks"
  | "stripes"
  | "marble"
  | "rug"
  | "books"
  | "landscape"
  | "abstract"
  | "window"
  | "screen"
  | "board"
  | "clock"
  | "keys"
  | "leaves";

/** What a surface looks like. */
export interface Material {
  readonly pattern: Pattern;
  readonly colour: Colour;
  /** The other colour of the pattern: grout, gap, stripe, … */
  readonly second: Colour;
  /** The period of the pattern in metres. */
  readonly period: number;
  /** Strength of the highlight, 0…1. */
  readonly gloss: number;
  /** Light that the surface gives off by itself, relative to its colour; what glows casts no shadow. */
  readonly glow: number;
  /** Share of the light that is reflected as by a mirror, 0…1. */
  readonly mirror: number;
  /** Tells surfaces of the same material apart; an unsigned 32-bit integer. */
  readonly grain: number;
}

/** A solid: the unit cube, ball or upright cylinder, stretched by `half`, rotated and moved to `centre`. */
export interface Solid {
  readonly shape: "box" | "cylinder" | "ellipsoid";
  readonly centre: Vector;
  /** Half the size along the solid's own axes, metres. */
  readonly half: Vector;
  readonly rotation: Rotation;
  /** Radius at the top over radius at the bottom; only a cylinder heeds it. */
  readonly taper: number;
  readonly material: Material;
}

/** The empty room, from (0, 0, 0) to `size`, seen from inside. */
export interface Room {
  readonly size: Vector;
  readonly floor: Material;
  readonly ceiling: Material;
  /** At x = 0, x = size x, z = 0 and z = size z. */
  readonly walls: readonly [Material, Material, Material, Material];
}

/** A lamp or window that lights the room: a rectangle with half sides `spread` around `centre`. */
export interface Light {
  readonly centre: Vector;
  readonly spread: Vector;
  readonly colour: Colour;
  /** Without shadows it stands for light that bounces about the room. */
  readonly shadows: boolean;
}

/** A pinhole camera; the three axes are orthonormal. */
export interface Camera {
  readonly position: Vector;
  readonly right: Vector;
  readonly down: Vector;
  readonly forward: Vector;
  /** Tangent of half the angle of view along the longer side of the picture. */
  readonly halfTangent: number;
}

/** Everything that is to be rendered. */
export interface SceneDescription {
  readonly room: Room;
  readonly solids: readonly Solid[];
  readonly lights: readonly Light[];
  /** Light that comes from everywhere. */
  readonly ambient: Colour;
  /** The mean brightness that the picture is exposed for, 0…1. */
  readonly exposure: number;
  readonly camera: Camera;
}

/** Where a camera may stand (a box in the room) and what it looks at. */
export interface View {
  readonly from: readonly [Vector, Vector];
  readonly target: Vector;
}

/** What a kind of scene draws; the camera is chosen afterwards among the views. */
export interface Interior {
  readonly room: Room;
  readonly solids: readonly Solid[];
  readonly lights: readonly Light[];
  readonly views: readonly [View, ...View[]];
}
