/**
 * Where time goes: what is counted, what is left alone, and that the parts add up to the whole.
 */
import { afterEach, describe, expect, test, vi } from "vitest";
import { compile } from "../compile.ts";
import type { DriverAddress, Kernel, Module, Step } from "../kernel/kernel.ts";
import { scan } from "../library/control-flow.ts";
import { matmul } from "../ops/contraction.ts";
import { add, mul, tanh } from "../ops/elementwise.ts";
import { reference } from "../target/reference/reference.ts";
import { wasm } from "../target/wasm/wasm.ts";
import { array, type Tensor } from "../trace/tensor.ts";
import { type KernelTime, type Profile, profileModule, type TimedModule } from "./profile.ts";
import { showProfile } from "./show-profile.ts";

const square = { dtype: "float32", shape: [128, 128] } as const;
const ones = (value: number) => array(new Array<number>(128 * 128).fill(value), [128, 128], "float32");

/** Layers of one weight. */
function layers(x: Tensor, w: Tensor, length: number | Tensor = 12): Tensor {
  const body = (y: Tensor): readonly [Tensor, object] => [tanh(matmul(y, w)), {}];
  return scan(body, x, {}, { length, bound: 12 })[0];
}

function productOf({ kernels }: Profile): KernelTime {
  return kernels.find(({ kernel }) => kernel.endsWith("product")) as KernelTime;
}

describe("profile", () => {
  const compiled = compile((x: Tensor, w: Tensor) => layers(x, w), [square, square], wasm());
  compiled.load(ones(0.25));
  compiled.runSync(ones(1 / 128));

  test("counts calls by what ran, and says where a kernel came from and how it loops", () => {
    const { calls, operations, ms, gflops, equations, schedule } = productOf(compiled.profile(2));
    expect(calls * operations).toBe(12 * 2 * 128 ** 3);
    expect(equations.join()).toMatch(/^dot float32\[128, \d+\]$/);
    expect(schedule).toMatch(/ 0\.\.128/);
    expect(gflops).toBeCloseTo((calls * operations) / (1e6 * ms), 6);
  });

  test("leaves the state as it is", () => {
    const before = compiled.read();
    compiled.profile(2);
    expect(compiled.read()).toEqual(before);
  });

  test("shows a table of the slowest, the rest in one row, and the sum", () => {
    const profile = compiled.profile(1);
    const lines = showProfile(profile, 1).split("\n");
    expect(lines[0]).toMatch(/^kernel +calls +ms +share +operations +bytes +gflop\/s +from; loops$/);
    const [slowest] = profile.kernels;
    expect(lines[1]).toMatch(/^\d+: /);
    expect(lines[1]).toContain(` ${slowest?.equations.join(", ")}; ${slowest?.schedule}`);
    expect(lines[2]).toContain(`${profile.kernels.length - 1} more`);
    expect(lines.at(-2)).toMatch(/^all kernels .* 100\.0 %$/);
    expect(lines.at(-1)).toMatch(/^a whole step: \S+ ms, the median of 1$/);
  });

  test("follows lengths that are decided at run time", () => {
    const length = { dtype: "int32", shape: [] } as const;
    const dynamic = (x: Tensor, w: Tensor, n: Tensor): Tensor => mul(add(layers(x, w, n), 1), 0.5);
    const growing = compile(dynamic, [square, square, length], wasm());
    growing.load(ones(0.25));
    for (const n of [3, 5]) {
      growing.runSync(ones(1 / 128), array(Int32Array.of(n), []));
      const { calls, operations } = productOf(growing.profile(1));
      expect(calls * operations).toBe(n * 2 * 128 ** 3);
    }
  });

  test("is refused where there are no kernels", () => {
    const slow = compile((x: Tensor) => tanh(x), [square], reference());
    expect(slow.kernels()).toEqual([]);
    expect(() => slow.profile()).toThrow("Cannot profile: expected a target that makes kernels, got reference");
  });
});

/** A module of two kernels, the second in a loop of twelve turns, between memory that is cleared and copied. */
function smallModule(): Module {
  const at = (offset: number): DriverAddress => ({ offset, terms: [] });
  const kernel = (name: string, operations: number): Kernel => ({
    name,
    parameters: 0,
    body: [],
    note: { equations: [name], operations, bytes: 8 },
  });
  const call = (number: number): Step => ({ kind: "call", kernel: number, addresses: [] });
  const loop = { kind: "loopVariable", name: "i" } as const;
  const driver: readonly Step[] = [
    { kind: "clear", at: at(0), bytes: 16 },
    call(0),
    { kind: "repeat", loop, length: 12, bound: 12, reverse: false, body: [call(1)] },
    { kind: "copy", to: at(0), from: at(32), bytes: 8 },
  ];
  return {
    arenaBytes: 64,
    kernels: [kernel("small", 1000), kernel("large", 5000)],
    driver,
    constants: [],
    inputs: [],
    outputs: [],
  };
}

describe("the sum of a profile", () => {
  afterEach(() => void vi.restoreAllMocks());

  /** ms of a call of each kernel; a copy and a clear take 1 ms, since the clock moves on by as much at each reading. */
  const cost = [2, 3] as const;
  const whole = 2 + 12 * 3 + 1 + 1;

  /** A machine that takes these times, `slowness(n)` times as long for the nth whole step and for the kernels after it. */
  function machine(slowness: (step: number) => number = () => 1): TimedModule {
    let [now, steps] = [0, 0];
    vi.spyOn(performance, "now").mockImplementation(() => now++);
    const run = (): void => {
      steps += 1;
      now += whole * slowness(steps) - 1;
    };
    const time = (kernel: number): number => (cost[kernel] as number) * slowness(steps);
    return { view: new DataView(new ArrayBuffer(64)), run, time };
  }

  test("is the whole step: every kernel, copy and clear has its time, the slowest first", () => {
    const { kernels, ms, steps } = profileModule(smallModule(), machine());
    expect(kernels.map(({ kernel, calls, ms: each }) => [kernel, calls, each])).toEqual([
      ["1: large", 12, 36],
      ["0: small", 1, 2],
      ["copy", 1, 1],
      ["clear", 1, 1],
    ]);
    expect(ms).toBe(whole);
    expect(steps).toBe(Math.ceil(300 / whole));
    expect(kernels[0]?.gflops).toBeCloseTo((12 * 5000) / (1e6 * 36), 12);
  });

  test("stays so where the machine is slow for less than half of the time", () => {
    const { kernels, ms } = profileModule(
      smallModule(),
      machine((step) => (step % 14 < 5 ? 10 : 1)),
      30,
    );
    expect(ms).toBe(whole);
    expect(kernels.reduce((sum, kernel) => sum + kernel.ms, 0)).toBe(whole);
  });
});
