import { describe, expect, test } from "vitest";
import { checkGradients } from "./check-gradients.ts";
import { whileLoop } from "./library/control-flow.ts";
import { customJvp } from "./library/custom-jvp.ts";
import { cos, sin } from "./library/trigonometric.ts";
import { less, select } from "./ops/comparison.ts";
import { matmul } from "./ops/contraction.ts";
import { abs, add, maximum, mul, relu, tanh } from "./ops/elementwise.ts";
import { iota } from "./ops/movement.ts";
import { sum } from "./ops/reduction.ts";
import type { HostTensor } from "./pytree.ts";
import { wasm } from "./target/wasm/wasm.ts";
import { numbers } from "./testing/primitive-cases.ts";
import { array, full, type Tensor } from "./trace/tensor.ts";

interface Layer {
  readonly weight: Tensor;
  readonly biases: readonly [Tensor];
}
const layer = { weight: numbers([3, 4], -1, 1), biases: [numbers([3], -0.5, 0.5, 3)] };
const x = numbers([4], -1, 1, 8);
const network = ({ weight, biases }: Layer, input: Tensor): { readonly y: Tensor } => ({
  y: tanh(add(matmul(weight, input), biases[0])),
});
const single = (tensor: HostTensor): HostTensor => array(Float32Array.from(tensor.data), tensor.shape);
/** tanh whose derivative is wrong for the element at a position. */
const wrongAt = (position: number, factor: number): ((x: Tensor) => Tensor) =>
  customJvp(
    (v: Tensor) => tanh(v),
    ([v], y, [t]) =>
      mul(
        t,
        add(1, mul(-1, y, y)),
        select(less(abs(add(iota(v.shape, -1), -position)), 1), factor, full([], 1, v.dtype)),
      ),
  );

describe("checkGradients", () => {
  test("finds nothing wrong with trees, in float64 and float32, on any target", () => {
    const wide = checkGradients(network, [layer, x]);
    expect(wide.passed).toBe(true);
    expect(wide.worst.defect).toBeLessThan(1e-9);
    expect(wide.text).toMatch(/^The derivatives are right to 1e-7; the worst is argument [01]/);
    const narrow = { weight: single(layer.weight), biases: [single(layer.biases[0] as HostTensor)] };
    const report = checkGradients(network, [narrow, single(x)], { target: wasm() });
    expect(report.worst.defect).toBeLessThan(2e-3);
    expect(report.kinks).toEqual([]);
  });

  test("names the number whose derivative is wrong", () => {
    const f = ({ weight, biases }: Layer): Tensor => add(sum(mul(weight, weight)), sum(wrongAt(1, 1.01)(biases[0])));
    expect(() => checkGradients(f, [layer])).toThrow(
      /^Cannot trust a derivative: the worst is argument 0\.biases\[0\], element \[1\], where forward mode gives/,
    );
    const report = checkGradients(f, [layer], { throws: false });
    expect([report.passed, report.worst.path, report.worst.index]).toEqual([false, "[0].biases[0]", [1]]);
    expect(report.worst.defect).toBeGreaterThan(1e-3);
    expect(report.worst.forward).toBeCloseTo(report.worst.reverse as number, 12);
  });

  test("finds one wrong number among hundreds", () => {
    const many = numbers([600], -1, 1);
    expect(checkGradients((v: Tensor) => sum(tanh(v)), [many]).passed).toBe(true);
    const report = checkGradients((v: Tensor) => sum(wrongAt(271, 1.5)(v)), [many], { throws: false });
    expect([report.passed, report.worst.index]).toEqual([false, [271]]);
  });

  test("tells kinks from errors", () => {
    const at = array([0, 0.5]);
    for (const f of [relu, (v: Tensor) => maximum(v, 0), abs]) {
      const report = checkGradients(f, [at]);
      expect(report.kinks.map(({ index }) => index)).toEqual([[0]]);
      expect(report.text).toMatch(/There is a kink at argument 0, element \[0\]: the slope is -?[\d.]+ from the left/);
    }
    const outside = customJvp(
      (v: Tensor) => relu(v),
      ([v], _, [t]) => mul(t, add(2, mul(0, v))),
    );
    expect(checkGradients(outside, [array([0])], { throws: false }).passed).toBe(false);
  });

  test("checks the mode there is, and says which there is not", () => {
    const loop = (v: Tensor): Tensor =>
      whileLoop(
        ({ turn }) => less(turn, 3),
        ({ y, turn }) => ({ y: sin(add(y, v)), turn: add(turn, 1) }),
        { y: v, turn: full([], 0, "int32") },
      ).y;
    const report = checkGradients(loop, [array([0.3])]);
    expect([report.passed, report.worst.reverse]).toEqual([true, null]);
    expect(report.text).toContain("Reverse mode is refused.");
    const wrong = customJvp(
      (v: Tensor) => cos(v),
      ([v], _, [t]) => mul(t, sin(v)),
    );
    expect(() => checkGradients((v: Tensor) => wrong(loop(v)), [array([0.3])])).toThrow("reverse mode nothing");
    expect(() => checkGradients((v: Tensor) => v, [array(Int32Array.of(1))])).toThrow(
      "expected float arguments, got none",
    );
  });
});
