import { describe, expect, test } from "vitest";
import { compile, evaluate } from "../compile.ts";
import { scan } from "../library/control-flow.ts";
import { sin } from "../library/trigonometric.ts";
import { matmul } from "../ops/contraction.ts";
import { add, mul, tanh } from "../ops/elementwise.ts";
import { sum } from "../ops/reduction.ts";
import type { HostTensor } from "../pytree.ts";
import { wasm } from "../target/wasm/wasm.ts";
import { numbers } from "../testing/primitive-cases.ts";
import { closureConvert } from "../trace/closure-convert.ts";
import { array, type Tensor } from "../trace/tensor.ts";
import { specOf, trace } from "../trace/trace.ts";
import { grad, jvp } from "./differentiate.ts";
import { divergence } from "./divergence.ts";
import { hessianVector } from "./hessian-vector.ts";
import { hessian, jacobianForward } from "./jacobian.ts";
import { laplacian } from "./laplacian.ts";
import { linearize } from "./linearize.ts";

const w = numbers([3, 3], -0.9, 0.9);
const x = numbers([3], -0.7, 0.8, 4);
const field = (y: Tensor): Tensor =>
  scan((z: Tensor) => [tanh(add(matmul(w, z), mul(0.3, sin(y)))), {}] as const, y, {}, { bound: 4 })[0];
const energy = (y: Tensor): Tensor => sum(mul(sin(field(y)), y));
const close = (found: unknown, wanted: unknown): void => {
  (wanted as HostTensor).data.forEach((value, i) => {
    expect((found as HostTensor).data[i]).toBeCloseTo(value, 13);
  });
};

describe("linearize", () => {
  const parameters = { matrix: w, bias: numbers([3], -1, 1, 9), turns: array(Int32Array.of(2)) };
  type Parameters = { readonly matrix: Tensor; readonly bias: Tensor };
  const tree = ({ matrix, bias }: Parameters): { readonly a: Tensor; readonly b: readonly Tensor[] } => {
    const a = tanh(add(matmul(matrix, bias), bias));
    return { a, b: [mul(a, a), sum(bias)] };
  };
  const tangents = [0, 1].map((k) => ({
    ...parameters,
    matrix: numbers([3, 3], -1, 1, 3 * k),
    bias: numbers([3], 0, 1, k),
  }));

  test("has the values and tangents of jvp, and computes the values once", () => {
    const both = (p: Parameters): unknown => {
      const { value, pushforward } = linearize(tree as never, p);
      return [value, ...tangents.map((t) => pushforward(t))];
    };
    const found = evaluate(both as never, parameters) as readonly { a: HostTensor; b: HostTensor[] }[];
    tangents.forEach((t, k) => {
      const [value, tangent] = evaluate(
        ((p: Parameters) => jvp(tree as never, [p], [t])) as never,
        parameters,
      ) as never[];
      for (const [ours, wanted] of [
        [found[0], value],
        [found[k + 1], tangent],
      ] as { a: HostTensor; b: HostTensor[] }[][]) {
        close(ours?.a, wanted?.a);
        close(ours?.b[0], wanted?.b[0]);
        close(ours?.b[1], wanted?.b[1]);
      }
    });
    const { program } = trace(both as never, [parameters]);
    expect(program.equations.filter(({ primitive }) => primitive === "tanh")).toHaveLength(1);
  });

  test("can be kept: one compiled program for the point, another for each tangent", () => {
    let apply: ((captures: readonly Tensor[], v: Tensor) => Tensor) | undefined;
    const at = compile(
      ((y: Tensor) => {
        const { pushforward } = linearize(field as never, y);
        const converted = closureConvert(pushforward as (v: Tensor) => Tensor, [specOf(x)]);
        apply = converted.call as never;
        return converted.captures;
      }) as never,
      [x],
      wasm(),
    );
    const residuals = at.callSync(x) as unknown as HostTensor[];
    const along = compile(((r: Tensor[], v: Tensor) => apply?.(r, v)) as never, [residuals, x], wasm());
    expect(along.program.equations.some(({ primitive }) => primitive === "tanh")).toBe(false);
    for (const v of [numbers([3], -1, 1), numbers([3], 2, 5)]) {
      close(along.callSync(residuals, v), evaluate(((y: Tensor) => jvp(field as never, [y], [v])[1]) as never, x));
    }
  });
});

