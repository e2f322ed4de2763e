/**
 * What a file of arrays holds, whatever its format: arrays with names, in groups and lists.
 * `array-tables.ts` makes tables of it.
 */

/** An array: numbers (NaN where missing) or words. */
export interface ArrayNode {
  readonly kind: "array";
  readonly shape: readonly number[];
  /** [product of shape] in the order that `order` says. */
  readonly values: ArrayLike<number> | readonly string[];
  /** Which index runs fastest: the last (C) or the first (Fortran, MATLAB). */
  readonly order: "C" | "F";
  /** The unit that the file states; absent where it states none. */
  readonly unit?: string;
}

/** Things that stand side by side: MATLAB cells, the elements of a struct array. */
export interface ListNode {
  readonly kind: "list";
  readonly items: readonly DataNode[];
}

/** Named things. */
export interface GroupNode {
  readonly kind: "group";
  readonly entries: readonly (readonly [name: string, node: DataNode])[];
}

/** Something that cannot be read as numbers or words. */
export interface NoNode {
  readonly kind: "none";
  /** What it is: `complex numbers`. */
  readonly what: string;
}

/** Anything that a file of arrays holds. */
export type DataNode = ArrayNode | ListNode | GroupNode | NoNode;

/** A whole file of arrays. */
export interface FileArrays {
  readonly root: GroupNode;
  /** In the words of `TableSource.format`. */
  readonly format: string;
}

/** An array with one index. */
export function vectorNode(values: ArrayNode["values"], unit?: string): ArrayNode {
  const node = { kind: "array", shape: [values.length], values, order: "C" } as const;
  return unit === undefined ? node : { ...node, unit };
}
