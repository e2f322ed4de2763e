/**
 * Programs as text, for people and for golden tests: one equation a line, variables named in order of definition.
 */
import { showType } from "./infer.ts";
import type { Atom, Equation, Program, Variable } from "./program.ts";

/** A program as text. */
export function print(program: Program): string {
  return printNamed(program, { next: 0 }, "").join("\n");
}

function printNamed(program: Program, counter: { next: number }, indent: string): string[] {
  const names = new Map<Variable, string>();
  const define = (variable: Variable): string => {
    const name = letters(counter.next++);
    names.set(variable, name);
    return `${name}:${showType(variable.type)}`;
  };
  const read = (atom: Atom): string => (atom.kind === "variable" ? (names.get(atom) ?? "?") : showConstant(atom));
  const head = `${indent}(${program.inputs.map(define).join(" ")}) =>`;
  const lines = program.equations.flatMap((equation) => {
    const inputs = equation.inputs.map(read).join(" ");
    const [first, ...inner] = showParameters(equation, counter, `${indent}    `);
    const outputs = equation.outputs.map(define).join(" ");
    return [`${indent}  ${outputs} = ${equation.primitive}${first ?? ""} ${inputs}`.trimEnd(), ...inner];
  });
  return [head, ...lines, `${indent}  return ${program.outputs.map(read).join(" ")}`];
}

function showParameters({ parameters }: Equation, counter: { next: number }, indent: string): string[] {
  const inner: string[] = [];
  const shown = Object.entries(parameters).flatMap(([key, given]) => {
    // Of what is made on demand, transposed programs are shown and rules are not.
    if (typeof given === "function" && key !== "transposed") return [];
    const value: unknown = typeof given === "function" ? (given as () => Program)() : given;
    if (typeof value === "object" && value !== null && "equations" in value) {
      inner.push(`${indent}${key}:`, ...printNamed(value as Program, counter, `${indent}  `));
      return [];
    }
    if (key === "branches") {
      (value as readonly Program[]).forEach((branch, i) => {
        inner.push(`${indent}branch ${i}:`, ...printNamed(branch, counter, `${indent}  `));
      });
      return [];
    }
    return [`${key}=${JSON.stringify(value)}`];
  });
  return [shown.length === 0 ? "" : `{${shown.join(" ")}}`, ...inner];
}

function showConstant({ type, value }: Extract<Atom, { kind: "constant" }>): string {
  if (typeof value === "number") return type.shape.length === 0 ? String(value) : `${value}:${showType(type)}`;
  return value.length <= 4 ? `[${Array.from(value).join(" ")}]:${showType(type)}` : `…:${showType(type)}`;
}

function letters(index: number): string {
  const last = String.fromCharCode(97 + (index % 26));
  return index < 26 ? last : letters(Math.floor(index / 26) - 1) + last;
}
