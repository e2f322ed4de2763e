/** The record and the functions of a model, checked. */
import { expectDefinition } from "./expect-definition.ts";
import type { ModelDefinition, ModelOptions } from "./model.ts";

/**
 * A checked, frozen model definition.
 *
 * @example
 * export default defineModel({
 *   name: "my-oscillator",
 *   init: () => ({ k: array(1) }),
 *   field: ({ k }, _t, state) => stack([at(state, 1), neg(mul(k, at(state, 0)))]),
 *   constants: [{ name: "k", unit: "1/s^2", meaning: "stiffness over mass" }],
 *   constantsOf: ({ k }) => stack([k]),
 * });
 *
 * Errors: no name, neither or both of `field` and `step`, no `init`; a field that there is not, or of another type.
 */
export function defineModel<P>(options: ModelOptions<P>): ModelDefinition<P> {
  expectDefinition(options as Readonly<Record<string, unknown>>);
  const kind = options.constantsOf === undefined ? "network" : "grey-box";
  return Object.freeze({ summary: options.name, needs: {}, promises: [], cites: [], kind, ...options });
}
