/** The record and the functions of a model, checked. */
import { TensorError } from "@leastaction/tensor";
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
  const { name } = options;
  const complain = (expected: string, found: string, remedy: string): never => {
    throw new TensorError(`Cannot define model ${String(name)}: expected ${expected}, got ${found}`, remedy);
  };
  if (typeof name !== "string" || !/^[a-z0-9][a-z0-9-]*$/.test(name)) {
    complain("a name in kebab case", String(name), 'Name it like "my-damped-oscillator".');
  }
  if (typeof options.init !== "function") {
    complain("an init function", typeof options.init, "Add init(seed, facts, samples) that returns host tensors.");
  }
  const laws = [options.field, options.step].filter((law) => typeof law === "function").length;
  if (laws !== 1) {
    complain(
      "exactly one of field and step",
      laws === 0 ? "neither" : "both",
      "Give field(parameters, t, state, control) for an equation of motion, or step(parameters, state, dt, control).",
    );
  }
  expectDefinition(options as Readonly<Record<string, unknown>>);
  const kind = options.constantsOf === undefined ? "network" : "grey-box";
  return Object.freeze({ summary: name, needs: {}, promises: [], cites: [], kind, ...options });
}
