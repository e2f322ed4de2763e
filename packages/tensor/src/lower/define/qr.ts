/**
 * Decomposition by reflections: each makes zeros below the diagonal of a column; Q is what they do to the unit matrix, from
 * the last to the first. Of few columns they are written out one by one, of more they are put together in blocks.
 */
import { equal, less, select } from "../../ops/comparison.ts";
import { abs, add, convert, div, mul, neg, sqrt, square, sub } from "../../ops/elementwise.ts";
import { matrixProduct, matrixTranspose } from "../../ops/matrix-product.ts";
import { at, concatenate, expandDimensions, iota, moveAxis, pad, slice, stack, zerosLike } from "../../ops/movement.ts";
import { plainScan } from "../../ops/plain-scan.ts";
import { max, sum } from "../../ops/reduction.ts";
import { lowerTriangle, upperTriangle } from "../../ops/triangle.ts";
import { emitOne } from "../../trace/builder.ts";
import { full, type Tensor } from "../../trace/tensor.ts";
import { blocksOf, columnsOf, rowsOf, writtenOut } from "./blocks.ts";
import { fromColumns } from "./columns.ts";
import type { Definition } from "./definition.ts";

/** See `library/linear-algebra.ts`. */
export const qr: Definition<"qr"> = (_, [given]) => {
  const a = given as Tensor;
  const n = a.shape.at(-1) as number;
  if (n === 0) return [a, slice(a, -2, 0, 0)];
  return n <= writtenOut ? written(a, n) : blocks(a, n);
};

/** I - scale v v^T, which takes a column to a multiple of the first unit vector, and the sign of that multiple. */
interface Reflection {
  readonly direction: Tensor;
  /** Shape [..., 1], like the next. */
  readonly scale: Tensor;
  readonly sign: Tensor;
}

/** The reflection for a column [..., m]; nothing at all for zeros. The largest element is taken out, lest squares overflow. */
function reflectionOf(column: Tensor): Reflection {
  const largest = expandDimensions(max(abs(column), -1), -1);
  const unit = div(column, select(equal(largest, 0), 1, largest));
  const first = slice(unit, -1, 0, 1);
  const length = sqrt(expandDimensions(sum(square(unit), -1), -1));
  const one = full(length.shape, 1, length.dtype);
  const away = select(less(first, 0), neg(one), one);
  const direction = concatenate([add(first, mul(away, length)), slice(unit, -1, 1)], -1);
  const half = mul(length, add(length, abs(first)));
  const isZero = equal(half, 0);
  return {
    direction,
    scale: select(isZero, 0, div(1, select(isZero, 1, half))),
    sign: select(isZero, one, neg(away)),
  };
}

function reflect({ direction, scale }: Reflection, x: Tensor): Tensor {
  const along = mul(scale, sum(mul(expandDimensions(direction, -1), x), -2));
  return sub(x, mul(expandDimensions(direction, -1), expandDimensions(along, -2)));
}

function written(a: Tensor, n: number): readonly Tensor[] {
  const reflections: Reflection[] = [];
  const rows: Tensor[] = [];
  let rest = a;
  for (let k = 0; k < n; k++) {
    const reflection = reflectionOf(at(rest, 0, -1));
    const image = reflect(reflection, rest);
    reflections.push(reflection);
    rows.push(pad(mul(reflection.sign, at(image, 0, -2)), -1, k, 0));
    rest = slice(slice(image, -2, 1), -1, 1);
  }
  let q = zerosLike(rest);
  for (const reflection of reflections.toReversed()) q = grown(reflection, q);
  const signs = concatenate(
    reflections.map(({ sign }) => sign),
    -1,
  );
  return [mul(q, expandDimensions(signs, -2)), upperTriangle(stack(rows, -2))];
}

/** Q of one column and one row more, in front. */
function grown(reflection: Reflection, q: Tensor): Tensor {
  const wider = pad(pad(q, -2, 1, 0), -1, 1, 0);
  return reflect(reflection, add(wider, corner(wider)));
}

