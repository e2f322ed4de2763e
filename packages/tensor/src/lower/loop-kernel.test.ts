/**
 * Loops as kernels, run by the interpreter of the kernel language, against the reference evaluator.
 */
import { describe, expect, test } from "vitest";
import { checkModule } from "../kernel/check.ts";
import { printKernel } from "../kernel/print.ts";
import { scan, whileLoop } from "../library/control-flow.ts";
import { sin } from "../library/trigonometric.ts";
import { and, equal, less, lessEqual, not, select } from "../ops/comparison.ts";
import { add, convert, div, mul, sqrt, sub, tanh } from "../ops/elementwise.ts";
import { at, concatenate, expandDimensions, iota, pad, reverse, slice, stack, transpose } from "../ops/movement.ts";
import { max, sum } from "../ops/reduction.ts";
import { evaluateProgram } from "../target/reference/evaluate.ts";
import { array, full, type Tensor } from "../trace/tensor.ts";
import { trace } from "../trace/trace.ts";
import { grad } from "../transform/differentiate.ts";
import { vmap } from "../transform/vmap.ts";
import { narrowTraits, runLowered, wideTraits } from "./testing/run-lowered.ts";

/** Runs on both widths of vectors, compares with the reference; gives the smaller number of kernels. */
function compare(f: (...inputs: never[]) => unknown, ...inputs: ReturnType<typeof array>[]): number {
  const { program } = trace(f, inputs);
  const expected = evaluateProgram(program, inputs as never);
  const counts = [narrowTraits, wideTraits].map((traits) => {
    const { module, outputs } = runLowered(program, inputs as never, traits);
    checkModule(module);
    expected.forEach(({ data }, i) => {
      expect(outputs[i]?.length).toBe(data.length);
      for (const [j, value] of data.entries()) expect(outputs[i]?.[j]).toBeCloseTo(value, 12);
    });
    return module.kernels.length;
  });
  return Math.min(...counts);
}

/** Doubles until it is at least the limit: as many turns as that takes. */
function doublings(start: Tensor, limit: Tensor): { value: Tensor; turns: Tensor; odd: Tensor } {
  return whileLoop(
    ({ value }) => less(value, limit),
    ({ value, turns, odd }) => ({ value: mul(2, value), turns: add(turns, 1), odd: less(odd, full([], 1, "bool")) }),
    { value: start, turns: full([], 0, "int32"), odd: full([], 0, "bool") },
  );
}

describe("one loop", () => {
  test("is one kernel", () => {
    expect(compare((x: Tensor, limit: Tensor) => doublings(x, limit), array(1.5), array(100))).toBe(1);
  });

  test("may run not at all", () => {
    compare((x: Tensor, limit: Tensor) => doublings(x, limit), array(3), array(2));
  });

  test("changes all of its carry at once", () => {
    const swap = (start: Tensor): unknown =>
      whileLoop(
        ({ turns }) => less(turns, 5),
        ({ a, b, turns }) => ({ a: b, b: a, turns: add(turns, 1) }),
        { a: start, b: mul(start, 3), turns: full([], 0, "int32") },
      );
    compare(swap, array([1, 2, 3]));
  });

  test("keeps a comparison within the only choice that asks for it", () => {
    const limited = (start: Tensor): unknown =>
      whileLoop(
        ({ turns }) => less(turns, 5),
        ({ a, ends, turns }) => {
          const next = mul(1.5, a);
          const isLong = lessEqual(4, next);
          const cut = select(less(next, 5), next, full([], 5));
          return { a: cut, ends: select(isLong, add(ends, select(isLong, cut, next)), ends), turns: add(turns, 1) };
        },
        { a: start, ends: full([], 0), turns: full([], 0, "int32") },
      );
    compare(limited, array(1.2));
    const { program } = trace(limited, [array(1.2)]);
    const kernels = runLowered(program, [array(1.2)] as never, wideTraits)
      .module.kernels.map(printKernel)
      .join("\n");
    expect(kernels).toContain("select(mul < 5, mul, 5)");
    expect(kernels).toContain("bool lessEqual = 4 <= mul");
  });

  test("moves elements, sums and selects within the carry", () => {
    const shuffle = (start: Tensor): unknown =>
      whileLoop(
        ({ m, turns }) => lessEqual(convert(turns, "float64"), sub(max(m), -2)),
        ({ m, turns }) => {
          const turned = reverse(transpose(m), [0]);
          const row = add(at(turned, 1), sum(at(turned, 0)));
          const next = add(concatenate([stack([row]), slice(m, 0, 1)]), slice(pad(turned, 1, 1, 1, 1), 1, 1, 3));
          return { m: select(less(next, 3), sin(next), mul(next, 0.25)), turns: add(turns, 1) };
        },
        { m: start, turns: full([], 0, "int32") },
      );
    compare(shuffle, array([1, 2, 3, 4], [2, 2]));
  });
});

