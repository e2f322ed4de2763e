/**
 * Whether a nest adds up products a[i] b[j] of many samples, and how its rows and columns are cut into blocks.
 *
 * The gradient of a small matrix over a tile is such a sum: c[i, j, lane] + a[i, lane] b[j, lane] + … with one term for
 * each use of the matrix. In plain loops each product loads one of its factors; in blocks of rows and columns whose
 * sums stay in registers each number that is loaded serves a whole row or column of them.
 *
 * In: a nest. Out: the sum as data for `emit-outer-sum.ts`; undefined where it is anything else, or has too few terms.
 */
import type { TargetTraits } from "../kernel/kernel.ts";
import type { Affine } from "./affine.ts";
import { bytesOf } from "./element-bytes.ts";
import type { Nest, NestStore, Point } from "./nest.ts";
import { laneWidths } from "./plan-loops.ts";
import { evenParts } from "./product-tiling.ts";

/** A value in memory. */
export type Load = Extract<Point, { kind: "load" }>;

/** One product of the sum. */
export interface OuterTerm {
  /** The factor that is the same along the columns, and the one that is the same along the rows. */
  readonly row: Load;
  readonly column: Load;
  readonly isNegative: boolean;
}

/** Blocks of one size, one after the other. */
export interface Part {
  readonly from: number;
  readonly count: number;
  readonly size: number;
}

/** A sum of products of rows and columns. */
export interface OuterSum {
  readonly terms: readonly OuterTerm[];
  /** What the products are added to. */
  readonly start: Load | undefined;
  readonly store: NestStore;
  /** Axes that are neither rows, columns nor lanes. */
  readonly outer: readonly number[];
  readonly rows: { readonly axis: number; readonly parts: readonly Part[] };
  readonly columns: { readonly axis: number; readonly parts: readonly Part[] };
  readonly lanes: {
    readonly axis: number;
    /** Lanes of a vector. */
    readonly width: number;
    /** Results along the lanes, and how many numbers along them are added to each. */
    readonly extent: number;
    readonly folded: number;
  };
}

/** Products of one result below which plain loops do as well: what it is added to is loaded and stored anyway. */
const fewestProducts = 3;
/** Statements of all kinds of blocks: more would only lengthen the code. */
const mostStatements = 4000;

/** Registers from which on blocks pay: engines of WebAssembly, with 16, took 10 % longer with blocks of 3 x 3 than without. */
const fewestRegisters = 32;

/** The sum that a nest is, cut for these traits. */
export function outerSumOf(nest: Nest, traits: TargetTraits): OuterSum | undefined {
  const found = traits.registers < fewestRegisters ? undefined : sumOf(nest);
  if (found === undefined) return undefined;
  const { leaves, start, store, fold } = found;
  const bytes = bytesOf(store.target.type.dtype);
  const axis = nest.domain.length - 1;
  const whole = nest.domain[axis] as number;
  const extent = fold?.lanes ?? whole;
  const width = laneWidths(traits, bytes).find((lanes) => extent % lanes === 0 && whole % extent === 0);
  const free = nest.domain.flatMap((length, each) => (each === axis || length === 1 ? [] : [each]));
  if (width === undefined || free.length < 2) return undefined;
  const isAlong = ({ coefficients }: Affine): boolean => coefficients[axis] === 1;
  const forms = [...leaves.flatMap(({ a, b }) => [a.offset, b.offset]), ...(start ? [start.offset] : []), store.offset];
  if (!forms.every(isAlong)) return undefined;
  const folded = whole / extent;
  if (leaves.length * folded < fewestProducts) return undefined;
  for (const rowAxis of free) {
    for (const columnAxis of free) {
      const terms = rowAxis < columnAxis ? separated(leaves, rowAxis, columnAxis) : undefined;
      if (terms === undefined) continue;
      const [rows, columns] = cut(nest.domain[rowAxis] as number, nest.domain[columnAxis] as number, traits);
      const each = sizesOf(rows).flatMap((r) => sizesOf(columns).map((c) => (r + 1) * (c + 1)));
      if (each.reduce((sum, size) => sum + size * leaves.length * folded, 0) > mostStatements) continue;
      return {
        terms,
        start,
        store,
        outer: free.filter((other) => other !== rowAxis && other !== columnAxis),
        rows: { axis: rowAxis, parts: rows },
        columns: { axis: columnAxis, parts: columns },
        lanes: { axis, width, extent, folded },
      };
    }
  }
  return undefined;
}

