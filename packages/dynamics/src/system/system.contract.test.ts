/**
 * What every system promises, tested on its record: derivatives are exact (dual numbers), states are such as the
 * system's own motions pass through, constants are the defaults and a second set in which everything is switched on.
 */
import { array, evaluate, type HostTensor, type Tensor } from "@leastaction/tensor";
import { describe, expect, it } from "vitest";
import { parseUnit } from "../data/unit.ts";
import { hostRandom } from "../random/host-random.ts";
import { numberArithmetic } from "./arithmetic.ts";
import { integrateHost } from "./integrate-host.ts";
import { parametersOf } from "./parameters-of.ts";
import { stateColumns } from "./state-columns.ts";
import type { Invariant, Parameters, System } from "./system.ts";
import { systemField, systemScalar } from "./system-field.ts";
import { systemFamilies, systems } from "./systems.ts";
import { derivativeAlong, dualArithmetic, gradientOf } from "./testing/dual.ts";

/** Every constant moved off its default, those at zero included. */
function movedParameters(system: System): Parameters {
  const moved = system.parameters.map(({ name, default: value }, index): [string, number] => {
    return [name, value === 0 ? 0.2 + 0.1 * index : value * (1.1 + 0.07 * index)];
  });
  return parametersOf(system, Object.fromEntries(moved));
}

/** States along five motions. */
function statesOf(system: System, parameters: Parameters): readonly (readonly number[])[] {
  return [1, 2, 3, 4, 5].flatMap((seed) => {
    const start = system.sampleStart(hostRandom(seed), parameters);
    return integrateHost(system, parameters, start, Float64Array.of(0, 0.37 * system.timescale(parameters)));
  });
}

const t = 0.7;
const fieldAt = (system: System, parameters: Parameters, state: readonly number[], time = t): readonly number[] =>
  system.field(numberArithmetic, parameters, time, state, []);

/** The rate of an invariant along the field, over the sum of the magnitudes of its terms. */
function relativeRate(system: System, invariant: Invariant, parameters: Parameters, state: readonly number[]): number {
  const gradient = gradientOf((point) => invariant.value(dualArithmetic, parameters, point), state);
  const terms = fieldAt(system, parameters, state).map((rate, index) => rate * (gradient[index] as number));
  const size = terms.reduce((sum, term) => sum + Math.abs(term), 0);
  const rate = terms.reduce((sum, term) => sum + term, 0);
  return size === 0 ? 0 : Math.abs(rate) / size;
}

function expectClose(found: readonly number[], expected: readonly number[], tolerance: number): void {
  expect(found).toHaveLength(expected.length);
  const size = Math.max(1, ...expected.map(Math.abs));
  for (const [index, value] of expected.entries())
    expect(Math.abs((found[index] as number) - value)).toBeLessThan(tolerance * size);
}

/** The smallest of each family is the one with the fewest neighbours. */
const smallest = systemFamilies.map((family) => family.ofSize(family.smallest));
const named = [...systems, ...smallest].map((system): [string, System] => [system.name, system]);

it("has names that differ", () => {
  expect(new Set(systems.map(({ name }) => name)).size).toBe(systems.length);
  expect(systems.length).toBeGreaterThanOrEqual(18);
});