describe("many loops side by side", () => {
  const starts = Float64Array.from({ length: 37 }, (_, i) => 1 + ((i * 7) % 11));

  test("are one kernel, each with its own number of turns", () => {
    const all = (x: Tensor, limit: Tensor): unknown => vmap((each: Tensor) => doublings(each, limit))(x);
    expect(compare(all, array(starts), array(1000))).toBeLessThanOrEqual(2);
  });

  test("keep the carry of a member that is done, whatever its next turn would give", () => {
    const all = (x: Tensor): unknown =>
      vmap((start: Tensor) =>
        whileLoop(
          (y) => less(0, y),
          (y) => select(less(1, y), sub(y, 1), mul(y, Number.NEGATIVE_INFINITY)),
          start,
        ),
      )(x);
    compare(all, array(starts));
  });

  test("may be done before they begin, and have numbers of their own before, within and after", () => {
    const all = (x: Tensor, scale: Tensor): unknown =>
      vmap((start: Tensor) => {
        const own = mul(start, 1.25);
        const { value, turns, odd } = doublings(add(start, 6), mul(own, scale));
        const end = whileLoop(
          ({ y }) => less(y, mul(own, 9)),
          ({ y, count }) => ({ y: add(mul(y, scale), own), count: add(count, 1) }),
          { y: value, count: turns },
        );
        return { sum: add(end.y, own), count: end.count, odd, start: mul(start, -0) };
      })(x);
    compare(all, array(starts), array(1.5));
    const one = (x: Tensor, scale: Tensor): unknown =>
      vmap((start: Tensor) => {
        const own = mul(start, 1.25);
        const [{ value, turns, odd }, past] = [doublings(add(start, 6), mul(own, scale)), less(start, 4)];
        return { value: select(past, mul(value, own), value), turns, odd, start: mul(start, -0) };
      })(x);
    for (const count of [2, 5, 37]) compare(one, array(starts.slice(0, count)), array(1.5));
  });

  test("take what comes before them inside, a few members at a time: nothing of it is laid out", () => {
    const all = (x: Tensor, limit: Tensor): unknown =>
      vmap((start: Tensor) => {
        const [y, v] = [at(start, 0), at(start, 1)];
        const first = div(sqrt(add(mul(y, y), mul(v, v))), add(limit, 1));
        const isFar = less(limit, y);
        return whileLoop(
          ({ y: now, isFar: far }) => and(less(now, limit), not(far)),
          ({ y: now, h, turns, isFar: far }) => {
            const next = add(mul(now, h), sin(now), tanh(mul(h, now)), 1);
            return { y: next, h: add(h, mul(0.01, sin(h))), turns: add(turns, 1), isFar: far };
          },
          { y, h: add(1, first), turns: full([], 0, "int32"), isFar },
        );
      })(x);
    for (const count of [1, 3, 37, 1000]) {
      const states = array(
        Float64Array.from({ length: 2 * count }, (_, i) => 0.5 + ((i * 7) % 11)),
        [count, 2],
      );
      compare(all, states, array(9));
      if (count < 100) continue;
      const { program } = trace(all, [states, array(9)]);
      const { module } = runLowered(program, [states, array(9)], wideTraits);
      const kept = [...module.inputs, ...module.outputs].reduce(
        (sum, { dtype, elements }) => sum + elements * (dtype === "float64" ? 8 : 4),
        0,
      );
      // Not even one tensor of flags of all members.
      expect(module.arenaBytes).toBeLessThan(kept + 4 * count);
    }
  });

  test("may hold loops", () => {
    const all = (x: Tensor): unknown =>
      vmap((start: Tensor) =>
        whileLoop(
          ({ y }) => less(y, 500),
          ({ y, turns }) => ({ y: add(doublings(y, mul(y, 5)).value, 1), turns: add(turns, 1) }),
          { y: start, turns: full([], 0, "int32") },
        ),
      )(x);
    compare(all, array(starts));
  });
});

