/**
 * Functions of symmetric matrices: all derivatives to third order where eigenvalues are apart, close, and equal.
 */
import { describe, expect, it } from "vitest";
import { compile, evaluate } from "../compile.ts";
import { diagonal } from "../ops/diagonal.ts";
import { add, div, exp, mul, neg, sqrt, sub } from "../ops/elementwise.ts";
import { matrixProduct, matrixTranspose } from "../ops/matrix-product.ts";
import { sum } from "../ops/reduction.ts";
import { programToJson } from "../program/json.ts";
import type { HostTensor } from "../pytree.ts";
import { wasm } from "../target/wasm/wasm.ts";
import { turnedDiagonal } from "../testing/spectra.ts";
import { inline } from "../trace/builder.ts";
import { array, type Tensor } from "../trace/tensor.ts";
import { trace } from "../trace/trace.ts";
import { grad, jvp } from "../transform/differentiate.ts";
import { vmap } from "../transform/vmap.ts";
import { eigh } from "./eigh.ts";
import { log } from "./logarithm.ts";
import { matrixExponential } from "./matrix-exponential.ts";
import { programFromJson } from "./program-from-json.ts";
import { spectralFunction } from "./spectral-function.ts";

type Scalar = (x: Tensor) => Tensor;

const weights = array([
  [0.3, 0.5, -0.2],
  [0.1, 0.7, 0.4],
  [0.9, -0.3, 0.2],
]);
const directions = [
  [0.3, 0.2, 0.1, 0.5, -0.4, 0.7, 0.2, 0.6, -0.9],
  [0.1, -0.2, 0.1, 0.5, 0.8, 0.3, -0.2, 0.6, 0.4],
  [0.7, 0.1, 0, -0.3, 0.2, 0.5, 0.4, 0.4, -0.6],
].map((entries) => array(entries, [3, 3]));
const gaps = [0, 1e-15, 1e-9, 1e-3, 0.03, 0.3];
const modes = ["f", "r", "ff", "fr", "rf", "rr", "frr", "rfr"];
const fewModes = ["r", "fr", "ffr"];

function along(f: Scalar, mode: string): Scalar {
  return Array.from(mode).reduce<Scalar>((g, kind, i) => {
    const d = directions[i] as HostTensor;
    return kind === "f" ? (x) => jvp(g, [x], [d as never])[1] : (x) => sum(mul(d, grad(g)(x)));
  }, f);
}

const symmetric = (x: Tensor): Tensor => mul(0.5, add(x, matrixTranspose(x)));
const traceOf = (x: Tensor): Tensor => sum(diagonal(x));
const number = (f: Scalar, x: HostTensor): number => (evaluate(f as never, x) as HostTensor).data[0] as number;

