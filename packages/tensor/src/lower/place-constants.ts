/**
 * The memory of constants: arrays of the same bytes have one place, whatever their shapes and wherever they came from.
 */
import { allocate, type DType, type HostArray } from "../dtype.ts";
import type { Constant } from "../program/program.ts";
import { sizeOf } from "../shape.ts";
import { tensorBytes } from "./element-bytes.ts";
import { bytesOfArray } from "./layout-bytes.ts";
import { type Place, wholeOf } from "./place.ts";

/** A constant that has memory, and what is to be written there. */
export interface PlacedConstant {
  readonly place: Place;
  readonly dtype: DType;
  readonly data: HostArray;
}

/** Gives places to constants, made on first use. */
export interface ConstantPlaces {
  readonly place: (constant: Constant) => Place;
  readonly all: () => readonly PlacedConstant[];
}

/** No constant yet. */
export function placeConstants(): ConstantPlaces {
  const fills = new Map<string, PlacedConstant>();
  const arrays = new Map<HostArray, PlacedConstant>();
  const byHash = new Map<number, PlacedConstant[]>();
  const all: PlacedConstant[] = [];
  const make = (constant: Constant, data: HostArray): PlacedConstant => {
    const buffer = { bytes: tensorBytes(constant), loops: [], life: "always" } as const;
    const made = { place: wholeOf(buffer), dtype: constant.type.dtype, data };
    all.push(made);
    return made;
  };
  const placeFill = (constant: Constant, value: number): PlacedConstant => {
    const { dtype, shape } = constant.type;
    const key = `${dtype}[${sizeOf(shape)}] ${showNumber(value)}`;
    const found = fills.get(key) ?? make(constant, allocate(dtype, sizeOf(shape)).fill(value));
    fills.set(key, found);
    return found;
  };
  const placeArray = (constant: Constant, data: HostArray): PlacedConstant => {
    const hash = hashOf(data);
    const candidates = byHash.get(hash) ?? [];
    const { dtype } = constant.type;
    const before = candidates.find((other) => other.dtype === dtype && sameBytes(other.data, data));
    if (before !== undefined) return before;
    const made = make(constant, data);
    byHash.set(hash, [...candidates, made]);
    return made;
  };
  return {
    place: (constant) => {
      const { value } = constant;
      if (typeof value === "number") return placeFill(constant, value).place;
      const found = arrays.get(value) ?? placeArray(constant, value);
      arrays.set(value, found);
      return found.place;
    },
    all: () => all,
  };
}

/** A number as text that tells -0 from 0. */
function showNumber(value: number): string {
  return Object.is(value, -0) ? "-0" : String(value);
}

/** FNV-1a over words of four bytes, and over the bytes of an array of bytes. */
function hashOf(data: HostArray): number {
  const { buffer, byteOffset, byteLength } = data;
  const words = byteLength === data.length ? bytesOfArray(data) : new Uint32Array(buffer, byteOffset, byteLength / 4);
  let hash = 0x811c9dc5;
  for (const word of words) hash = Math.imul(hash ^ word, 0x01000193);
  return hash;
}

function sameBytes(a: HostArray, b: HostArray): boolean {
  const [left, right] = [bytesOfArray(a), bytesOfArray(b)];
  return left.length === right.length && left.every((byte, i) => byte === right[i]);
}
