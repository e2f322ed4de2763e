/**
 * Decomposition by reflections: each makes zeros below the diagonal of a column; Q is what they do to the unit matrix, from
 * the last to the first.
 */
import { equal, less, select } from "../../ops/comparison.ts";
import { scan } from "../../ops/control-flow.ts";
import { abs, add, convert, div, mul, neg, sqrt, square, sub } from "../../ops/elementwise.ts";
import { matrixTranspose } from "../../ops/matrix-product.ts";
import { at, concatenate, expandDimensions, iota, moveAxis, pad, slice, stack, zerosLike } from "../../ops/movement.ts";
import { max, sum } from "../../ops/reduction.ts";
import { upperTriangle } from "../../ops/triangle.ts";
import { full, type Tensor } from "../../trace/tensor.ts";
import { fromColumns } from "./columns.ts";
import type { Definition } from "./definition.ts";

/** Matrices of at most this many columns are written out column by column. */
const writtenOut = 4;

/** See `ops/linear-algebra.ts`. */
export const qr: Definition<"qr"> = (_, [given]) => {
  const a = given as Tensor;
  const n = a.shape.at(-1) as number;
  if (n === 0) return [a, slice(a, -2, 0, 0)];
  return n <= writtenOut ? written(a, n) : columns(a);
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

/** As above, with what is left after j columns moved so that its corner is at 0, 0. */
function columns(a: Tensor): readonly Tensor[] {
  const n = a.shape.at(-1) as number;
  const eliminate = (rest: Tensor): readonly [Tensor, Reflection & { readonly row: Tensor }] => {
    const reflection = reflectionOf(at(rest, 0, -1));
    const image = reflect(reflection, rest);
    const inner = pad(pad(slice(slice(image, -2, 1), -1, 1), -2, 0, 1), -1, 0, 1);
    return [inner, { ...reflection, row: mul(reflection.sign, at(image, 0, -2)) }];
  };
  const [, { row, ...reflections }] = scan(eliminate, a, {}, { bound: n });
  const grow = (q: Tensor, reflection: Reflection): readonly [Tensor, Record<string, Tensor>] => [
    grown(reflection, slice(slice(q, -2, 0, -1), -1, 0, -1)),
    {},
  ];
  const [q] = scan(grow, zerosLike(a), reflections as Reflection, { reverse: true });
  const signs = moveAxis(at(reflections.sign, 0, -1), 0, -1);
  const r = matrixTranspose(fromColumns(moveAxis(row, 0, -2)));
  return [mul(q, expandDimensions(signs, -2)), upperTriangle(r)];
}