describe("spectralFunction", () => {
  it.each(gaps)("has the derivatives of the exponential where two eigenvalues are %d apart", (gap) => {
    const a = turnedDiagonal([1.2, 1.2 + gap, 0.4]);
    for (const mode of gap === 0 ? modes : fewModes) {
      const found = number(
        along((x) => sum(mul(weights, spectralFunction(x, exp))), mode),
        a,
      );
      const expected = number(
        along((x) => sum(mul(weights, matrixExponential(symmetric(x)))), mode),
        a,
      );
      expect(Math.abs(found - expected), mode).toBeLessThan(2e-14 * Math.max(1, Math.abs(expected)));
    }
  });

  it("has those where all eigenvalues are equal", () => {
    for (const entry of [0, -30]) {
      const a = array([entry, 0, 0, 0, entry, 0, 0, 0, entry], [3, 3]);
      for (const mode of fewModes) {
        const found = number(
          along((x) => sum(mul(weights, spectralFunction(x, exp))), mode),
          a,
        );
        const expected = number(
          along((x) => sum(mul(weights, matrixExponential(symmetric(x)))), mode),
          a,
        );
        expect(Math.abs(found - expected), mode).toBeLessThan(4e-14 * Math.max(Math.exp(entry), Math.abs(expected)));
      }
    }
  });

  it.each(gaps)("makes a square root whose derivatives solve the equations of its square, gap %d", (gap) => {
    const a = turnedDiagonal([0.5, 0.5 + gap, 3]);
    const [h, k] = directions.map((d) => d) as [HostTensor, HostTensor];
    const root = (x: Tensor): Tensor => spectralFunction(x, (y) => sqrt(y));
    const square = (x: Tensor): Tensor => matrixProduct(root(x), root(x));
    // The square is the symmetric part of A: its first derivative is that of H, the second is zero.
    const first = (x: Tensor): Tensor => jvp(square, [x], [h as never])[1];
    const second = (x: Tensor): Tensor => jvp(first, [x], [k as never])[1];
    const errors = (f: (x: Tensor) => Tensor): number =>
      Math.max(...Array.from((evaluate(f as never, a) as HostTensor).data, Math.abs));
    expect(errors((x) => sub(square(x), symmetric(x)))).toBeLessThan(1e-14);
    expect(errors((x) => sub(first(x), symmetric(add(0, h))))).toBeLessThan(1e-14);
    expect(errors(second)).toBeLessThan(1e-13);
  });

  it.each([0, 1e-12, 1e-6, 1e-2])("makes a smooth least eigenvalue, gap %d", (gap) => {
    const sharpness = 25;
    const a = turnedDiagonal([0.3, 0.3 + gap, 0.9]);
    const least =
      (exponential: (x: Tensor) => Tensor): Scalar =>
      (x) =>
        div(neg(log(traceOf(exponential(mul(-sharpness, x))))), sharpness);
    for (const mode of ["f", "r", "fr", "rr"]) {
      const found = number(
        along(
          least((x) => spectralFunction(x, exp)),
          mode,
        ),
        a,
      );
      const expected = number(
        along(
          least((x) => matrixExponential(symmetric(x))),
          mode,
        ),
        a,
      );
      expect(Math.abs(found - expected), mode).toBeLessThan(1e-12 * Math.max(1, Math.abs(expected)));
    }
  });

  it("is needed: second derivatives by single eigenvalues lose digits as these meet, and a term where they are equal", () => {
    const byValues: Scalar = (x) => sum(exp(eigh(x).values));
    const whole: Scalar = (x) => traceOf(spectralFunction(x, exp));
    const errorAt = (gap: number): number => {
      const a = turnedDiagonal([1.2, 1.2 + gap, 0.4]);
      return Math.abs(number(along(byValues, "fr"), a) - number(along(whole, "fr"), a));
    };
    expect(errorAt(1e-2)).toBeLessThan(1e-11);
    expect(errorAt(1e-6)).toBeLessThan(1e-8);
    expect(errorAt(0)).toBeGreaterThan(1e-3);
  });

  it("is the same by lanes, on compiled code, and with the derivative of what it is made of when read from a file", () => {
    const f: Scalar = (x) => sum(mul(weights, spectralFunction(x, exp)));
    const members = [turnedDiagonal([1, 1, 2]), turnedDiagonal([0.5, -3, 2]), turnedDiagonal([7, 1e-9, 0])];
    const batch = array(
      members.flatMap(({ data }) => Array.from(data)),
      [3, 3, 3],
    );
    const hessian = along(f, "rr");
    const together = compile(vmap(hessian) as never, [batch], wasm()).callSync(batch) as unknown as HostTensor;
    members.forEach((member, i) => {
      const alone = number(hessian, member);
      expect(Math.abs((together.data[i] as number) - alone)).toBeLessThan(1e-13 * Math.max(1, Math.abs(alone)));
    });
    const read = programFromJson(JSON.parse(JSON.stringify(programToJson(trace(f, [weights]).program))));
    const again = (x: Tensor): Tensor => inline(read, [x])[0] as Tensor;
    const apart = turnedDiagonal([0.5, 1.5, 2]);
    expect(number(along(again, "r"), apart)).toBeCloseTo(number(along(f, "r"), apart), 13);
  });

  it("refuses functions that close over tensors", () => {
    const f = (x: Tensor): Tensor => spectralFunction(x, (y) => mul(y, sum(x)));
    expect(() => evaluate(f as never, weights)).toThrow(/closes over 1/u);
  });
});
