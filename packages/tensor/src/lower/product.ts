/**
 * A product ready to be written, as data: its axes with the strides of both factors and the result along each (any
 * transposition), and how they are cut into blocks. `plan-product.ts` makes it, `emit-product.ts` writes it.
 */
import type { DType } from "../dtype.ts";
import type { Tiling } from "./product-tiling.ts";

/** An axis of the nest that a product is made from: strides of the left and right factor and of the result. */
export interface PlanAxis {
  readonly extent: number;
  readonly reduced: boolean;
  readonly strides: readonly [number, number, number];
}

/** One axis of a product: its extent, and the strides, in elements, of the two factors and the result. */
export interface ProductAxis {
  readonly extent: number;
  readonly wide: number;
  readonly narrow: number;
  readonly result: number;
}

/**
 * Sums of products. Parameters of the kernel: the factor that is read in vectors along the lanes ("wide"), the factor
 * that is read one number at a time and repeated over the lanes ("narrow"), and the result.
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
  readonly offsets: { readonly wide: number; readonly narrow: number; readonly result: number };
  /** Whether the sums are added to what the result holds. */
  readonly accumulate: boolean;
}
