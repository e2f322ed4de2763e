/**
 * Nests: one loop nest as data, between the schedule and the kernel language.
 *
 * A nest has a domain (the extents of its coordinates, some of them reduced) and a graph of point values: what is
 * computed at one point, with every memory access as an affine offset in elements. Nothing here knows of lanes, order
 * of loops or addresses: `emit-nest.ts` chooses those.
 */
import type { DType } from "../dtype.ts";
import type { PrimitiveName, Reduction } from "../program/primitive.ts";
import type { Constant, Variable } from "../program/program.ts";
import type { Affine } from "./affine.ts";

/** What lies in memory: a stored variable or a constant. */
export type Source = Variable | Constant;

/** An offset known only while running: the clamped value of `index`, times `stride` elements. */
export interface Dynamic {
  readonly index: Point;
  readonly stride: number;
}

/** A value at a point of the domain; compared by identity, inputs come before their users. */
export type Point =
  | { readonly kind: "number"; readonly dtype: DType; readonly value: number }
  | {
      readonly kind: "load";
      readonly dtype: DType;
      readonly source: Source;
      readonly offset: Affine;
      readonly dynamic?: Dynamic;
    }
  | { readonly kind: "index"; readonly dtype: DType; readonly form: Affine }
  | {
      readonly kind: "apply";
      readonly dtype: DType;
      readonly primitive: PrimitiveName;
      readonly parameters: unknown;
      readonly inputs: readonly Point[];
    }
  /** One result of an `apply` that has several. */
  | { readonly kind: "part"; readonly dtype: DType; readonly of: Point; readonly part: number }
  /**
   * `start` and the values of `input` at every `lanes`-th index of the last axis of the domain: as many numbers as there are
   * lanes for a whole row of that axis. `start` is read, and the result stored, by forms that count lanes.
   */
  | {
      readonly kind: "fold";
      readonly dtype: DType;
      readonly start: Point;
      readonly input: Point;
      readonly lanes: number;
    }
  /** Over all reduced axes of the domain. */
  | { readonly kind: "reduce"; readonly dtype: DType; readonly primitive: Reduction; readonly input: Point };

/** `target[offset] = point`, or `+=` when it accumulates. */
export interface NestStore {
  readonly target: Variable;
  readonly point: Point;
  readonly offset: Affine;
  readonly dynamic?: Dynamic;
  readonly accumulate?: boolean;
}

/** One loop nest. */
export interface Nest {
  readonly domain: readonly number[];
  readonly reduced: readonly boolean[];
  /** In an order in which inputs come first. */
  readonly points: readonly Point[];
  readonly stores: readonly NestStore[];
}

/** The points directly read by a point. */
export function inputsOf(point: Point): readonly Point[] {
  switch (point.kind) {
    case "number":
    case "index":
      return [];
    case "load":
      return point.dynamic === undefined ? [] : [point.dynamic.index];
    case "apply":
      return point.inputs;
    case "part":
      return [point.of];
    case "fold":
      return [point.start, point.input];
    case "reduce":
      return [point.input];
  }
}