const sizesOf = (parts: readonly Part[]): number[] => parts.map(({ size }) => size);

interface Leaf {
  readonly a: Load;
  readonly b: Load;
  readonly isNegative: boolean;
}

interface Found {
  readonly leaves: readonly Leaf[];
  readonly start: Load | undefined;
  readonly store: NestStore;
  readonly fold: Extract<Point, { kind: "fold" }> | undefined;
}

/** The products of a nest with one result, and what they are added to. */
function sumOf({ reduced, stores }: Nest): Found | undefined {
  const [store, ...more] = stores;
  if (store === undefined || more.length > 0 || store.dynamic !== undefined || store.accumulate === true)
    return undefined;
  if (reduced.includes(true)) return undefined;
  const fold = store.point.kind === "fold" ? store.point : undefined;
  const leaves: Leaf[] = [];
  const starts: Load[] = [];
  const open: { readonly point: Point; readonly isNegative: boolean }[] = [
    { point: fold?.input ?? store.point, isNegative: false },
  ];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { point, isNegative } = next;
    if (isPlain(point) && !isNegative) starts.push(point);
    if (isPlain(point) && !isNegative) continue;
    const [a, b] = point.kind === "apply" ? point.inputs : [];
    const primitive = point.kind === "apply" ? point.primitive : undefined;
    if (primitive === "add" || primitive === "sub") {
      open.push({ point: b as Point, isNegative: primitive === "sub" ? !isNegative : isNegative });
      open.push({ point: a as Point, isNegative });
    } else if (primitive === "neg") open.push({ point: a as Point, isNegative: !isNegative });
    else if (primitive === "mul" && isPlain(a) && isPlain(b)) leaves.push({ a, b, isNegative });
    else return undefined;
    if (starts.length > 1 || leaves.length > mostStatements) return undefined;
  }
  if (fold === undefined) return { leaves, start: starts[0], store, fold };
  return starts.length === 0 && isPlain(fold.start) ? { leaves, start: fold.start, store, fold } : undefined;
}

function isPlain(point: Point | undefined): point is Load {
  return point?.kind === "load" && point.dynamic === undefined && point.dtype.startsWith("float");
}

/** The terms with one factor along each axis; undefined where one has both in one factor. */
function separated(leaves: readonly Leaf[], row: number, column: number): readonly OuterTerm[] | undefined {
  const moves = ({ offset }: Load, axis: number): boolean => offset.coefficients[axis] !== 0;
  const terms: OuterTerm[] = [];
  for (const { a, b, isNegative } of leaves) {
    const [first, second] = moves(a, column) || moves(b, row) ? [b, a] : [a, b];
    if (moves(first, column) || moves(second, row)) return undefined;
    terms.push({ row: first, column: second, isNegative });
  }
  return terms.some((term) => moves(term.row, row)) && terms.some((term) => moves(term.column, column))
    ? terms
    : undefined;
}

/** Rows and columns in blocks whose sums, one row of columns and one number fit the registers, with the fewest loads. */
function cut(rows: number, columns: number, { registers }: TargetTraits): readonly [readonly Part[], readonly Part[]] {
  let best: { readonly parts: readonly [readonly Part[], readonly Part[]]; readonly cycles: number } | undefined;
  for (let r = 1; r <= rows; r++) {
    for (let c = 1; r * c + c + 1 < registers && c <= columns; c++) {
      const parts = [partsOf(rows, r), partsOf(columns, c)] as const;
      const cycles = parts[0].reduce(
        (sum, down) =>
          sum + parts[1].reduce((of, across) => of + down.count * across.count * blockCycles(down, across), 0),
        0,
      );
      if (best === undefined || cycles < best.cycles) best = { parts, cycles };
    }
  }
  return best?.parts ?? [partsOf(rows, 1), partsOf(columns, 1)];
}

/** As many loads as products can run beside them; what is beyond that waits, and every load is an instruction. */
function blockCycles({ size: rows }: Part, { size: columns }: Part): number {
  return Math.max(rows * columns, rows + columns) + 0.1 * (rows + columns);
}

function partsOf(extent: number, most: number): readonly Part[] {
  const { size, large, small } = evenParts(extent, most);
  const parts = [
    { from: 0, count: large, size },
    { from: large * size, count: small, size: size - 1 },
  ];
  return parts.filter(({ count }) => count > 0);
}
