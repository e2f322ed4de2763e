/**
 * The schedule: which equations share a loop nest, which values go to memory, in which order steps run. Plain data, so
 * that it can be printed and tested apart from how it was found (`fuse.ts`) and from the code made of it (`emit-*.ts`).
 *
 * What holds: a step reads only memory that an earlier step (or an input) wrote, or points computed inside itself.
 */

import type { Equation, Program, Variable } from "../program/program.ts";
import { showShape } from "../shape.ts";
import type { Fold } from "./folds.ts";
import type { Nest } from "./nest.ts";
import { isAlias } from "./views.ts";

/** Equations over one domain, computed by one loop nest. */
export interface Group {
  readonly kind: "group";
  readonly domain: readonly number[];
  /** Which axes of the domain its reductions sum over; all false when it has none. */
  readonly reduced: readonly boolean[];
  readonly members: readonly Equation[];
}

/** An equation that is a step of its own, with the schedules of the programs that it holds. */
export interface Alone {
  readonly kind: "alone";
  readonly equation: Equation;
  readonly inner: readonly Schedule[];
}

export type ScheduleStep = Group | Alone;

export interface Schedule {
  readonly program: Program;
  readonly definitions: ReadonlyMap<Variable, Equation>;
  /** The step that computes a variable; views that are only composed have none. Program inputs: -1. */
  readonly home: ReadonlyMap<Variable, number>;
  /** Variables with memory of their own. Aliases (reshapes) of them have that memory too. */
  readonly stored: ReadonlySet<Variable>;
  /** Additions that take up what a loop over more samples computes. */
  readonly folds: ReadonlyMap<Equation, Fold>;
  readonly steps: readonly ScheduleStep[];
  /** The loop nests of each step; none for loops over programs and for groups of which nothing is stored. */
  readonly nests: readonly (readonly Nest[])[];
}

/** What building the nests of a step needs to know. */
export type Placement = Pick<Schedule, "definitions" | "home" | "stored" | "folds">;

/** The variable whose memory an alias shares: its input, through any number of reshapes. */
export function aliasRoot(definitions: ReadonlyMap<Variable, Equation>, variable: Variable): Variable {
  let root = variable;
  for (;;) {
    const equation = definitions.get(root);
    if (equation === undefined || !isAlias(equation)) return root;
    const [input] = equation.inputs;
    if (input === undefined || input.kind === "constant") return root;
    root = input;
  }
}

/** A schedule as text: one step a line with its primitives; `*` marks what is stored. */
export function printSchedule(schedule: Schedule, indent = ""): string {
  return schedule.steps
    .flatMap((step, number) => {
      if (step.kind === "group") return [`${indent}${number}: ${showGroup(schedule, step)}`];
      const inner = step.inner.map((body) => printSchedule(body, `${indent}    `)).filter((text) => text !== "");
      return [`${indent}${number}: ${step.equation.primitive} ${showOutputs(step.equation)}`, ...inner];
    })
    .join("\n");
}

function showGroup(schedule: Schedule, { domain, reduced, members }: Group): string {
  const axes = domain.map((extent, axis) => (reduced[axis] ? `sum ${extent}` : `${extent}`));
  const names = members.map(({ primitive, outputs }) =>
    outputs.some((output) => schedule.stored.has(output)) ? `${primitive}*` : primitive,
  );
  return `loops [${axes.join(", ")}]: ${names.join(" ")}`;
}

function showOutputs({ outputs }: Equation): string {
  return outputs.map(({ type }) => `${type.dtype}${showShape(type.shape)}`).join(" ");
}