describe("a long axis", () => {
  const weights = array(
    Float64Array.from({ length: 100 }, (_, i) => Math.sin(i)),
    [2, 50],
  );
  const turn = (w: Tensor, y: Tensor): Tensor => {
    const hidden = tanh(sum(mul(w, expandDimensions(y, 1)), 0));
    return add(mul(y, 0.5), sum(mul(transpose(w), expandDimensions(hidden, 1)), 0));
  };

  test("becomes the lanes of a while", () => {
    const loop = (w: Tensor, start: Tensor): unknown =>
      whileLoop(
        ({ turns }) => less(turns, 7),
        ({ y, turns }) => ({ y: turn(w, y), turns: add(turns, 1) }),
        { y: start, turns: full([], 0, "int32") },
      );
    expect(compare(loop, weights, array([0.3, -0.2]))).toBe(1);
  });

  test.each([0, 3, 9])("becomes the lanes of scans and their gradient, %i turns", (length) => {
    const loss = (w: Tensor, start: Tensor, count: Tensor): Tensor => {
      const step = (y: Tensor, x: Tensor): readonly [Tensor, Tensor] => [add(turn(w, y), x), sum(mul(w, x))];
      const [end, seen] = scan(step, start, iota([9], 0, "float64"), { length: count });
      return add(sum(end), max(seen));
    };
    const both = (w: Tensor, start: Tensor, count: Tensor): unknown =>
      grad((at: { w: Tensor; start: Tensor }) => loss(at.w, at.start, count))({ w, start });
    compare(loss, weights, array([0.3, -0.2]), array(Int32Array.of(length), []));
    compare(both, weights, array([0.3, -0.2]), array(Int32Array.of(length), []));
  });

  test("varies in the carry, the slices and the results", () => {
    const rows = array(
      Float64Array.from({ length: 5 * 37 }, (_, i) => Math.cos(i)),
      [5, 37],
    );
    const loop = (x: Tensor): unknown =>
      scan(
        (total: Tensor, row: Tensor) => {
          const next = add(mul(total, 0.5), row);
          return [
            next,
            { turned: reverse(stack([next, row]), [0]), most: max(next), count: sum(full([37], 2)) },
          ] as const;
        },
        full([37], 1),
        x,
        { reverse: true },
      );
    compare(loop, rows);
  });

  test("does not mix with a second one", () => {
    const loop = (x: Tensor): unknown =>
      scan((total: Tensor, row: Tensor) => [add(total, sum(row)), {}] as const, full([20], 1), x, {})[0];
    compare(
      loop,
      array(
        Float64Array.from({ length: 90 }, (_, i) => i),
        [3, 30],
      ),
    );
  });
});

describe("a record", () => {
  const recorded = (from: Tensor, always: boolean): unknown =>
    whileLoop(
      ({ turns }) => less(turns, 60),
      ({ turns, count, record }) => {
        const accept = less(sin(convert(turns, "float64")), 0.5);
        const here = equal(iota([40]), count);
        const mask = always ? here : and(here, accept);
        return {
          turns: add(turns, 1),
          count: add(count, convert(accept, "int32")),
          record: select(mask, mul(2, convert(turns, "float64")), record),
        };
      },
      { turns: full([], 0, "int32"), count: sub(convert(from, "int32"), 1), record: full([40], -1, "float64") },
    );

  test.each([true, false])("is written in place, and not beyond its ends (%s)", (always) => {
    expect(compare((from: Tensor) => recorded(from, always), array(0))).toBeLessThanOrEqual(2);
    compare((from: Tensor) => recorded(from, always), array(30));
  });
});

test("the loop stands inside the kernel", () => {
  const { program } = trace(
    (x: Tensor) =>
      whileLoop(
        (y) => less(y, 9),
        (y) => add(y, 2),
        x,
      ),
    [array(1)],
  );
  const { module } = runLowered(program, [array(1)] as never);
  expect(module.driver.every(({ kind }) => kind !== "while")).toBe(true);
  expect(printKernel(module.kernels[0] as never)).toMatchInlineSnapshot(`
    "kernel while (1 addresses, 2 operations, 16 bytes)
      float64 input = float64 [p0]
      float64 carry = input
      bool less = carry < 9
      bool active = less
      while any active
        float64 add = carry + 2
        float64 next = add
        carry = next
        bool less.1 = carry < 9
        active = less.1
      store [p0] = carry"
  `);
});
