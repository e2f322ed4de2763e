/**
 * The kernel of `argsort`: each row in blocks of eight whose elements count those before them, then merged two by two.
 *
 * Keys are moved along with their positions, from one half of a scratch memory to the other and back. A merge writes from
 * both ends at once, as many elements from each as the shorter run has: neither end can run out of elements so far, so
 * nothing but the keys is compared, without a jump, and two chains of dependent loads are under way. What is left is
 * merged from the front. Equal keys keep their order everywhere.
 */
import { type Block, createBlock } from "../kernel/block.ts";
import * as build from "../kernel/build.ts";
import type { Address, Expression, Local, LoopVariable } from "../kernel/kernel.ts";
import type { Atom, Equation } from "../program/program.ts";
import { sizeOf } from "../shape.ts";
import { bytesOf, tensorBytes } from "./element-bytes.ts";
import type { LoopKernel } from "./loop-kernel-form.ts";
import { showEquation } from "./make-kernel.ts";

/** Elements of a row that are put in order by counting. */
const counted = 8;

/** What the parts of the kernel share. */
interface Sort {
  readonly dtype: Atom["type"]["dtype"];
  readonly extent: number;
  /** Whether key b belongs before key a, which comes first now. */
  readonly isBefore: (b: Expression, a: Expression) => Expression;
  /** Bytes of a key. */
  readonly bytes: number;
  /** Where positions begin in the scratch memory. */
  readonly positions: number;
}

/** A half of the scratch memory: the number of its first element, an int32. */
type Half = Expression;

/** The kernel of an equation: its parameters are the keys, the result and the scratch memory. */
export function makeSortKernel(equation: Equation<"argsort">): LoopKernel {
  const [keys] = equation.inputs as readonly [Atom];
  const { shape, dtype } = keys.type;
  const extent = shape.at(-1) as number;
  const size = sizeOf(shape);
  const bytes = bytesOf(dtype);
  const isBefore = comparison(dtype, equation.parameters.descending);
  // One element more than two halves: where a run has ended, the next key is read all the same.
  const keyBytes = Math.ceil(((2 * extent + 1) * bytes) / 8) * 8;
  const sort: Sort = { dtype, extent, isBefore, bytes, positions: keyBytes };
  const block = createBlock();
  if (size > 0) block.loop("row", 0, size / extent, 1, (body, row) => writeRow(body, sort, row));
  const passes = passesOf(extent);
  const note = {
    equations: [showEquation(equation)],
    operations: size * (counted + 12 * passes),
    bytes: tensorBytes(keys) + 4 * size,
  };
  const scratch = passes === 0 ? 0 : keyBytes + 8 * extent;
  return {
    kernel: { name: "argsort", parameters: scratch > 0 ? 3 : 2, body: block.statements, note },
    carry: { from: 1, count: 0 },
    scratch,
  };
}

function passesOf(extent: number): number {
  return Math.max(0, Math.ceil(Math.log2(Math.ceil(extent / counted))));
}

/** Not a <= b is true of NaN too; b = b is not. */
function comparison(dtype: Sort["dtype"], descending: boolean): Sort["isBefore"] {
  const isFloat = dtype === "float32" || dtype === "float64";
  return (b, a) => {
    const [low, high] = descending ? [b, a] : [a, b];
    const isPast = build.not(build.lessEqual(low, high));
    return isFloat ? build.and(isPast, build.equal(b, b)) : isPast;
  };
}

function writeRow(block: Block, sort: Sort, row: LoopVariable): void {
  const { extent, bytes } = sort;
  const passes = passesOf(extent);
  const whole = Math.floor(extent / counted) * counted;
  const terms = [{ loop: row, stride: extent * bytes }];
  const countAt = (body: Block, size: number, from: Expression): void => {
    const keys = Array.from({ length: size }, (_, i) =>
      body.name("key", build.load(sort.dtype, 1, build.address(0, i * bytes, terms, build.mul(from, bytes)))),
    );
    ranksOf(body, sort, keys).forEach((rank, i) => {
      const place = body.name("place", build.add(from, rank));
      const position = build.add(from, i);
      if (passes === 0) body.store(resultAt(sort, row, place), position);
      else put(body, sort, place, keys[i] as Expression, position);
    });
  };
  if (whole > 0) block.loop("block", 0, whole, counted, (body, at) => countAt(body, counted, build.index(at)));
  if (whole < extent) countAt(block, extent - whole, build.number("int32", 1, whole));
  if (passes === 0) return;
  const from = block.variable("from", build.number("int32", 1, 0));
  const width = block.variable("width", build.number("int32", 1, counted));
  block.whileAny(build.less(build.read(width), extent), (pass) => {
    const source = pass.name("source", build.read(from));
    const target = pass.name("target", build.sub(extent, source));
    writePass(pass, sort, source, target, pass.name("run", build.read(width)));
    pass.set(from, target);
    pass.set(width, build.mul(build.read(width), 2));
  });
  block.loop("position", 0, extent, 1, (body, at) => {
    const place = build.add(build.read(from), build.index(at));
    body.store(resultAt(sort, row, build.index(at)), positionIn(sort, place));
  });
}

