import { readFileSync } from "node:fs";
import { array } from "@leastaction/tensor";
import { describe, expect, it } from "vitest";
import { readRecord } from "./read-model-record.ts";
import { readSafetensors } from "./safetensors.ts";
import { trainedModel } from "./trained-model.ts";

const { tensors, metadata } = readSafetensors(
  readFileSync(new URL("./testing/version-1.safetensors", import.meta.url)),
);
type Tree = { [key: string]: Tree } & Tree[];

/** Reads the model after one change of its record. */
function changed(change: (record: Tree) => void): () => unknown {
  const record = JSON.parse(metadata["model.json"] as string) as Tree;
  change(record);
  return () => trainedModel(readRecord(JSON.stringify(record)), tensors);
}
const set = (record: Tree, path: string, value: unknown): void => {
  const keys = path.split(".");
  const last = keys.pop() as string;
  const holder = keys.reduce((tree, key) => tree[key] as Tree, record);
  holder[last] = value as Tree;
};

describe("a model.json", () => {
  it("is read as it is, and without fields that nobody knows", () => {
    expect(changed(() => {})).not.toThrow();
    expect(
      readRecord((metadata["model.json"] as string).replace("{", '{"__proto__":{"polluted":1},')),
    ).not.toHaveProperty("polluted");
  });

  it.each<[string, unknown, string]>([
    [
      "format",
      "another",
      "Cannot read model.json: expected format leastaction-model of version 2 or older, got another version 1",
    ],
    ["version", "a\nb", "got leastaction-model version a b\n"],
    ["parameters.0.dtype", "a\nb", "expected one line of text as parameters[0].dtype"],
    ["version", 3, "got leastaction-model version 3"],
    ["version", "1", "expected format leastaction-model"],
    ["name", 7, "expected a name in kebab case as name, got 7"],
    ["name", "../../etc", 'expected a name in kebab case as name, got "../../etc"'],
    ["name", "a\nb", 'expected a name in kebab case as name, got "a\\nb"'],
    ["kind", "virus", 'expected baseline or grey-box or network as kind, got "virus"'],
    ["facts", null, "expected an object as facts, got null"],
    ["facts.dt", 0, "expected a number above 0 as facts.dt, got 0"],
    ["facts.frequency", 1e300, "expected at most 10000 steps of its solver in one of the data as facts, got "],
    ["facts.coordinates", [], "expected 1 values as facts.coordinates, got 0"],
    ["coordinates", [], "expected at least one as coordinates, got 0"],
    ["coordinates.0.unit.numerator", 0, "expected a number above 0 as coordinates[0].unit.numerator"],
    ["controls.0.delay", -1, "expected a number from 0 on as controls[0].delay, got -1"],
    ["controls.0.hold", "cubic", "expected zero or linear as controls[0].hold"],
    ["region.points", [[1]], "expected 2 values as a point of the region, got 1"],
    ["region.points", [["1"]], 'expected a number as region.points[0][0], got "1"'],
    ["stateSize", 3, 'expected one result float64[3] as programs.encode, got "float64[2]"'],
    ["programs.field", undefined, 'expected either field or step as programs, got "neither"'],
    ["programs.encode", undefined, "expected encode and observe as programs"],
    [
      "programs.main",
      {},
      'expected encode, field, step, observe, energy, momentum, dissipation as a program, got "main"',
    ],
    [
      "programs.field.inputs.0.shape",
      [1],
      "Cannot read a program: expected an equation that holds at program.equations",
    ],
    ["programs.observe.outputs", [0], "expected one result float64[2] as programs.observe"],
    ["parameters", [], "as programs.encode, got "],
    ["seed", -1, "expected a whole number from 0 on as seed, got -1"],
  ])("with another %s is refused: %j", (path, value, message) => {
    expect(changed((record) => set(record, path, value))).toThrow(message);
  });

  it("that is no JSON is refused with where", () => {
    expect(() => readRecord('{"format":')).toThrow('Cannot read model.json: expected JSON, got "Unexpected end');
    expect(() => readRecord("null")).toThrow("expected an object as its content, got null");
  });

  it("does not take the methods of objects for its parameters", () => {
    const record = changed((tree) => set(tree, "parameters.0.name", "toString"));
    expect(record).toThrow("Cannot load model linear-state-space: expected float64[4,1] for toString, got nothing");
  });

  it("whose law takes too long is refused before it is compiled", () => {
    const { record, parameters } = { record: readRecord(metadata["model.json"] as string), parameters: tensors };
    expect(() => trainedModel(record, parameters, undefined, { operations: 10 })).toThrow(
      "expected at most 10 operations",
    );
    expect(() => trainedModel(record, { ...parameters, gains: array([1]) })).toThrow("for gains, got float64[1]");
  });
});
