/**
 * Programs that run long move once, with their tensors, at a moment that operations decide; a refusal is told once.
 */
import { add, array, compile, mul, reference, type Target, type Tensor, TensorError, wasm } from "@leastaction/tensor";
import { describe, expect, test } from "vitest";
import { nativeWhenLong } from "./native-when-long.ts";

const state = array([1, 2, 3], [3], "float64");
const step = (x: Tensor, y: Tensor): Tensor => add(mul(x, 0.5), y);

function watched(second: Target, patience: number) {
  const seen = { moves: 0, refusals: [] as string[] };
  const target = nativeWhenLong({
    first: wasm(),
    second,
    patience,
    onMove: () => {
      seen.moves += 1;
    },
    onRefusal: (reason) => void seen.refusals.push(reason),
  });
  return { target, seen };
}

/** The state after each of some runs. */
function course(target: Target, runs: number): unknown[] {
  const compiled = compile(step, [state, state], target);
  compiled.load(state);
  return Array.from({ length: runs }, (_, run) => {
    compiled.runSync(array([run, 0, 1], [3], "float64"));
    return compiled.read();
  });
}

describe("nativeWhenLong", () => {
  test("moves a program with its state once its runs are expected to be long", () => {
    const { target, seen } = watched(reference(), 0.001);
    expect(course(target, 40)).toEqual(course(wasm(), 40));
    expect(seen).toEqual({ moves: 1, refusals: [] });
    expect(target.name).toBe("wasm, then reference");
  });

  test("leaves short ones where they are, and moves at the same run every time", () => {
    const movedAt = (runs: number): number => {
      const { target, seen } = watched(reference(), 0.001);
      course(target, runs);
      return seen.moves;
    };
    const first = Array.from({ length: 40 }, (_, runs) => movedAt(runs)).indexOf(1);
    expect(first).toBeGreaterThan(2);
    expect([movedAt(first - 1), movedAt(first)]).toEqual([0, 1]);
  });

  test("goes on from a saved state as if it had never stopped", () => {
    const movedAfter = (before: number, runs: number): number => {
      const { target, seen } = watched(reference(), 0.001);
      const compiled = compile(step, [state, state], target);
      compiled.load(state);
      compiled.ranBefore(before);
      for (let run = 0; run < runs; run++) compiled.runSync(state);
      return seen.moves;
    };
    const first = Array.from({ length: 40 }, (_, runs) => movedAfter(0, runs)).indexOf(1);
    for (const before of [0, 1, first - 2]) {
      expect([movedAfter(before, first - 1 - before), movedAfter(before, first - before)]).toEqual([0, 1]);
    }
    expect(movedAfter(first + 5, 1)).toBe(1);
  });

  test("stays, and says why once, where the second target refuses", () => {
    const refusing: Target = {
      ...reference(),
      prepare: () => {
        throw new TensorError("Cannot compile: expected luck, got none", "Try again.");
      },
    };
    const { target, seen } = watched(refusing, 0.001);
    expect(course(target, 40)).toEqual(course(wasm(), 40));
    course(target, 40);
    expect(seen).toEqual({ moves: 0, refusals: ["Cannot compile: expected luck, got none"] });
  });
});
