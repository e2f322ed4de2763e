import { array, evaluate, full, type HostTensor, mul, neg, square, type Tensor } from "@leastaction/tensor";
import { describe, expect, it } from "vitest";
import { errorNorm } from "./error-norm.ts";
import { firstStep } from "./first-step.ts";
import { pi } from "./pi.ts";
import { type PidOptions, pid } from "./pid.ts";

interface Decided {
  readonly accept: boolean;
  readonly factor: number;
  readonly memory: readonly number[];
}

/** Errors in the memory are given and returned as they are; the controller keeps their logarithms. */
function decide(options: PidOptions, error: number, memory: readonly [number, number], rejected = false): Decided {
  const found = evaluate((e: Tensor) => {
    const last = memory.map((value) => full([], Math.log(value)));
    return pid(options).decide(square(e), 5, last, full([], rejected ? 1 : 0, "bool"));
  }, array(error) as never) as unknown as { accept: HostTensor; factor: HostTensor; memory: HostTensor[] };
  const [accept, factor] = [found.accept.data[0] === 1, found.factor.data[0] as number];
  return { accept, factor, memory: found.memory.map(({ data }) => Math.exp(data[0] as number)) };
}

describe("pid", () => {
  const elementary: PidOptions = { proportional: 0, integral: 1 };

  it("is the elementary controller with only the integral part", () => {
    expect(decide(elementary, 0.1, [1, 1]).factor).toBeCloseTo(0.9 * 0.1 ** -0.2, 6);
  });

  it("is the stabilised controller of DOPRI5 by default", () => {
    const { accept, factor, memory } = decide({}, 0.5, [0.2, 0.3]);
    expect(accept).toBe(true);
    expect(factor).toBeCloseTo(0.9 * 0.5 ** -0.17 * 0.2 ** 0.04, 6);
    expect(memory[0]).toBeCloseTo(0.5, 6);
    expect(memory[1]).toBeCloseTo(0.2, 6);
  });

  it("looks two errors back with a derivative part", () => {
    const { factor } = decide({ proportional: 0.3, integral: 0.3, derivative: 0.1 }, 0.5, [0.2, 0.3]);
    expect(factor).toBeCloseTo(0.9 * 0.5 ** -0.14 * 0.2 ** 0.1 * 0.3 ** -0.02, 6);
  });

  it("rejects, shrinks and keeps its memory", () => {
    const { accept, factor, memory } = decide({}, 32, [0.2, 0.3]);
    expect(accept).toBe(false);
    expect(factor).toBeCloseTo(0.45, 6);
    expect(memory[0]).toBeCloseTo(0.2, 6);
    expect(memory[1]).toBeCloseTo(0.3, 6);
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY])("shrinks as far as it may on %d", (error) => {
    const { accept, factor, memory } = decide({}, error, [1, 1]);
    expect({ accept, factor, memory }).toEqual({ accept: false, factor: 0.2, memory: [1, 1] });
  });

  it("stays within its limits and does not grow after a rejection", () => {
    expect(decide({}, 0, [1, 1]).factor).toBe(10);
    expect(decide({ maxFactor: 3 }, 0, [1, 1]).factor).toBe(3);
    expect(decide({}, 0, [1, 1], true).factor).toBe(1);
    expect(decide({}, 1e9, [1, 1]).factor).toBe(0.2);
  });
});

describe("pi", () => {
  const fromPi = (error: number, last: number): number => {
    const found = evaluate(
      (e: Tensor) => pi().decide(square(e), 5, [full([], Math.log(last)), full([], 0)], full([], 0, "bool")),
      array(error) as never,
    ) as unknown as { readonly factor: HostTensor };
    return found.factor.data[0] as number;
  };

  it("has the gains of Gustafsson", () => {
    expect(pi().name).toBe("pi");
    expect(fromPi(0.5, 0.2)).toBeCloseTo(0.9 * 0.5 ** (-0.7 / 5) * 0.2 ** (0.4 / 5), 6);
  });

  it("gives way to gains of one's own", () => {
    const { factor } = decide({ proportional: -1 / 6, integral: 1 / 3 }, 0.5, [0.2, 1]);
    expect(factor).toBeCloseTo(0.9 * 0.5 ** (-1 / 30) * 0.2 ** (-1 / 30), 6);
    const h312 = decide({ proportional: -2 / 9, integral: 2 / 9, derivative: 1 / 18 }, 0.5, [0.2, 0.3]);
    expect(h312.factor).toBeCloseTo(0.9 * 0.5 ** (-1 / 90) * 0.2 ** (-1 / 45) * 0.3 ** (-1 / 90), 6);
  });
});

describe("limits", () => {
  it.each<[PidOptions, string]>([
    [
      { safety: 1 },
      "Cannot control steps: expected 0 < minFactor < 1 <= maxFactor and 0 < safety < 1, got 0.2, 10 and 1",
    ],
    [
      { minFactor: 0 },
      "Cannot control steps: expected 0 < minFactor < 1 <= maxFactor and 0 < safety < 1, got 0, 10 and 0.9",
    ],
    [
      { dtMin: 1, dtMax: 0.5 },
      "Cannot control steps: expected dtMin and dtMax to be positive and dtMin at most dtMax, got 1 and 0.5",
    ],
    [
      { dtMax: -1 },
      "Cannot control steps: expected dtMin and dtMax to be positive and dtMin at most dtMax, got 0 and -1",
    ],
  ])("%o are refused", (options, message) => {
    expect(() => pid(options)).toThrow(message);
  });
});

describe("errorNorm", () => {
  it("is the root mean square over all leaves in units of the tolerance", () => {
    const norm = evaluate(
      (e: { a: Tensor; b: Tensor }, y: { a: Tensor; b: Tensor }) =>
        errorNorm(e, { rtol: 0.1, atol: { a: 1, b: 2 } }, y),
      { a: array([3, 4]), b: array(Float32Array.of(6)) } as never,
      { a: array([0, -10]), b: array(Float32Array.of(10)) } as never,
    ) as unknown as HostTensor;
    expect(norm.dtype).toBe("float64");
    expect(norm.data[0]).toBeCloseTo(Math.sqrt((9 + 4 + 4) / 3), 7);
  });
});

describe("firstStep", () => {
  const first = (rate: number, direction: number, span = 100): number => {
    const found = evaluate(
      (y: Tensor) => {
        const field = (_t: Tensor, state: Tensor): Tensor => neg(mul(rate, state));
        const scalar = (value: number): Tensor => full([], value);
        const state = { t: scalar(0), y, slope: field(scalar(0), y), direction: scalar(direction), span: scalar(span) };
        return firstStep(field, state, { rtol: 1e-6, atol: 0 }, 4);
      },
      array([2]) as never,
    ) as unknown as HostTensor;
    return found.data[0] as number;
  };

  it("follows the published rule on a decay", () => {
    const guess = 0.01 / 10;
    const curvature = (1e6 * 10 * (1 - (1 - 10 * guess))) / guess;
    expect(first(10, 1)).toBeCloseTo((0.01 / curvature) ** (1 / 5), 10);
  });

  it("does not depend on the direction of time here, and never exceeds the span", () => {
    expect(first(10, -1)).toBeCloseTo(first(10, 1), 12);
    expect(first(0, 1, 1e-9)).toBeLessThanOrEqual(1e-9);
  });
});
