/** The fields of a model's record, as a file of the user's may have them wrong. */
import { TensorError } from "@leastaction/tensor";
import type { Constant, ModelDefinition, Needs } from "./model.ts";

/** What a field must be, and whether a value is. */
type Rule = readonly [expected: string, isRight: (value: unknown) => boolean];

const isText = (value: unknown): boolean => typeof value === "string";
const isNumber = (value: unknown): boolean => typeof value === "number" && Number.isFinite(value);
const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const text: Rule = ["text", isText];
const texts: Rule = ["a list of texts", (value) => Array.isArray(value) && value.every(isText)];
const flag: Rule = ["true or false", (value) => typeof value === "boolean"];
const number: Rule = ["a number", isNumber];
const call: Rule = ["a function", (value) => typeof value === "function"];
const oneOf = (...words: readonly string[]): Rule => [words.join(", "), (value) => words.includes(value as string)];
const index: Rule = ["a whole number from 0", (value) => Number.isInteger(value) && (value as number) >= 0];
const count: Rule = ["a whole number from 1", (value) => Number.isInteger(value) && (value as number) >= 1];
const bounds: Rule = [
  "pairs of rising numbers by name",
  (value) =>
    isRecord(value) &&
    Object.values(value).every(
      (pair) => Array.isArray(pair) && pair.length === 2 && !pair.some(Number.isNaN) && pair[0] < pair[1],
    ),
];

const needs: Readonly<Record<keyof Needs, Rule>> = {
  velocities: flag,
  momenta: flag,
  controls: flag,
  coordinates: count,
};
const constant: Readonly<Record<keyof Constant, Rule>> = {
  name: text,
  unit: text,
  meaning: text,
  coordinate: number,
  control: number,
  of: index,
  rows: oneOf("each control", "with controls"),
};
const needed: readonly (keyof Constant)[] = ["name", "unit", "meaning"];
const fields: Readonly<Record<keyof ModelDefinition, Rule>> = {
  name: text,
  summary: text,
  needs: ["a record", isRecord],
  promises: texts,
  cites: texts,
  kind: oneOf("baseline", "grey-box", "network"),
  init: call,
  encode: call,
  field: call,
  step: call,
  observe: call,
  energy: call,
  momentumIsVelocity: flag,
  momentum: call,
  dissipation: call,
  metric: call,
  trainingOnly: texts,
  frozen: texts,
  bounds,
  constants: ["a list of records", (value) => Array.isArray(value) && value.every(isRecord)],
  constantsOf: call,
  equations: [
    "a list of { left, terms }",
    (value) => Array.isArray(value) && value.every((one) => isRecord(one) && isText(one.left) && texts[1](one.terms)),
  ],
  keep: call,
  unidentifiable: text,
  prior: number,
  trainable: flag,
};

/**
 * Errors: no name, no init, neither or both of field and step; a field that there is not, or that holds something else.
 * Undefined is as good as left out.
 */
export function expectDefinition(options: Readonly<Record<string, unknown>>): void {
  const name = String(options.name);
  if (typeof options.name !== "string" || !/^[a-z0-9][a-z0-9-]*$/.test(name))
    cannot(name, "a name in kebab case", name, 'Name it like "my-damped-oscillator".');
  if (typeof options.init !== "function")
    cannot(name, "an init function", typeof options.init, "Add init(seed, facts, samples) that returns host tensors.");
  const laws = [options.field, options.step].filter((law) => typeof law === "function").length;
  if (laws !== 1) {
    cannot(
      name,
      "exactly one of field and step",
      laws === 0 ? "neither" : "both",
      "Give field(parameters, t, state, control) for an equation of motion, or step(parameters, state, dt, control).",
    );
  }
  expectFields(name, "", options, fields);
  expectFields(name, "needs.", (options.needs ?? {}) as typeof options, needs);
  for (const [row, one] of ((options.constants ?? []) as readonly (typeof options)[]).entries()) {
    expectFields(name, `constants[${row}].`, one, constant);
    const missing = needed.find((field) => one[field] === undefined);
    if (missing !== undefined)
      cannot(name, `constants[${row}].${missing}`, "none", "A row has name, unit and meaning; the unit may be empty.");
  }
}

function expectFields(
  name: string,
  above: string,
  record: Readonly<Record<string, unknown>>,
  rules: Readonly<Record<string, Rule>>,
): void {
  for (const [field, value] of Object.entries(record)) {
    if (value === undefined) continue;
    const rule = Object.hasOwn(rules, field) ? rules[field] : undefined;
    if (rule === undefined)
      cannot(name, "fields of a model", `${above}${field}`, `There are ${Object.keys(rules).join(", ")}.`);
    const [expected, isRight] = rule;
    if (!isRight(value))
      cannot(
        name,
        `${expected} as ${above}${field}`,
        found(value),
        "Correct it, or leave it out where it is optional.",
      );
  }
}

function found(value: unknown): string {
  if (typeof value === "function") return "a function";
  return (JSON.stringify(value) ?? String(value)).slice(0, 80);
}

function cannot(name: string, expected: string, got: string, remedy: string): never {
  throw new TensorError(`Cannot define model ${name}: expected ${expected}, got ${got}`, remedy);
}
