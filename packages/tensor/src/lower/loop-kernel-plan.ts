/**
 * What the kernel of one loop is written from: its programs seen with the long axis as lanes, the vectors of that axis,
 * and where each operand is.
 */
import type { Block } from "../kernel/block.ts";
import * as build from "../kernel/build.ts";
import type { Expression, LoopVariable, Statement, TargetTraits } from "../kernel/kernel.ts";
import type { Equation, Program } from "../program/program.ts";
import { tensorBytes } from "./element-bytes.ts";
import type { ElementScope } from "./loop-kernel-elements.ts";
import { fits, operationsIn } from "./loop-kernel-fit.ts";
import type { LoopKernel } from "./loop-kernel-form.ts";
import { scopeOfMembers } from "./loop-kernel-members.ts";
import { type Chunk, chunksOf } from "./loop-kernel-memory.ts";
import { longAxisOf, longExtentOf, type NarrowProgram, narrow, typesIn } from "./loop-kernel-width.ts";
import { showEquation } from "./make-kernel.ts";

/** Programs of one loop, ready to be written. */
export interface LoopPlan {
  readonly programs: readonly NarrowProgram[];
  readonly extent: number;
  /** The vectors of the long axis. */
  readonly chunks: readonly Chunk[];
  /** Counts lanes within a vector: see `openLanes`. */
  readonly lane: LoopVariable;
  /** Simple operations of a turn. */
  readonly operations: number;
}

/** The plan of some programs that share a loop; undefined where they do not fit into registers and a page of code. */
export function planLoop(programs: readonly Program[], traits: TargetTraits): LoopPlan | undefined {
  const types = programs.flatMap(typesIn);
  const extent = longExtentOf(types);
  if (extent === undefined) return undefined;
  const isWide = types.some(({ dtype, shape }) => dtype === "float64" && longAxisOf(shape, extent) !== undefined);
  const chunks = chunksOf(extent, isWide, traits);
  const operations = programs.reduce((sum, each) => sum + operationsIn(each, extent, chunks.length), 0);
  const narrowed = programs.map((each) => narrow(each, extent));
  const found = narrowed.filter((each) => each !== undefined);
  if (found.length < narrowed.length || !fits(found, operations, chunks.length)) return undefined;
  return { programs: found, extent, chunks, lane: build.loopVariable("lane"), operations };
}

/** Where a program of the plan is written. */
export function scopeOf({ extent, chunks, lane }: LoopPlan, { overLanes }: NarrowProgram, block: Block): ElementScope {
  const counted = (copy: number): Expression | undefined => {
    const { lanes, repeated } = chunks[copy] as Chunk;
    return repeated === 0 ? undefined : build.lessEqual(repeated, build.index(lane, lanes));
  };
  return { ...scopeOfMembers(block, 1), overLanes, extent, counted };
}

/** Statements within a loop of one turn, whose counter gives lanes their numbers. */
export function openLanes({ lane, chunks }: LoopPlan, statements: readonly Statement[]): readonly Statement[] {
  return chunks.some(({ repeated }) => repeated > 0) ? [build.loop(lane, 0, 1, 1, statements)] : statements;
}

/** The lanes of each copy of a tensor. */
export function lanesOf({ chunks }: LoopPlan, axis: number | undefined): readonly number[] {
  return axis === undefined ? [1] : chunks.map(({ lanes }) => lanes);
}

/** The kernel of a loop, and its note. */
export function finishLoop(
  equation: Equation,
  body: readonly Statement[],
  carry: LoopKernel["carry"],
  operations: number,
  scratch = 0,
): LoopKernel {
  const atoms = [...equation.inputs, ...equation.outputs];
  const bytes = atoms.reduce((sum, atom) => sum + tensorBytes(atom), 0);
  const note = { equations: [showEquation(equation)], operations, bytes };
  const parameters = atoms.length - carry.count + (scratch > 0 ? 1 : 0);
  return { kernel: { name: equation.primitive, parameters, body, note }, carry, scratch };
}
