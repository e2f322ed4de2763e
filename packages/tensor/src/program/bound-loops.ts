/**
 * Loops that must end: every `while` of a program stops after a number of turns, whatever its condition says.
 *
 * For programs of strangers. A counter joins the carry; where it comes to the limit, the floats of the result are NaN, so
 * that a loop which was cut off is never mistaken for one that ended. Everything else computes the same bits.
 */
import { isFloat } from "../dtype.ts";
import type { Parameters } from "./primitive.ts";
import { type Atom, type Equation, fill, type Program, type TensorType, type Variable, variable } from "./program.ts";

const counter: TensorType = { dtype: "int32", shape: [] };
const flag: TensorType = { dtype: "bool", shape: [] };

/**
 * The program with bounded loops.
 *
 * @param turns Of each `while`, inner ones anew each time; from 1 to 2^31 - 1.
 */
export function boundLoops(program: Program, turns: number): Program {
  return { ...program, equations: program.equations.flatMap((equation) => boundEquation(equation, turns)) };
}

function boundEquation(equation: Equation, turns: number): readonly Equation[] {
  const { primitive, parameters } = equation;
  if (primitive === "while") return boundWhile(equation as Equation<"while">, turns);
  const entries = Object.entries(parameters).map(([key, value]: [string, unknown]): readonly [string, unknown] => [
    key,
    boundInside(value, turns),
  ]);
  return [{ ...equation, parameters: Object.fromEntries(entries) as Parameters[typeof primitive] }];
}

/** Of a parameter that is a program, or a list of programs; others stay. */
function boundInside(value: unknown, turns: number): unknown {
  if (isProgram(value)) return boundLoops(value, turns);
  return Array.isArray(value) ? value.map((item: unknown) => boundInside(item, turns)) : value;
}

function isProgram(value: unknown): value is Program {
  return typeof value === "object" && value !== null && "equations" in value;
}

function boundWhile({ parameters, inputs, outputs }: Equation<"while">, turns: number): readonly Equation[] {
  const limit = fill(counter, turns);
  const condition = boundLoops(parameters.condition, turns);
  const body = boundLoops(parameters.body, turns);
  const [asking, turn, next, done] = [variable(counter), variable(counter), variable(counter), variable(counter)];
  const [isBelow, goesOn, stopped] = [variable(flag), variable(flag), variable(flag)];
  const results = outputs.map(({ type }) => variable(type));
  const test: Program = {
    inputs: [...condition.inputs, asking],
    equations: [
      ...condition.equations,
      apply("less", {}, [asking, limit], isBelow),
      apply("and", {}, [condition.outputs[0] as Atom, isBelow], goesOn),
    ],
    outputs: [goesOn],
  };
  const step: Program = {
    inputs: [...body.inputs, turn],
    equations: [...body.equations, apply("add", {}, [turn, fill(counter, 1)], next)],
    outputs: [...body.outputs, next],
  };
  return [
    {
      primitive: "while",
      parameters: { ...parameters, condition: test, body: step },
      inputs: [...inputs, fill(counter, 0)],
      outputs: [...results, done],
    },
    apply("equal", {}, [done, limit], stopped),
    ...outputs.flatMap((output, i) => notCutOff(stopped, results[i] as Variable, output)),
  ];
}

/** The result, or NaN where its loop was stopped; integers have no NaN. */
function notCutOff(stopped: Variable, result: Variable, output: Variable): readonly Equation[] {
  const { type } = output;
  if (!isFloat(type.dtype)) return [apply("reshape", { shape: type.shape }, [result], output)];
  const everywhere = variable({ dtype: "bool", shape: type.shape });
  return [
    apply("broadcast", { shape: type.shape, axes: [] }, [stopped], everywhere),
    apply("select", {}, [everywhere, fill(type, Number.NaN), result], output),
  ];
}

function apply<P extends Equation["primitive"]>(
  primitive: P,
  parameters: Parameters[P],
  inputs: readonly Atom[],
  output: Variable,
): Equation {
  return { primitive, parameters, inputs, outputs: [output] } as unknown as Equation;
}
