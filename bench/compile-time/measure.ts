/**
 * Times the phases of compiling one program for Wasm, from the function to the first result.
 */
import { type Program, trace, wasm } from "@leastaction/tensor";
import type { Family } from "./families.ts";

/** Milliseconds of each phase, in order. `trace` includes differentiating. */
export type Phases = Readonly<Record<string, number>>;

/** How long one program took. */
export interface Timing {
  /** Equations of the traced program, those of its loops included. */
  readonly equations: number;
  readonly phases: Phases;
  /** All of it. */
  readonly ms: number;
}

/** The number of equations of a program and the programs inside it. */
export function countEquations({ equations }: Program): number {
  return equations.reduce((count, { parameters }) => {
    const inner = Object.values(parameters as Record<string, unknown>).filter(isProgram);
    return count + 1 + inner.reduce((sum, program) => sum + countEquations(program), 0);
  }, 0);
}

function isProgram(value: unknown): value is Program {
  return typeof value === "object" && value !== null && "equations" in value;
}

/** The length at which a family has about this many equations. */
export function lengthFor(family: Family, equations: number): number {
  const [short, long] = [20, 40].map((length) => equationsAt(family, length)) as [number, number];
  return Math.max(1, Math.round(20 + (20 * (equations - short)) / (long - short)));
}

function equationsAt(family: Family, length: number): number {
  const { f, inputs } = family(length);
  return countEquations(trace(f, inputs).program);
}

/** Compiles a member of a family and runs it once, on zeros. */
export function timeOnce(family: Family, length: number): Timing {
  const phases: Record<string, number> = {};
  let [name, since] = ["trace", performance.now()];
  const begin = (next: string): void => {
    const now = performance.now();
    phases[name] = (phases[name] ?? 0) + now - since;
    [name, since] = [next, now];
  };
  const { f, inputs } = family(length);
  const { program } = trace(f, inputs);
  const executable = wasm({ onPhase: begin }).prepare(
    program,
    program.outputs.map(() => null),
  );
  begin("first run");
  executable.run();
  begin("");
  const ms = Object.values(phases).reduce((sum, part) => sum + part, 0);
  return { equations: countEquations(program), phases, ms };
}