/** Zeros like `x` with a one at 0, 0. */
function corner(x: Tensor): Tensor {
  const [row, column] = [iota(x.shape, -2), iota(x.shape, -1)];
  return convert(equal(add(row, column), 0), x.dtype);
}

/** The reflections of one block together: I - V M^-1 V^T, its inverse with M^T. */
interface Block {
  /** V [..., m, b]: a direction in each column, zeros above the diagonal. */
  readonly directions: Tensor;
  /** M [..., b, b], upper. */
  readonly middle: Tensor;
  /** [..., b] */
  readonly signs: Tensor;
}

/**
 * Blocks of columns, each reflected by itself; what is right of it, and Q, by products.
 *
 * Source: Joffrain, T. et al. (2006), Accumulating Householder transformations, revisited, doi:10.1145/1141885.1141886.
 */
function blocks(a: Tensor, n: number): readonly Tensor[] {
  const found: Block[] = [];
  const strips: Tensor[] = [];
  let rest = a;
  for (const [from, to] of blocksOf(n)) {
    const { corner, ...block } = reflected(columnsOf(rest, 0, to - from));
    found.push(block);
    const strip = [corner];
    if (to < n) {
      const image = applied(block, columnsOf(rest, to - from), true);
      strip.push(mul(rowsOf(image, 0, to - from), expandDimensions(block.signs, -1)));
      rest = rowsOf(image, to - from);
    }
    strips.push(pad(concatenate(strip, -1), -1, from, 0));
  }
  let q: Tensor | undefined;
  for (const block of found.toReversed()) {
    const extent = block.directions.shape.at(-1) as number;
    const corner = unitLike(block.directions);
    const own = q === undefined ? corner : concatenate([corner, pad(q, -2, extent, 0)], -1);
    q = applied(block, own, false);
  }
  const signs = concatenate(
    found.map((block) => block.signs),
    -1,
  );
  return [mul(q as Tensor, expandDimensions(signs, -2)), concatenate(strips, -2)];
}

/** Ones on the diagonal, zeros elsewhere. */
function unitLike(x: Tensor): Tensor {
  return convert(equal(iota(x.shape, -2), iota(x.shape, -1)), x.dtype);
}

function applied({ directions, middle }: Block, x: Tensor, inverse: boolean): Tensor {
  const along = matrixProduct(matrixTranspose(directions), x);
  const matrix = inverse ? matrixTranspose(middle) : middle;
  const weights = emitOne("triangularSolve", { lower: inverse, unitDiagonal: false }, [matrix, along]);
  return sub(x, matrixProduct(directions, weights));
}

/** A panel column by column; what is left after j columns, moved so that its corner is at 0, 0, goes from turn to turn. */
function reflected(panel: Tensor): Block & { readonly corner: Tensor } {
  const n = panel.shape.at(-1) as number;
  const eliminate = (rest: Tensor): readonly [Tensor, Record<"direction" | "sign" | "row", Tensor>] => {
    const reflection = reflectionOf(at(rest, 0, -1));
    const image = reflect(reflection, rest);
    const inner = pad(pad(columnsOf(rowsOf(image, 1), 1), -2, 0, 1), -1, 0, 1);
    const { direction, sign } = reflection;
    return [inner, { direction, sign, row: mul(sign, at(image, 0, -2)) }];
  };
  const [, { direction, sign, row }] = plainScan(eliminate, panel, {}, { bound: n });
  const directions = lowerTriangle(fromColumns(moveAxis(direction, 0, -2)));
  const squares = matrixProduct(matrixTranspose(directions), directions);
  const isDiagonal = equal(iota(squares.shape, -2), iota(squares.shape, -1));
  const half = select(equal(squares, 0), 1, mul(0.5, squares));
  return {
    directions,
    middle: select(isDiagonal, half, upperTriangle(squares)),
    signs: moveAxis(at(sign, 0, -1), 0, -1),
    corner: upperTriangle(matrixTranspose(fromColumns(moveAxis(row, 0, -2)))),
  };
}
