/**
 * Parameters without those that only training needs.
 */
import type { AnyModel } from "./model.ts";

/** What is saved of the parameters of a model, a tree of host tensors. */
export function savedParameters({ trainingOnly = [] }: AnyModel, parameters: unknown): unknown {
  if (trainingOnly.length === 0) return parameters;
  const entries = Object.entries(parameters as Readonly<Record<string, unknown>>);
  return Object.fromEntries(entries.filter(([name]) => !trainingOnly.includes(name)));
}
