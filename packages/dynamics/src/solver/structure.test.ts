/**
 * Structure, measured: each step that claims a 2-form keeps it in the space it declares, on nonlinear systems of 4 and
 * 6 dimensions of the form it asks for, |Jᵀ Ω J - Ω| <= 1e-12 max(1, |J|²) in float64; each step that claims symmetry
 * is undone by the step back.
 */
import {
  add,
  array,
  at,
  compile,
  concatenate,
  cos,
  evaluate,
  grad,
  type HostTensor,
  jacobian,
  mul,
  neg,
  pow,
  reference,
  sin,
  slice,
  sqrt,
  square,
  sub,
  sum,
  type Tensor,
} from "@leastaction/tensor";
import { describe, expect, it } from "vitest";
import { solverNamed, solvers } from "./registry.ts";
import type { Field, FieldForm, Solver } from "./solver.ts";
import { canonicalForm, doubledForm } from "./symplectic-form.ts";

type Energy = (q: Tensor, p: Tensor) => Tensor;

/** Hénon–Heiles in two dimensions; springs with a cubic term between three particles and walls (FPUT) in three. */
const potentials: Readonly<Record<number, (q: Tensor) => Tensor>> = {
  2: (q) => {
    const [x, y] = [at(q, 0), at(q, 1)];
    return add(mul(0.5, sum(square(q))), sub(mul(square(x), y), mul(1 / 3, pow(y, 3))));
  },
  3: (q) => {
    const [a, b, c] = [at(q, 0), at(q, 1), at(q, 2)];
    const stretches = [a, sub(b, a), sub(c, b), neg(c)];
    return stretches
      .map((s) => add(mul(0.5, square(s)), mul(0.175, pow(s, 4))))
      .reduce((total, term) => add(total, term));
  },
};

/** A nonlinear Hamiltonian of each form, for d positions. */
const energies: Readonly<Record<FieldForm, (d: number) => Energy>> = {
  "second-order": (d) => (q, p) => add(mul(0.5, sum(square(p))), (potentials[d] as (q: Tensor) => Tensor)(q)),
  quadratic: (d) => (q, p) => {
    const coupled = add(mul(0.7, sum(square(p))), mul(0.2, mul(at(p, 0), at(p, 1))));
    return add(coupled, (potentials[d] as (q: Tensor) => Tensor)(q));
  },
  separable: (d) => (q, p) => add(sum(sqrt(add(1, square(p)))), (potentials[d] as (q: Tensor) => Tensor)(q)),
  any: (d) => (q, p) => {
    const mixed = mul(add(1.5, sum(cos(q))), sum(square(p)));
    return add(mul(0.3, mixed), mul(0.2, sin(mul(at(p, 0), at(q, 1)))), (potentials[d] as (q: Tensor) => Tensor)(q));
  },
};

const states: Readonly<Record<number, readonly number[]>> = {
  2: [0.3, -0.2, 0.4, 0.1],
  3: [0.3, -0.2, 0.4, 0.1, 0.7, -0.5],
};
const h = 0.3;

function fieldOf(energy: Energy): Field<Tensor> {
  return (_t, y) => {
    const half = (y.shape[0] as number) / 2;
    const [q, p] = [slice(y, 0, 0, half), slice(y, 0, half)];
    const slope = grad(energy as (q: Tensor, p: Tensor) => Tensor);
    const forces = slope(q, p) as unknown as Tensor;
    const rates = grad((momenta: Tensor, positions: Tensor) => energy(positions, momenta))(p, q) as unknown as Tensor;
    return concatenate([rates, neg(forces)], 0);
  };
}

/** The step as a map of the numbers of its space. */
function mapOf(solver: Solver, field: Field<Tensor>, step: number, memoryAlong: boolean): (z: Tensor) => Tensor {
  return (z) => {
    const time = mul(0, at(z, 0));
    if (!memoryAlong) return solver.step(field, time, add(time, step), z, solver.start(field, time, z)).y;
    const half = (z.shape[0] as number) / 2;
    const next = solver.step(field, time, add(time, step), slice(z, 0, 0, half), [slice(z, 0, half)]);
    return concatenate([next.y, next.memory[0] as Tensor], 0);
  };
}

function numbersOf(solver: Solver, d: number): number[] {
  const state = states[d] as readonly number[];
  return solver.structure?.space === "doubled" ? [...state, ...state.map((_, i) => 0.02 * (i - 1.5))] : [...state];
}

