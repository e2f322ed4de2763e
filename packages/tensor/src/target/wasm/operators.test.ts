/**
 * Every operator, element type and number of lanes: Wasm gives the same bits as the interpreter.
 */
import { expect, it } from "vitest";
import { evaluate } from "../../kernel/evaluate.ts";
import { runModule } from "../../kernel/testing/elementwise.ts";
import { operatorCases } from "../../kernel/testing/operator-cases.ts";
import { instantiate } from "./instantiate.ts";

it.each(operatorCases(16).map((item) => [item.name, item] as const))("%s", (_, { module, inputs }) => {
  const expected = runModule(evaluate(module), module, inputs);
  const found = runModule(instantiate(module), module, inputs);
  expect(Array.from(found)).toEqual(Array.from(expected));
});
