/**
 * A product ready to be written, as data: its axes with the strides of both factors, how they are cut into blocks, and
 * what is done with its sums. `plan-product.ts` makes it, `emit-product.ts` writes it.
 */
import type { DType } from "../dtype.ts";
import type { NestStore, Point, Source } from "./nest.ts";
import type { Tiling } from "./product-tiling.ts";

/** An axis of the nest that a product is made from: its place there, and the strides of the left and right factor. */
export interface PlanAxis {
  readonly extent: number;
  readonly reduced: boolean;
  readonly axis: number;
  readonly strides: readonly [number, number];
}

/** One axis of a product: its extent, the strides of its factors in elements, and which axis of the nest it is. */
export interface ProductAxis {
  readonly extent: number;
  readonly wide: number;
  readonly narrow: number;
  readonly axis: number;
}

/**
 * Sums of products, stored or put to use at once. Parameters of the kernel: the factor that is read in vectors along the
 * lanes ("wide"), the factor that is read one number at a time and repeated over the lanes ("narrow"), and the rest of
 * `sources`.
 */
export interface Product {
  readonly dtype: DType;
  /** Run outside, in order: batch axes and free axes that are neither rows nor lanes. */
  readonly outer: readonly ProductAxis[];
  readonly rows: ProductAxis;
  /** `wide` is 1. */
  readonly lanes: ProductAxis;
  readonly contracted: readonly ProductAxis[];
  readonly tiling: Tiling;
  /**
   * Whether the wide factor has been copied into panels: the lanes of one block side by side for each contracted index,
   * the panels of all blocks one after the other. Its strides along contracted axes then count such rows.
   */
  readonly panels: boolean;
  readonly offsets: { readonly wide: number; readonly narrow: number };
  readonly epilogue: Epilogue;
}

/** What becomes of the sums while they are in registers or just left them. */
export interface Epilogue {
  /** The point of the nest that is the sum. */
  readonly sum: Point;
  /** What is computed from it, inputs first: loads and point operations; none where the sum itself is stored. */
  readonly points: readonly Point[];
  readonly stores: readonly NestStore[];
  /** Everything in memory that the kernel reads and writes: its parameters in order. */
  readonly sources: readonly Source[];
  /** Which parameter holds one block of sums, where they leave the registers before they are put to use. */
  readonly scratch: number | undefined;
}
