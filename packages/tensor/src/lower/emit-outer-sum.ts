/**
 * Sums of products of rows and columns (`outer-sum.ts`) as statements: a block of sums stays in registers while all terms
 * are added, over all vectors that are folded into it.
 *
 * Each result is one chain of additions: what it begins with, then the terms in order, vector by vector.
 */
import { type Block, createBlock } from "../kernel/block.ts";
import * as build from "../kernel/build.ts";
import type { Address, Expression, LoopVariable, Statement } from "../kernel/kernel.ts";
import type { Affine } from "./affine.ts";
import { bytesOf } from "./element-bytes.ts";
import type { Nest, Source } from "./nest.ts";
import type { OuterSum, Part } from "./outer-sum.ts";

interface Emission {
  readonly nest: Nest;
  readonly sum: OuterSum;
  readonly baseOf: (source: Source) => number;
  /** The counters of the open loops, by axis. */
  readonly counters: Map<number, LoopVariable>;
}

/** Where a block's element is beyond the counters, by axis. */
type Beyond = readonly (readonly [axis: number, known: number])[];

/** The statements of a sum; `baseOf` gives the address parameter of each thing in memory. */
export function emitOuterSum(nest: Nest, sum: OuterSum, baseOf: (source: Source) => number): readonly Statement[] {
  const block = createBlock();
  const { outer, rows, columns, lanes } = sum;
  const emission: Emission = { nest, sum, baseOf, counters: new Map() };
  const loops: readonly Loop[] = [
    ...outer.map((axis) => ({ axis, from: 0, to: nest.domain[axis] as number, step: 1 })),
    { axis: lanes.axis, from: 0, to: lanes.extent, step: lanes.width },
  ];
  overAll(block, emission, loops, (inner) => {
    for (const down of rows.parts) {
      overAll(inner, emission, [loopOf(rows.axis, down)], (body) => {
        for (const across of columns.parts) {
          overAll(body, emission, [loopOf(columns.axis, across)], (each) => emitBlock(each, emission, down, across));
        }
      });
    }
  });
  return block.statements;
}

interface Loop {
  readonly axis: number;
  readonly from: number;
  readonly to: number;
  readonly step: number;
}

const loopOf = (axis: number, { from, count, size }: Part): Loop => ({
  axis,
  from,
  to: from + count * size,
  step: size,
});

function overAll(block: Block, emission: Emission, loops: readonly Loop[], write: (block: Block) => void): void {
  const [first, ...rest] = loops;
  if (first === undefined) {
    write(block);
    return;
  }
  block.loop(`i${first.axis}`, first.from, first.to, first.step, (body, counter) => {
    emission.counters.set(first.axis, counter);
    overAll(body, emission, rest, write);
  });
}

function emitBlock(block: Block, emission: Emission, { size: rows }: Part, { size: columns }: Part): void {
  const { terms, start, store, lanes, ...axes } = emission.sum;
  const { dtype } = store.target.type;
  const load = (source: Source, form: Affine, beyond: Beyond): Expression =>
    build.load(dtype, lanes.width, addressOf(emission, source, form, beyond));
  const at = (row: number, column: number): Beyond => [
    [axes.rows.axis, row],
    [axes.columns.axis, column],
  ];
  const count = (length: number): readonly number[] => Array.from({ length }, (_, i) => i);
  const zero = build.number(dtype, lanes.width, 0);
  const sums = count(rows).map((r) =>
    count(columns).map((c) => block.variable("sum", start ? load(start.source, start.offset, at(r, c)) : zero)),
  );
  for (const vector of count(lanes.folded)) {
    const along: Beyond = [[lanes.axis, vector * lanes.extent]];
    for (const { row, column, isNegative } of terms) {
      const across = count(columns).map((c) =>
        block.name("b", load(column.source, column.offset, [...along, [axes.columns.axis, c]])),
      );
      sums.forEach((ofRow, r) => {
        const down = block.name("a", load(row.source, row.offset, [...along, [axes.rows.axis, r]]));
        ofRow.forEach((sum, c) => {
          const product = build.mul(down, across[c] as Expression);
          block.set(sum, isNegative ? build.sub(build.read(sum), product) : build.add(build.read(sum), product));
        });
      });
    }
  }
  sums.forEach((ofRow, r) => {
    ofRow.forEach((sum, c) => {
      block.store(addressOf(emission, store.target, store.offset, at(r, c)), build.read(sum));
    });
  });
}

function addressOf({ counters, baseOf }: Emission, source: Source, form: Affine, beyond: Beyond): Address {
  const bytes = bytesOf(source.type.dtype);
  const step = (axis: number): number => form.coefficients[axis] as number;
  const offset = beyond.reduce((sum, [axis, known]) => sum + step(axis) * known, form.constant);
  const terms = [...counters].flatMap(([axis, loop]) =>
    step(axis) === 0 ? [] : [{ loop, stride: step(axis) * bytes }],
  );
  return build.address(baseOf(source), offset * bytes, terms);
}
