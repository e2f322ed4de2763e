import { describe, expect, it } from "vitest";
import { compile } from "../compile.ts";
import { matmul } from "../ops/contraction.ts";
import { add, mul, square, tanh } from "../ops/elementwise.ts";
import { sum } from "../ops/reduction.ts";
import type { HostTensor } from "../pytree.ts";
import { reference } from "../target/reference/reference.ts";
import { wasm } from "../target/wasm/wasm.ts";
import { array, type Tensor } from "../trace/tensor.ts";
import { trace } from "../trace/trace.ts";
import { grad, jvp } from "../transform/differentiate.ts";
import { vmap } from "../transform/vmap.ts";
import { checkpointedScan } from "./checkpointed-scan.ts";
import { type ScanResiduals, scan } from "./control-flow.ts";

const w = array([0.7, 0.9]);
const series = (turns: number): HostTensor => array(Array.from({ length: turns }, (_, i) => [Math.sin(i), 0.01 * i]));

/** A loop over `turns` rows, `length` of them run, that also totals what it passes. */
const loss =
  (loop: typeof checkpointedScan, turns: number) =>
  (weight: Tensor, length: Tensor): Tensor => {
    const [{ y, total }, results] = loop(
      (carry: { readonly y: Tensor; readonly total: Tensor }, x: Tensor) => {
        const next = tanh(add(mul(weight, carry.y), x));
        return [{ y: next, total: add(carry.total, mul(next, next)) }, mul(next, x)] as const;
      },
      { y: array([0.1, 0.2]) as unknown as Tensor, total: array([0, 0]) as unknown as Tensor },
      series(turns) as unknown as Tensor,
      { length },
    );
    return add(sum(square(y)), sum(total), sum(results));
  };

const close = (found: unknown, wanted: unknown): void => {
  (wanted as HostTensor).data.forEach((value, i) => {
    expect((found as HostTensor).data[i]).toBeCloseTo(value, 12);
  });
};

describe("checkpointedScan", () => {
  it.each([
    [10, 10],
    [10, 7],
    [16, 0],
    [1, 1],
  ])("of %i turns, %i of them run, has the value and derivatives of scan", (turns, count) => {
    const length = array(Int32Array.of(count), []);
    const once = (loop: typeof scan, target: ReturnType<typeof wasm>): unknown[] => {
      const f = loss(loop, turns);
      const second = (x: Tensor, n: Tensor): Tensor => jvp((v: Tensor) => grad(f)(v, n), [x], [array([1, -1])])[1];
      const twice = (x: Tensor, n: Tensor): Tensor => grad((v: Tensor) => sum(square(grad(f)(v, n))))(x);
      return [f, grad(f), second, twice].map((g) => compile(g as never, [w, length], target).callSync(w, length));
    };
    const wanted = once(scan, reference());
    for (const target of [reference(), wasm()]) {
      once(checkpointedScan, target).forEach((found, i) => {
        close(found, wanted[i]);
      });
    }
  });

  it.each([
    ["recompute", "recompute"],
    ["3 levels", { levels: 3 }],
  ] as const)("keeps the bits of gradients and Hessian-vector products: %s", (_, residuals) => {
    const turns = 23;
    const weight = array(
      Float64Array.from({ length: 25 }, (__, i) => Math.sin(3 * i)),
      [5, 5],
    );
    const xs = array(
      Float64Array.from({ length: 5 * turns }, (__, i) => Math.cos(i)),
      [turns, 5],
    );
    const derivatives = (kept: ScanResiduals, reverse: boolean): string[] => {
      const f = (w: Tensor, length: Tensor): Tensor => {
        const turn = (y: Tensor, x: Tensor) => {
          const next = tanh(add(matmul(y, w), x));
          return [next, sum(square(next))] as const;
        };
        const options = { residuals: kept, reverse, length };
        const [end, results] = scan(
          turn,
          array([1, 2, 3, 4, 5]) as unknown as Tensor,
          xs as unknown as Tensor,
          options,
        );
        return add(sum(end), sum(mul(results, array(Float64Array.from({ length: turns }, (__, i) => i)))));
      };
      const product = (w: Tensor, length: Tensor): Tensor => jvp((v: Tensor) => grad(f)(v, length), [w], [w])[1];
      return [f, grad(f), product].flatMap((g) => {
        const compiled = compile(g as never, [weight, array([0], [], "int32")], wasm());
        return [turns, 11].map((length) => {
          return Array.from((compiled.callSync(weight, array([length], [], "int32")) as HostTensor).data).join();
        });
      });
    };
    for (const reverse of [false, true]) expect(derivatives(residuals, reverse)).toEqual(derivatives("store", reverse));
  });

  it("needs a whole number of levels", () => {
    const f = (x: Tensor): Tensor =>
      scan((c: Tensor) => [c, {}] as const, x, {}, { bound: 4, residuals: { levels: 0 } })[0];
    expect(() => trace(f, [array(1)])).toThrow("Cannot scan: expected 1 or more levels of checkpoints, got 0");
  });

  it("runs each member of a batch as far as it goes", () => {
    const weights = array([
      [0.7, 0.9],
      [0.2, 0.4],
      [1.1, -0.3],
    ]);
    const lengths = array(Int32Array.of(10, 3, 0), [3]);
    const g = vmap(grad(loss(checkpointedScan, 10)));
    const wanted = compile(vmap(grad(loss(scan, 10))) as never, [weights, lengths], reference()).callSync(
      weights,
      lengths,
    );
    close(compile(g as never, [weights, lengths], wasm()).callSync(weights, lengths), wanted);
  });

  it("keeps no total that only grows", () => {
    // The total is as large as everything else; its values are not needed for its gradient.
    const bytes = (size: number): number => {
      const f = (weight: Tensor): Tensor => {
        const [{ y, total }] = checkpointedScan(
          (carry: { readonly y: Tensor; readonly total: Tensor }) =>
            [{ y: tanh(mul(weight, carry.y)), total: add(carry.total, sum(carry.y)) }, {}] as const,
          {
            y: array([0.1, 0.2]) as unknown as Tensor,
            total: array(new Float64Array(size)) as unknown as Tensor,
          },
          {},
          { bound: 1024 },
        );
        return add(sum(y), sum(square(total)));
      };
      return compile(grad(f) as never, [w], wasm()).bytes();
    };
    expect(bytes(256) - bytes(1)).toBeLessThan(6 * 8 * 255);
  });
});
