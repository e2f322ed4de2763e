/**
 * Which results of a nest may lie over which of its operands: those that are written where the operand is read, element
 * by element. Stores of a nest come after the loads of the same point.
 */
import type { Variable } from "../program/program.ts";
import { formKey } from "./affine.ts";
import { tensorBytes } from "./element-bytes.ts";
import type { Nest } from "./nest.ts";

/** Each of the results may lie over one of the operands. */
export interface Overlay {
  readonly results: readonly Variable[];
  readonly operands: readonly Variable[];
}

/** The overlays of a nest: results and operands grouped by where their elements are, in order of appearance. */
export function overlaysIn(nest: Nest): readonly Overlay[] {
  const groups = new Map<string, { readonly results: Variable[]; readonly operands: Variable[] }>();
  const results = new Map<Variable, string>();
  for (const { target, offset, dynamic, accumulate } of nest.stores) {
    if (results.has(target)) continue;
    const isPlain = dynamic === undefined && accumulate !== true;
    results.set(target, isPlain ? `${tensorBytes(target)}@${formKey(offset)}` : "");
  }
  for (const [target, key] of results) {
    if (key === "") continue;
    const group = groups.get(key) ?? { results: [], operands: [] };
    groups.set(key, group);
    group.results.push(target);
  }
  for (const [operand, key] of placesOfOperands(nest)) groups.get(key)?.operands.push(operand);
  return [...groups.values()].filter(({ operands }) => operands.length > 0);
}

/** Where each variable is read, if that is one place. */
function placesOfOperands({ points }: Nest): ReadonlyMap<Variable, string> {
  const places = new Map<Variable, string>();
  for (const point of points) {
    if (point.kind !== "load" || point.source.kind !== "variable") continue;
    const key = point.dynamic === undefined ? `${tensorBytes(point.source)}@${formKey(point.offset)}` : "";
    const before = places.get(point.source) ?? key;
    places.set(point.source, before === key ? key : "");
  }
  return places;
}