/** max |JᵀΩ(z')J - Ω(z)| / max(1, |J|²). */
function defectOf(solver: Solver, energy: Energy, d: number): number {
  const form = solver.structure?.form ?? canonicalForm;
  const numbers = numbersOf(solver, d);
  const map = mapOf(solver, fieldOf(energy), h, solver.structure?.space === "doubled");
  const derivative = compile(jacobian(map) as (z: Tensor) => Tensor, [array(numbers)], reference());
  const matrix = (derivative.callSync(array(numbers)) as unknown as HostTensor).data;
  const image = evaluate(map as never, array(numbers) as never) as unknown as HostTensor;
  const size = numbers.length;
  const jacobianAt = (i: number, j: number): number => matrix[i * size + j] as number;
  const [before, after] = [form.at(numbers), form.at([...image.data])];
  const indices = numbers.map((_, i) => i);
  const norm = Math.max(1, ...[...matrix].map((value) => value ** 2));
  const defects = indices.flatMap((i) =>
    indices.map((j) => {
      let total = 0;
      for (const k of indices) {
        for (const l of indices) total += jacobianAt(k, i) * entry(after, k, l) * jacobianAt(l, j);
      }
      return Math.abs(total - entry(before, i, j));
    }),
  );
  return Math.max(...defects) / norm;
}

function entry(matrix: readonly (readonly number[])[], i: number, j: number): number {
  return (matrix[i] as readonly number[])[j] as number;
}

describe("symplectic structure", () => {
  const declared = solvers.filter(({ structure }) => (structure?.form ?? null) !== null);

  it.each(declared.map((solver) => [solver.name, solver] as const))(
    "%s keeps it in 4 and 6 dimensions",
    (_, solver) => {
      const energy = energies[solver.structure?.field ?? "any"];
      expect(defectOf(solver, energy(2), 2)).toBeLessThan(1e-12);
      expect(defectOf(solver, energy(3), 3)).toBeLessThan(1e-12);
    },
  );

  it("is lost by a solver that does not claim it, so that the test can fail", () => {
    expect(defectOf(solverNamed("rk4"), energies["second-order"](2), 2)).toBeGreaterThan(1e-8);
    expect(defectOf(solverNamed("nystrom4"), energies["second-order"](2), 2)).toBeGreaterThan(1e-8);
  });

  it("is lost on fields of another form than a solver asks for", () => {
    expect(defectOf(solverNamed("stormerVerlet"), energies.any(2), 2)).toBeGreaterThan(1e-4);
  });

  it("is that of the doubled space, not of the state alone, for Tao's method", () => {
    const alone: Solver = {
      ...solverNamed("tao2"),
      structure: { field: "any", space: "canonical", form: canonicalForm },
    };
    expect(defectOf(alone, energies.any(2), 2)).toBeGreaterThan(1e-8);
  });
});

describe("symmetry", () => {
  const claims = solvers.filter(({ symmetric }) => symmetric === true);
  const others = solvers.filter(({ symmetric }) => symmetric !== true);

  /** The largest distance from where a step and the step back end to where they started. */
  function distance(solver: Solver): number {
    const field = fieldOf(energies[solver.structure?.field ?? "any"](3));
    const doubled = solver.structure?.space === "doubled";
    const [there, back] = [mapOf(solver, field, h, doubled), mapOf(solver, field, -h, doubled)];
    const numbers = numbersOf(solver, 3);
    const end = evaluate(((z: Tensor) => back(there(z))) as never, array(numbers) as never) as unknown as HostTensor;
    return Math.max(...numbers.map((value, i) => Math.abs(value - (end.data[i] as number))));
  }

  it.each(claims.map((solver) => [solver.name, solver] as const))("%s is undone by the step back", (_, solver) => {
    expect(distance(solver)).toBeLessThan(1e-13);
  });

  it.each(others.map((solver) => [solver.name, solver] as const))("%s is not, and does not claim it", (_, solver) => {
    expect(distance(solver)).toBeGreaterThan(1e-12);
  });
});

describe("forms", () => {
  it("writes dq ∧ dp as a matrix", () => {
    expect(canonicalForm.at([0, 0])).toEqual([
      [0, 1],
      [-1, 0],
    ]);
  });

  it("is dq ∧ dp + dx ∧ dy in the coordinates of state and difference", () => {
    // L takes (q, p, x - q, y - p) to (q, p, x, y), where the form is block diagonal; the matrix is Lᵀ Ω L.
    const one = [
      [0, 1, 0, 0],
      [-1, 0, 0, 0],
      [0, 0, 0, 1],
      [0, 0, -1, 0],
    ];
    const change = [
      [1, 0, 0, 0],
      [0, 1, 0, 0],
      [1, 0, 1, 0],
      [0, 1, 0, 1],
    ];
    const product = change.map((_, i) =>
      change.map((__, j) => {
        let total = 0;
        for (let k = 0; k < 4; k++) {
          for (let l = 0; l < 4; l++) total += entry(change, k, i) * entry(one, k, l) * entry(change, l, j);
        }
        return total;
      }),
    );
    expect(doubledForm.at([0, 0, 0, 0])).toEqual(product);
  });
});
