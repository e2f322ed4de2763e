/** Equations of motion as lines of text, each coefficient with its 95 % interval. */
import type { Equation } from "../model/model.ts";
import type { FittedConstant } from "../model/model-record.ts";
import { formatted } from "./plain-words.ts";

/**
 * `theta'' = −(24.91 ± 0.03) sin(theta) + (0.11 ± 0.02) motor`, one line for each equation.
 * @param constants the coefficients, in the order of the terms
 */
export function equationLines(equations: readonly Equation[], constants: readonly FittedConstant[]): readonly string[] {
  let next = 0;
  return equations.map(({ left, terms }) => {
    const parts = terms.map((term, at) => {
      const { value = Number.NaN, halfWidth = null } = constants[next++] ?? {};
      const sign = value < 0 ? "−" : "+";
      const lead = at > 0 ? ` ${sign} ` : value < 0 ? sign : "";
      return `${lead}${coefficient(Math.abs(value), halfWidth)}${term === "" ? "" : ` ${term}`}`;
    });
    return `${left} = ${parts.length === 0 ? "0" : parts.join("")}`;
  });
}

/** To the last digit of the interval, which has two; four where the data tell none. */
function coefficient(size: number, halfWidth: number | null): string {
  if (halfWidth === null || !(halfWidth > 0)) return formatted(size, 4);
  const magnitude = (value: number): number => Math.floor(Math.log10(value));
  const digits = size > 0 ? magnitude(size) - magnitude(halfWidth) + 2 : 1;
  return `(${formatted(size, Math.min(12, Math.max(1, digits)))} ± ${formatted(halfWidth, 2)})`;
}
