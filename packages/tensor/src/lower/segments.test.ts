/**
 * Gradients of random loops in segments, against themselves in one piece: equal to the bit, with a small part of the memory.
 */
import { expect, test } from "vitest";
import { scan } from "../library/control-flow.ts";
import { cos, sin } from "../library/trigonometric.ts";
import { add, mul, sub, tanh } from "../ops/elementwise.ts";
import { sum } from "../ops/reduction.ts";
import { check } from "../program/check.ts";
import type { Equation, Program } from "../program/program.ts";
import { evaluateProgram } from "../target/reference/evaluate.ts";
import { array, type Tensor } from "../trace/tensor.ts";
import { trace } from "../trace/trace.ts";
import { grad, valueAndGrad } from "../transform/differentiate.ts";
import { lower } from "./lower.ts";
import { inSegments } from "./segments.ts";
import { simplify } from "./simplify.ts";
import { drawsFrom } from "./testing/random-program.ts";
import { narrowTraits, runLowered } from "./testing/run-lowered.ts";

const entries = 3;
const scansOf = ({ equations }: Program): Equation<"scan">[] =>
  equations.filter((equation): equation is Equation<"scan"> => equation.primitive === "scan");

interface Loop {
  readonly turns: number;
  readonly reverse: boolean;
  /** Whether the loss reads the results of all turns. */
  readonly isRead: boolean;
  /** Whether the gradient is differentiated again. */
  readonly twice: boolean;
}

/** The gradient of a loss over a loop of two carries along a sequence, of operations that a seed draws. */
function gradient(seed: number, { turns, reverse, isRead, twice }: Loop) {
  const draw = drawsFrom(seed);
  const numbers = (size: number): Float64Array => Float64Array.from({ length: size }, () => 2 * draw() - 1);
  const operations = Array.from({ length: 4 }, () => Math.floor(4 * draw()));
  const apply = (kind: number, x: Tensor, y: Tensor): Tensor =>
    [() => tanh(add(x, y)), () => sin(mul(x, y)), () => sub(x, mul(0.1, cos(y))), () => mul(x, tanh(y))][kind]?.() ?? x;
  const loss = (weights: Tensor, start: Tensor, sequence: Tensor): Tensor => {
    const body = ([a, b]: readonly [Tensor, Tensor], slice: Tensor): [[Tensor, Tensor], Tensor] => {
      const pool = [a, b, slice, weights];
      for (const kind of operations) {
        const [x, y] = [0, 1].map(() => pool[Math.floor(pool.length * draw())] as Tensor) as [Tensor, Tensor];
        pool.push(apply(kind, x, y));
      }
      const last = pool.at(-1) as Tensor;
      return [[add(mul(0.5, b), mul(0.3, last)), add(tanh(mul(a, weights)), mul(0.2, slice))], mul(last, a)];
    };
    const [[end], results] = scan(body, [start, mul(0.5, start)] as [Tensor, Tensor], sequence, { reverse });
    return add(sum(mul(end, end)), isRead ? sum(sin(results)) : 0);
  };
  const first = (weights: Tensor, start: Tensor, sequence: Tensor): unknown =>
    valueAndGrad((w: Tensor) => loss(w, start, sequence))(weights);
  const second = (weights: Tensor, start: Tensor, sequence: Tensor): unknown =>
    grad((w: Tensor) => sum(sin(grad((v: Tensor) => loss(v, start, sequence))(w))))(weights);
  const inputs = [
    array(numbers(entries), [entries]),
    array(numbers(entries), [entries]),
    array(numbers(turns * entries), [turns, entries]),
  ];
  const { program } = trace((twice ? second : first) as never, inputs as never);
  return { program: simplify(program), inputs };
}

const bytesOfTurn = 8 * entries;

test("gradients of random loops are the same to the bit, whatever the segments", () => {
  let cut = 0;
  for (let seed = 0; seed < 24; seed++) {
    const draw = drawsFrom(seed + 1000);
    const turns = 16 + Math.floor(17 * draw());
    const loop = { turns, reverse: draw() < 0.5, isRead: draw() < 0.5, twice: draw() < 0.3 };
    const { program, inputs } = gradient(seed, loop);
    const segmented = inSegments(program, { tape: 1, segment: bytesOfTurn * (8 + Math.floor(24 * draw())) });
    check(segmented);
    if (segmented !== program) cut++;
    const expected = evaluateProgram(program, inputs);
    expect(evaluateProgram(segmented, inputs), `seed ${seed}`).toEqual(expected);
    const { outputs } = runLowered(segmented, inputs);
    const { outputs: inOnePiece } = runLowered(program, inputs);
    expect(outputs, `seed ${seed}, lowered`).toEqual(inOnePiece);
  }
  expect(cut).toBeGreaterThan(14);
});

test("a tape of few bytes stays", () => {
  const { program } = gradient(3, { turns: 16, reverse: false, isRead: false, twice: false });
  expect(inSegments(program, { tape: 1 << 20, segment: bytesOfTurn })).toBe(program);
});

test("memory does not grow with the turns, but for the carries at the starts of segments", () => {
  const arenaOf = (turns: number, tape: number): number => {
    const { program } = gradient(5, { turns, reverse: false, isRead: false, twice: false });
    return lower(program, narrowTraits, { schedule: { tape } }).arenaBytes - turns * bytesOfTurn;
  };
  const kept = arenaOf(16384, Infinity);
  const made = arenaOf(16384, 1 << 16);
  expect(kept).toBeGreaterThan(16384 * bytesOfTurn);
  // What one segment leaves, half a megabyte, and the carries.
  expect(made).toBeLessThan(1.5 * (1 << 19));
});

test("the way back takes segments from the last to the first, each with a loop forth and one back", () => {
  const { program } = gradient(5, { turns: 24, reverse: false, isRead: false, twice: false });
  const [forth, back, ...others] = scansOf(inSegments(program, { tape: 1, segment: 18 * bytesOfTurn }));
  expect(others).toEqual([]);
  expect([forth, back].map((scan) => scan?.parameters.reverse)).toEqual([false, true]);
  const inside = scansOf(back?.parameters.body as Program);
  expect(inside.map(({ parameters }) => parameters.reverse)).toEqual([false, true]);
  expect((back?.parameters.bound ?? 0) * (inside[0]?.parameters.bound ?? 0)).toBe(24);
});