test("hessianVector is the Hessian times a vector, on trees too", () => {
  const v = numbers([3], -1, 2, 7);
  close(
    evaluate(hessianVector(energy) as never, x, v),
    evaluate(((y: Tensor) => matmul(hessian(energy)(y), v)) as never, x),
  );
  const split = ({ a, b }: { readonly a: Tensor; readonly b: readonly [Tensor] }): Tensor => sum(mul(a, a, b[0]));
  const product = evaluate(
    hessianVector(split) as never,
    { a: array([1, 2]), b: [array([3, 4])] },
    { a: array([1, 0]), b: [array([0, 1])] },
  );
  expect(product).toMatchObject({ a: { data: Float64Array.of(6, 4) }, b: [{ data: Float64Array.of(2, 0) }] });
});

describe("divergence", () => {
  const trace3 = (y: Tensor): Tensor =>
    sum(
      mul(
        jacobianForward(field)(y),
        array([
          [1, 0, 0],
          [0, 1, 0],
          [0, 0, 1],
        ]),
      ),
    );

  test("is the trace of the Jacobian, and so are its derivatives", () => {
    close(evaluate(divergence(field) as never, x), evaluate(trace3 as never, x));
    close(evaluate(grad(divergence(field)) as never, x), evaluate(grad(trace3) as never, x));
  });

  test("by all eight signs is exact, by others right on average", () => {
    const signs = array(Array.from({ length: 8 }, (_, k) => [0, 1, 2].map((bit) => ((k >> bit) & 1 ? 1 : -1))));
    close(evaluate(divergence(field) as never, x, signs), evaluate(trace3 as never, x));
    const few = array([[1, -1, 1]]);
    const [one, exact] = [few, signs].map(
      (probes) => (evaluate(divergence(field) as never, x, probes) as unknown as HostTensor).data[0] as number,
    ) as [number, number];
    const jacobian = (evaluate(jacobianForward(field) as never, x) as unknown as HostTensor).data;
    const given = Array.from(few.data);
    const byHand = given.reduce(
      (total, a, i) => total + given.reduce((row, b, k) => row + a * b * (jacobian[3 * i + k] as number), 0),
      0,
    );
    expect(one).toBeCloseTo(byHand, 13);
    expect(Math.abs(one - exact)).toBeGreaterThan(1e-3);
  });

  test("computes the field once, and refuses what is no field", () => {
    const { program } = trace(divergence((y) => tanh(matmul(w, y))) as never, [x]);
    expect(program.equations.filter(({ primitive }) => primitive === "tanh")).toHaveLength(1);
    expect(() => evaluate(divergence(energy) as never, x)).toThrow(
      "Cannot take a divergence: expected a field with the shape of its argument, float64[3], got float64[]",
    );
    expect(() => evaluate(divergence(field) as never, x, array([1, 1, 1]))).toThrow("got float64[]");
  });
});

describe("laplacian", () => {
  test("is the trace of the Hessian, of each number of a result, and so is its gradient", () => {
    const byHessian = (y: Tensor): Tensor =>
      sum(
        mul(
          hessian(energy)(y),
          array([
            [1, 0, 0],
            [0, 1, 0],
            [0, 0, 1],
          ]),
        ),
      );
    close(evaluate(laplacian(energy) as never, x), evaluate(byHessian as never, x));
    close(evaluate(grad(laplacian(energy)) as never, x), evaluate(grad(byHessian) as never, x));
    const vector = evaluate(laplacian((y) => mul(y, sum(mul(y, y)))) as never, x) as unknown as HostTensor;
    vector.data.forEach((value, i) => {
      expect(value).toBeCloseTo(10 * (x.data[i] as number), 13);
    });
  });

  test("computes what does not depend on the direction once", () => {
    const { program } = trace(laplacian((y) => sum(tanh(matmul(w, y)))) as never, [x]);
    const tanhs = program.equations.filter(({ primitive }) => primitive === "tanh");
    expect(tanhs.map(({ outputs }) => outputs[0]?.type.shape)).toEqual([[3]]);
  });
});
