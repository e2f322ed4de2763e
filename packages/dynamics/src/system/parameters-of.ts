/**
 * The constants of a system: its defaults, with some replaced.
 */

import { TensorError } from "@leastaction/tensor";
import { didYouMean } from "../nearest-name.ts";
import type { Parameters, System } from "./system.ts";

const seeConstants = "See the system's constants and their ranges.";

/**
 * The default constants of a system, with some replaced.
 * @throws TensorError for a name that is no constant of the system, and for a value below its minimum
 */
export function parametersOf(system: System, replaced: Parameters = {}): Parameters {
  const known = system.parameters.map((parameter) => parameter.name);
  for (const [name, value] of Object.entries(replaced)) {
    const parameter = system.parameters.find((candidate) => candidate.name === name);
    if (parameter !== undefined && Number.isFinite(value) && value >= parameter.minimum) continue;
    const range =
      parameter?.minimum === Number.NEGATIVE_INFINITY ? "a number" : `a number of at least ${parameter?.minimum}`;
    const expected =
      parameter === undefined ? (known.length === 0 ? "no constant" : `one of ${known.join(", ")}`) : range;
    throw new TensorError(
      `Cannot set ${name} of ${system.name}: expected ${expected}, got ${parameter === undefined ? name : value}`,
      parameter === undefined ? didYouMean(name, known, seeConstants) : seeConstants,
    );
  }
  return Object.freeze({
    ...Object.fromEntries(system.parameters.map((each) => [each.name, each.default])),
    ...replaced,
  });
}
