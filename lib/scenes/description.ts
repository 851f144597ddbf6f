import { foldIn, type Key, uniforms } from "../tensor/key.ts";
import type { Rotation, Vector } from "./vector.ts";

/** A number in [low, high), from a key and the name of what is drawn. */
export const between = (
  key: Key,
  name: string | number,
  low: number,
  high: number,
): number => low + (high - low) * uniforms(foldIn(key, name), 1)[0]!;

/** An integer from low to high, both included. */
export const drawInteger = (
  key: Key,
  name: string | number,
  low: number,
  high: number,
): number => Math.floor(between(key, name, low, high + 1));

/** True with the given probability. */
export const chance = (
  key: Key,
  name: string | number,
  probability: number,
): boolean => between(key, name, 0, 1) < probability;

/** One of the choices, all equally likely; `first` only spares the reader the empty list. */
export const pick = <A>(
  key: Key,
  name: string | number,
  first: A,
  ...others: readonly A[]
): A => {
  const chosen = drawInteger(key, name, 0, others.length);
  return others.reduce((choice, other, at) => at + 1 === chosen ? other : choice, first);
};

/** The numbers 0 … count − 1. */
export const range = (count: number): readonly number[] => Array.from({ length: count }, (_, index) => index);

/** A number in [0, 1) for a point of the integer lattice. */
export const lattice = (x: number, y: number, grain: number): number => {
  let hash = Math.imul(x | 0, 0x27D4EB2D) ^ Math.imul(y | 0, 0x165667B1) ^
    grain;
  hash = Math.imul(hash ^ (hash >>> 15), 0x85EBCA6B);
  hash = Math.imul(hash ^ (hash >>> 13), 0xC2B2AE35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 4294967296;
};

/** Smooth noise in [0, 1) with period about 1: the lattice, interpolated ("value noise"). */
export const smoothNoise = (x: number, y: number, grain: number): number => {
  const column = Math.floor(x);
  const row = Math.floor(y);
  const fx = x - column;
  const fy = y - row;
  const sx = fx * fx * (3 - 2 * fx);
  const sy = fy * fy * (3 - 2 * fy);
  const a = lattice(column, row, grain);
  const b = lattice(column + 1, row, grain);
  const c = lattice(column, row + 1, grain);
  const d = lattice(column + 1, row + 1, grain);
  const low = a + (b - a) * sx;
  return low + (c + (d - c) * sx - low) * sy;
};

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
  /** Which texture. */
  readonly pattern: Pattern;
  /** The colour, or the first one of the pattern. */
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
  /** Which of the unit shapes. */
  readonly shape: "box" | "cylinder" | "ellipsoid";
  /** Its middle in the room, metres. */
  readonly centre: Vector;
  /** Half the size along the solid's own axes, metres. */
  readonly half: Vector;
  /** How the solid is turned about its middle. */
  readonly rotation: Rotation;
  /** Radius at the top over radius at the bottom; only a cylinder heeds it. */
  readonly taper: number;
  /** What its surface looks like. */
  readonly material: Material;
}

/** The empty room, from (0, 0, 0) to `size`, seen from inside. */
export interface Room {
  /** Width, height and length, metres. */
  readonly size: Vector;
  /** What the floor looks like. */
  readonly floor: Material;
  /** What the ceiling looks like. */
  readonly ceiling: Material;
  /** At x = 0, x = size x, z = 0 and z = size z. */
  readonly walls: readonly [Material, Material, Material, Material];
}

/** A lamp or window that lights the room: a rectangle with half sides `spread` around `centre`. */
export interface Light {
  /** The middle of the rectangle in the room, metres. */
  readonly centre: Vector;
  /** Half its extent along x, y and z, metres; all 0 for a point. */
  readonly spread: Vector;
  /** Its strength in linear red, green and blue; 1 is an ordinary lamp. */
  readonly colour: Colour;
  /** Without shadows it stands for light that bounces about the room. */
  readonly shadows: boolean;
}

/** A pinhole camera; the three axes are orthonormal. */
export interface Camera {
  /** Where it stands in the room, metres. */
  readonly position: Vector;
  /** The direction of the rows of its picture. */
  readonly right: Vector;
  /** The direction of the columns of its picture. */
  readonly down: Vector;
  /** Where it looks: the optical axis. */
  readonly forward: Vector;
  /** Tangent of half the angle of view along the longer side of the picture. */
  readonly halfTangent: number;
}

/** Everything that is to be rendered. */
export interface SceneDescription {
  /** The room around everything. */
  readonly room: Room;
  /** What stands, lies and hangs in the room. */
  readonly solids: readonly Solid[];
  /** What lights it. */
  readonly lights: readonly Light[];
  /** Light that comes from everywhere. */
  readonly ambient: Colour;
  /** The mean brightness that the picture is exposed for, 0…1. */
  readonly exposure: number;
  /** Who looks at it. */
  readonly camera: Camera;
}

/** Where a camera may stand (a box in the room) and what it looks at. */
export interface View {
  /** Two opposite corners of the box, the lower ones first, metres. */
  readonly from: readonly [Vector, Vector];
  /** The point, metres. */
  readonly target: Vector;
}

/** What a kind of scene draws; the camera is chosen afterwards among the views. */
export interface Interior {
  /** The room. */
  readonly room: Room;
  /** Its furniture. */
  readonly solids: readonly Solid[];
  /** What lights it. */
  readonly lights: readonly Light[];
  /** Where cameras may stand; at least one. */
  readonly views: readonly [View, ...View[]];
}
