/**
 * Branches of a switch that were cut in two, made alike again: all known parts leave residuals of the same types. Each
 * branch puts its residuals into places of their types and zeros into the rest, so that branches share the memory; what a
 * branch keeps of its operands is read from the operands.
 */

import { showType } from "../program/infer.ts";
import type { Program, TensorType, Variable } from "../program/program.ts";
import { build, inline } from "../trace/builder.ts";
import { full, type Tensor } from "../trace/tensor.ts";
import type { Split } from "./split-form.ts";

/** The two switches of one. */
export interface JoinedBranches {
  /** Known operands to known outputs, then `types`. */
  readonly known: readonly Program[];
  /** Known operands, `types`, unknown operands, to unknown outputs. */
  readonly later: readonly Program[];
  readonly types: readonly TensorType[];
}

/** Where a branch finds a residual: among its known operands, or in a place. */
interface Source {
  readonly from: "operand" | "place";
  readonly number: number;
}

/** @param operands The types of the known operands. */
export function joinBranches(parts: readonly Split[], operands: readonly TensorType[]): JoinedBranches {
  const types: TensorType[] = [];
  const sources = parts.map((part) => sourcesOf(part, types));
  const known = parts.map(({ known: program, residuals }, i) => {
    return build(operands, (tensors) => {
      const results = inline(program, tensors);
      const first = results.length - residuals;
      const places = types.map(({ dtype, shape }, k) => {
        const own = (sources[i] as Source[]).findIndex(({ from, number }) => from === "place" && number === k);
        return own < 0 ? full(shape, 0, dtype) : (results[first + own] as Tensor);
      });
      return [...results.slice(0, first), ...places];
    }).program;
  });
  const later = parts.map(({ unknown, residuals }, i) => {
    const moving = unknown.inputs.slice(residuals).map(({ type }) => type);
    return build([...operands, ...types, ...moving], (tensors) => {
      const kept = (sources[i] as Source[]).map(({ from, number }) => {
        return tensors[from === "place" ? operands.length + number : number] as Tensor;
      });
      return inline(unknown, [...kept, ...tensors.slice(operands.length + types.length)]);
    }).program;
  });
  return { known, later, types };
}

/** The sources of the residuals of one branch; `types` gets the places that are missing. */
function sourcesOf({ known, residuals }: Split, types: TensorType[]): Source[] {
  const used = new Set<number>();
  return known.outputs.slice(known.outputs.length - residuals).map((atom): Source => {
    const operand = known.inputs.indexOf(atom as Variable);
    if (operand >= 0) return { from: "operand", number: operand };
    let place = types.findIndex((type, k) => !used.has(k) && showType(type) === showType(atom.type));
    if (place < 0) place = types.push(atom.type) - 1;
    used.add(place);
    return { from: "place", number: place };
  });
}