describe.each(named)("%s", (_, system) => {
  const sets: readonly (readonly [string, Parameters])[] = [
    ["default constants", parametersOf(system)],
    ["other constants", movedParameters(system)],
  ];
  const columns = stateColumns(system);

  it("states its words, units and sources", () => {
    const text = system.equations.join("\n");
    for (const { name } of [...system.parameters, ...system.controls])
      expect(text, name).toMatch(new RegExp(`\\b${name}\\b`));
    expect(system.summary).toMatch(/^[A-Z].*\.$/);
    expect(system.source).toMatch(/[12][0-9]{3}/);
    const quantities = [...columns, ...system.parameters, ...system.controls, ...system.invariants];
    for (const { name, unit } of quantities)
      expect(unit === "" || parseUnit(unit) !== null, `${name} [${unit}]`).toBe(true);
  });

  describe.each(sets)("with %s", (__, parameters) => {
    const states = statesOf(system, parameters);

    it("keeps each invariant exactly when it says so", () => {
      for (const invariant of system.invariants) {
        const rates = states.map((state) => relativeRate(system, invariant, parameters, state));
        if (invariant.holds(parameters)) expect(Math.max(...rates), invariant.name).toBeLessThan(1e-12);
        else expect(Math.max(...rates), invariant.name).toBeGreaterThan(1e-3);
      }
    });

    it("is mapped onto itself by each symmetry, exactly when it says so", () => {
      for (const symmetry of system.symmetries) {
        const amount = symmetry.continuous ? 0.31 : 1;
        const factor = symmetry.timeFactor(amount);
        const errors = states.map((state) => {
          const map = (point: readonly number[]): readonly number[] =>
            symmetry.map(numberArithmetic, parameters, point, amount);
          const field = fieldAt(system, parameters, state);
          const pushed = derivativeAlong(
            (point) => symmetry.map(dualArithmetic, parameters, point, amount),
            state,
            field,
          );
          const image = fieldAt(system, parameters, map(state), factor * t).map((rate) => factor * rate);
          const size = Math.max(1e-3, ...pushed.map(Math.abs));
          return Math.max(...pushed.map((rate, index) => Math.abs(rate - (image[index] as number)))) / size;
        });
        if (symmetry.holds(parameters)) expect(Math.max(...errors), symmetry.name).toBeLessThan(1e-12);
        else expect(Math.max(...errors), symmetry.name).toBeGreaterThan(1e-3);
      }
    });

    it("keeps what belongs to each continuous symmetry of the energy, and starts it at the identity", () => {
      for (const symmetry of system.symmetries.filter(({ continuous }) => continuous)) {
        for (const state of states) expectClose(symmetry.map(numberArithmetic, parameters, state, 0), state, 1e-15);
        const kept = system.invariants.find(({ name }) => name === symmetry.conserves);
        const energy = system.invariants.find(({ name }) => name === "energy");
        if (kept === undefined || !symmetry.holds(parameters) || energy?.holds(parameters) !== true) continue;
        const gains = states.map((state) => {
          const image = symmetry.map(numberArithmetic, parameters, state, 0.31);
          const [before, after] = [state, image].map((at) => energy.value(numberArithmetic, parameters, at));
          return Math.abs((after as number) - (before as number));
        });
        if (Math.max(...gains) < 1e-12) expect(kept.holds(parameters), symmetry.name).toBe(true);
      }
    });

    it("moves positions by their rates", () => {
      const gradient = (state: readonly number[]): readonly number[] =>
        gradientOf((point) => system.energy?.(dualArithmetic, parameters, point) ?? 0, state);
      const d = system.coordinates.length;
      for (const state of states) {
        const rates = fieldAt(system, parameters, state);
        expect(rates).toHaveLength(columns.length);
        const role = columns.at(-1)?.role;
        if (role === "velocity") expect(rates.slice(0, d)).toEqual(state.slice(d));
        if (role !== "momentum") continue;
        const slopes = gradient(state);
        expectClose(rates, [...slopes.slice(d), ...slopes.slice(0, d).map((slope) => -slope)], 1e-13);
      }
    });

    it("does not see whole turns of its angles", () => {
      for (const state of states) {
        const turned = state.map((value, index) => (columns[index]?.periodic === true ? value + 2 * Math.PI : value));
        expectClose(fieldAt(system, parameters, turned), fieldAt(system, parameters, state), 1e-12);
      }
    });

    it("answers to each control and to nothing where there is none", () => {
      for (const state of states.slice(0, 3)) {
        const still = fieldAt(system, parameters, state);
        const at = (control: readonly number[]): readonly number[] =>
          system.field(numberArithmetic, parameters, t, state, control);
        expect(at(system.controls.map(() => 0))).toEqual(still);
        for (const [index, { scale }] of system.controls.entries()) {
          const size = scale(parameters);
          expect(size).toBeGreaterThan(0);
          expect(at(system.controls.map((___, other) => (other === index ? size : 0)))).not.toEqual(still);
        }
      }
    });

    it("is the same law in a program", () => {
      const field = systemField(system, parameters);
      const energy = system.energy === null ? null : systemScalar(system, system.energy, parameters);
      const traced = (time: Tensor, y: Tensor): readonly Tensor[] => {
        return energy === null ? [field(time, y)] : [field(time, y), energy(y)];
      };
      for (const state of states.slice(0, 2)) {
        const found = evaluate(traced, array(t) as unknown as Tensor, array(state) as unknown as Tensor);
        const [rates, value] = (found as unknown as readonly HostTensor[]).map(({ data }) => Array.from(data, Number));
        expectClose(rates ?? [], fieldAt(system, parameters, state), 1e-14);
        const expected = system.energy?.(numberArithmetic, parameters, state);
        if (expected !== undefined) expectClose(value ?? [], [expected], 1e-14);
      }
    });
  });

  it("starts motions that stay finite and can be drawn for the default duration", () => {
    const parameters = parametersOf(system);
    const timescale = system.timescale(parameters);
    expect(timescale).toBeGreaterThan(0);
    const times = Float64Array.from({ length: 21 }, (___, row) => (row * timescale) / 2);
    for (const seed of [11, 12, 13]) {
      const start = system.sampleStart(hostRandom(seed), parameters);
      expect(start).toHaveLength(columns.length);
      for (const state of integrateHost(system, parameters, start, times)) {
        expect(state.every((value) => Math.abs(value) < 1e3)).toBe(true);
        const { points, links, horizontal } = system.draw(parameters, state);
        expect(horizontal).not.toBe("");
        expect(points.some(({ role }) => role === "body")).toBe(true);
        for (const { x, y } of points) expect(Number.isFinite(x) && Number.isFinite(y)).toBe(true);
        for (const end of links.flat()) expect(points[end]).toBeDefined();
      }
    }
  });
});

const damped = named.filter(([, { parameters }]) => parameters.some(({ name }) => name === "damping"));

describe.each(damped)("%s with friction", (_, system) => {
  it("loses energy, and gains none", () => {
    const parameters = parametersOf(system, { damping: 0.3 });
    const rates = statesOf(system, parameters).map((state) => {
      const gradient = gradientOf((point) => system.energy?.(dualArithmetic, parameters, point) ?? 0, state);
      const terms = fieldAt(system, parameters, state).map((rate, index) => rate * (gradient[index] as number));
      return terms.reduce((sum, term) => sum + term, 0);
    });
    expect(Math.max(...rates)).toBeLessThan(1e-12);
    expect(Math.min(...rates)).toBeLessThan(-1e-3);
  });
});
