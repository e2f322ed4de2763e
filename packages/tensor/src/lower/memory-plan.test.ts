import { describe, expect, test } from "vitest";
import { alignment, collectLifetimes, planMemory } from "./memory-plan.ts";
import { type Buffer, type LoopToken, type PlacedStep, wholeOf } from "./place.ts";

const buffer = (bytes: number, loops: readonly LoopToken[] = [], life: Buffer["life"] = "temporary"): Buffer => ({
  bytes,
  loops,
  life,
});
const call = (...buffers: Buffer[]): PlacedStep => ({
  kind: "call",
  kernel: 0,
  places: buffers.map(wholeOf),
  over: [],
});
const over = (result: Buffer, operand: Buffer): PlacedStep => ({
  kind: "call",
  kernel: 0,
  places: [wholeOf(operand), wholeOf(result)],
  over: [{ results: [wholeOf(result)], operands: [wholeOf(operand)] }],
});

describe("planMemory", () => {
  test("buffers that do not live together share memory; slots are aligned", () => {
    const [a, b, c] = [buffer(100), buffer(100), buffer(100)];
    const { offsets, arenaBytes } = planMemory([call(a, b), call(b, c)], []);
    expect(offsets.get(c)).toBe(offsets.get(a));
    expect(offsets.get(b)).not.toBe(offsets.get(a));
    expect(arenaBytes).toBe(2 * 128);
    for (const offset of offsets.values()) expect(offset % alignment).toBe(0);
  });

  test("a result takes over an operand that dies, unless it is read again", () => {
    const [a, b] = [buffer(64), buffer(64)];
    expect(planMemory([call(a), over(b, a)], []).offsets.get(b)).toBe(0);
    const again = planMemory([call(a), over(b, a), call(a)], []);
    expect(again.offsets.get(b)).not.toBe(again.offsets.get(a));
  });

  test("what a loop reads from outside lives through the loop; what it makes itself does not", () => {
    const token: LoopToken = { kind: "loopToken" };
    const [outside, first, second] = [buffer(64), buffer(64, [token]), buffer(64, [token])];
    const loop: PlacedStep = {
      kind: "repeat",
      token,
      loop: { kind: "loopVariable", name: "step" },
      length: 3,
      bound: 3,
      reverse: false,
      body: [call(outside, first), call(second)],
    };
    const { lifetimes } = collectLifetimes([call(outside), loop]);
    expect(lifetimes.get(outside)?.last).toBeGreaterThan(lifetimes.get(second)?.last as number);
    const { offsets } = planMemory([call(outside), loop], []);
    expect(offsets.get(second)).toBe(offsets.get(first));
    expect(offsets.get(second)).not.toBe(offsets.get(outside));
  });

  test("inputs, constants and outputs are never written over", () => {
    const [input, output, later] = [buffer(64, [], "always"), buffer(64, [], "kept"), buffer(64)];
    const { offsets } = planMemory([over(output, input), call(later)], [input, output]);
    expect(new Set(offsets.values()).size).toBe(3);
  });
});