/** How many of some keys each one comes after. */
function ranksOf(block: Block, sort: Sort, keys: readonly Expression[]): readonly Expression[] {
  const ranks: Expression[] = keys.map(() => build.number("int32", 1, 0));
  for (let later = 1; later < keys.length; later++) {
    for (let earlier = 0; earlier < later; earlier++) {
      const isPast = sort.isBefore(keys[later] as Expression, keys[earlier] as Expression);
      const moved = block.name("moved", build.convert("int32", isPast));
      ranks[earlier] = build.add(ranks[earlier] as Expression, moved);
      ranks[later] = build.add(ranks[later] as Expression, build.sub(1, moved));
    }
  }
  return ranks.map((rank) => block.name("rank", rank));
}

function resultAt({ extent }: Sort, row: LoopVariable, place: Expression): Address {
  return build.address(1, 0, [{ loop: row, stride: 4 * extent }], build.mul(place, 4));
}

function keyIn({ dtype, bytes }: Sort, place: Expression): Expression {
  return build.load(dtype, 1, build.address(2, 0, [], build.mul(place, bytes)));
}

function positionIn({ positions }: Sort, place: Expression): Expression {
  return build.load("int32", 1, build.address(2, positions, [], build.mul(place, 4)));
}

function put(block: Block, { bytes, positions }: Sort, place: Expression, key: Expression, position: Expression): void {
  block.store(build.address(2, 0, [], build.mul(place, bytes)), key);
  block.store(build.address(2, positions, [], build.mul(place, 4)), position);
}

/** Runs of `width` from one half to runs of twice that in the other. */
function writePass(block: Block, sort: Sort, source: Half, target: Half, width: Expression): void {
  const { extent } = sort;
  const start = block.variable("start", build.number("int32", 1, 0));
  block.whileAny(build.less(build.read(start), extent), (pair) => {
    const low = pair.name("low", build.read(start));
    const middle = pair.name("middle", build.min(build.add(low, width), extent));
    const high = pair.name("high", build.min(build.add(middle, width), extent));
    writeMerge(pair, sort, source, target, { low, middle, high });
    pair.set(start, high);
  });
}

interface Runs {
  readonly low: Expression;
  readonly middle: Expression;
  readonly high: Expression;
}

function writeMerge(block: Block, sort: Sort, source: Half, target: Half, { low, middle, high }: Runs): void {
  const at = (label: string, from: Half, place: Expression): Local => block.variable(label, build.add(from, place));
  const left = at("left", source, low);
  const right = at("right", source, middle);
  const leftEnd = at("leftEnd", source, build.sub(middle, 1));
  const rightEnd = at("rightEnd", source, build.sub(high, 1));
  const front = at("front", target, low);
  const back = at("back", target, build.sub(high, 1));
  const shorter = block.name("shorter", build.add(build.read(front), build.sub(high, middle)));
  block.whileAny(build.less(build.read(front), shorter), (turn) => {
    takeFirst(turn, sort, left, right, front);
    takeLast(turn, sort, leftEnd, rightEnd, back);
  });
  const leftStop = block.name("leftStop", build.add(source, middle));
  const rightStop = block.name("rightStop", build.add(source, high));
  block.whileAny(build.lessEqual(build.read(front), build.read(back)), (turn) => {
    takeFirst(turn, sort, left, right, front, (isRight) =>
      build.or(
        build.lessEqual(leftStop, build.read(left)),
        build.and(isRight, build.less(build.read(right), rightStop)),
      ),
    );
  });
}

/** The smaller of the next two keys goes to the front; `limit` says where one of the runs may be over. */
function takeFirst(
  turn: Block,
  sort: Sort,
  left: Local,
  right: Local,
  front: Local,
  limit: (isRight: Expression) => Expression = (isRight) => isRight,
): void {
  const [i, j] = [turn.name("i", build.read(left)), turn.name("j", build.read(right))];
  const [a, b] = [turn.name("a", keyIn(sort, i)), turn.name("b", keyIn(sort, j))];
  const isRight = turn.name("isRight", limit(sort.isBefore(b, a)));
  const taken = turn.name("taken", build.select(isRight, j, i));
  put(turn, sort, build.read(front), build.select(isRight, b, a), positionIn(sort, taken));
  const step = turn.name("step", build.convert("int32", isRight));
  turn.set(right, build.add(j, step));
  turn.set(left, build.add(i, build.sub(1, step)));
  turn.set(front, build.add(build.read(front), 1));
}

/** The larger of the last two keys goes to the back; of equal ones that of the right run. */
function takeLast(turn: Block, sort: Sort, left: Local, right: Local, back: Local): void {
  const [i, j] = [turn.name("i", build.read(left)), turn.name("j", build.read(right))];
  const [a, b] = [turn.name("a", keyIn(sort, i)), turn.name("b", keyIn(sort, j))];
  const isLeft = turn.name("isLeft", sort.isBefore(b, a));
  const taken = turn.name("taken", build.select(isLeft, i, j));
  put(turn, sort, build.read(back), build.select(isLeft, a, b), positionIn(sort, taken));
  const step = turn.name("step", build.convert("int32", isLeft));
  turn.set(left, build.sub(i, step));
  turn.set(right, build.sub(j, build.sub(1, step)));
  turn.set(back, build.sub(build.read(back), 1));
}
