/**
 * Passes over whole programs that are there for one primitive, and come with it. They leave programs without it as they are.
 */
import type { TargetTraits } from "../kernel/kernel.ts";
import type { Equation, Program } from "../program/program.ts";
import { createTable, type Table } from "../program/table.ts";
import type { Rules } from "./simplify/rewriter.ts";

/** The passes for `while`, in order; each stands in the file of its name. */
export interface WhilePasses {
  joinReplays(program: Program, rules: Rules, fits: (loop: Equation<"while">) => boolean): Program;
  membersInside(program: Program): Program;
  isWhileKernel(equation: Equation<"while">, traits: TargetTraits): boolean;
  carriesWithoutStart(equation: Equation, program: Program): ReadonlySet<number>;
}

/** Passes by primitive. */
export interface PassesFor {
  readonly while: WhilePasses;
}

/** Those of dialects that are loaded. */
export const loadedPasses: Table<PassesFor> = /* @__PURE__ */ createTable("lower");
