/**
 * Copies that turn an axis: squares of 16 bytes a side are loaded along one axis, turned in registers and stored along
 * the other, so that neither side is touched number by number.
 *
 * In: a nest. Out: statements, where it only copies, what it reads lies side by side along one axis, what it writes along
 * another, and both are as long as a square. The last square of an axis lies over its neighbour where the axis does not
 * divide: it writes the same again.
 */
import { type Block, createBlock } from "../kernel/block.ts";
import * as build from "../kernel/build.ts";
import type { Address, Expression, LoopVariable, Statement } from "../kernel/kernel.ts";
import type { Affine } from "./affine.ts";
import { bytesOf } from "./element-bytes.ts";
import type { Nest, Source } from "./nest.ts";

/** Bytes of a side of a square: the narrowest vector that every target has. */
const sideBytes = 16;

interface Copy {
  readonly from: { readonly source: Source; readonly offset: Affine; readonly along: number };
  readonly to: { readonly source: Source; readonly offset: Affine; readonly along: number };
  readonly side: number;
}

/** The two axes of a copy that is to be turned, or undefined where plain loops do. */
function turningCopy({ domain, reduced, points, stores }: Nest): Copy | undefined {
  const [point, ...more] = points;
  const [store] = stores;
  if (point?.kind !== "load" || store?.point !== point || more.length > 0 || stores.length > 1) return undefined;
  if (point.dynamic !== undefined || store.dynamic !== undefined || store.accumulate === true) return undefined;
  if (point.dtype === "bool" || reduced.includes(true)) return undefined;
  const side = sideBytes / bytesOf(point.dtype);
  const alongIn = ({ coefficients }: Affine): number =>
    coefficients.findIndex((step, axis) => step === 1 && (domain[axis] as number) >= side);
  const [from, to] = [alongIn(point.offset), alongIn(store.offset)];
  if (from < 0 || to < 0 || from === to || point.offset.coefficients[to] === 1) return undefined;
  return {
    from: { source: point.source, offset: point.offset, along: from },
    to: { source: store.target, offset: store.offset, along: to },
    side,
  };
}

/** The statements of such a copy; `baseOf` gives the address parameter of each thing in memory. */
export function emitTransposedCopy(nest: Nest, baseOf: (source: Source) => number): readonly Statement[] | undefined {
  const copy = turningCopy(nest);
  if (copy === undefined) return undefined;
  const { from, to, side } = copy;
  const block = createBlock();
  const inner = [from.along, to.along];
  const outer = nest.domain.flatMap((_, axis) => (inner.includes(axis) ? [] : [axis]));
  const run = (body: Block, axes: readonly number[], counters: ReadonlyMap<number, Standing>): void => {
    const [axis, ...rest] = axes;
    if (axis === undefined) {
      emitSquare(body, nest, copy, counters, baseOf);
      return;
    }
    const extent = nest.domain[axis] as number;
    const step = inner.includes(axis) ? side : 1;
    const whole = extent - (extent % step);
    body.loop("i", 0, whole, step, (loopBody, counter) => {
      run(loopBody, rest, new Map([...counters, [axis, { counter, known: 0 }]]));
    });
    if (whole < extent) run(body, rest, new Map([...counters, [axis, { counter: undefined, known: extent - step }]]));
  };
  run(block, [...outer, ...inner], new Map());
  return block.statements;
}

/** Where an axis stands: a counter or a number. */
interface Standing {
  readonly counter: LoopVariable | undefined;
  readonly known: number;
}

function emitSquare(
  block: Block,
  { domain }: Nest,
  { from, to, side }: Copy,
  standing: ReadonlyMap<number, Standing>,
  baseOf: (source: Source) => number,
): void {
  const { dtype } = from.source.type;
  const bytes = bytesOf(dtype);
  const place = ({ source, offset }: Copy["from"], across: number, row: number): Address => {
    let at = offset.constant + row * (offset.coefficients[across] as number);
    const terms = domain.flatMap((_, axis) => {
      const step = offset.coefficients[axis] as number;
      const { counter, known } = standing.get(axis) as Standing;
      at += step * known;
      return counter === undefined || step === 0 ? [] : [{ loop: counter, stride: step * bytes }];
    });
    return build.address(baseOf(source), at * bytes, terms);
  };
  const rows = Array.from({ length: side }, (_, row) =>
    block.name("x", build.load(dtype, side, place(from, to.along, row))),
  );
  turn(block, rows).forEach((column, row) => {
    block.store(place(to, from.along, row), column);
  });
}

/** The columns of a square of rows: each round deals the rows of the lower half and of the upper half by turns. */
function turn(block: Block, rows: readonly Expression[]): readonly Expression[] {
  const half = rows.length / 2;
  let dealt = rows;
  for (let round = 1; round < rows.length; round *= 2) {
    dealt = Array.from({ length: half }, (_, i) => i).flatMap((i) =>
      (["low", "high"] as const).map((part) =>
        block.name("t", build.interleave(part, dealt[i] as Expression, dealt[i + half] as Expression)),
      ),
    );
  }
  return dealt;
}
