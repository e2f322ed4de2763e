import { array, at, concatenate, mul, neg, stack, type Tensor } from "@leastaction/tensor";
import { describe, expect, test } from "vitest";
import { simulate } from "../system/simulate.ts";
import { systemNamed } from "../system/systems.ts";
import { checkedSettingOf } from "../train/fit-setting.ts";
import { defineModel } from "./define-model.ts";
import type { AnyModel, ModelOptions } from "./model.ts";

interface Parameters {
  readonly k: Tensor;
}

const { dataset } = simulate(systemNamed("pendulum"), { seed: 1, trajectories: 4, duration: 4, samples: 60 });
const spring = {
  name: "spring",
  init: () => ({ k: array(1) }),
  field: ({ k }: Parameters, _t: Tensor, state: Tensor) => stack([at(state, 1), neg(mul(k, at(state, 0)))]),
};
const modelWith = (change: object): AnyModel =>
  defineModel({ ...spring, ...change } as unknown as ModelOptions<Parameters>) as unknown as AnyModel;
const fitted = (...models: readonly (AnyModel | string)[]) => checkedSettingOf(dataset, { model: models }).models;
const row = { name: "k", unit: "1/s^2", meaning: "stiffness" };

test("a model that is right is taken, and one that is named twice is one", () => {
  const right = modelWith({ constants: [row], constantsOf: ({ k }: Parameters) => stack([k]), energy: () => array(1) });
  expect(fitted(right, right, "hold", "hold").map(({ name }) => name)).toEqual(["spring", "hold"]);
  expect(right.kind).toBe("grey-box");
  expect(modelWith({}).kind).toBe("network");
});

test("two models of one name are refused", () => {
  expect(() => fitted(modelWith({}), modelWith({}))).toThrow(/of different names, got two named spring\nRename/);
  expect(() => fitted("hold", modelWith({ name: "hold" }))).toThrow(/got two named hold/);
});

describe("what would go wrong later is said before the training", () => {
  const table: readonly (readonly [what: string, change: object, text: RegExp])[] = [
    [
      "a field too short",
      { field: (_: unknown, _t: Tensor, s: Tensor) => stack([at(s, 1)]) },
      /field to return float64\[2\], got float64\[1\]\nfield returns d state/,
    ],
    [
      "a list of tensors",
      { field: (_: unknown, _t: Tensor, s: Tensor) => [at(s, 1), at(s, 0)] },
      /got float64\[\] and float64\[\]/,
    ],
    [
      "an observation of the state's length",
      { encode: (_: unknown, x: Tensor) => concatenate([x, x]), field: (_: unknown, _t: Tensor, s: Tensor) => s },
      /observe to return float64\[2\], got float64\[4\]/,
    ],
    [
      "an energy of two numbers",
      { energy: (_: unknown, s: Tensor) => s },
      /energy to return one number, got float64\[2\]/,
    ],
    [
      "a momentum too long",
      { momentum: (_: unknown, s: Tensor) => s },
      /momentum to return float64\[1\], got float64\[2\]/,
    ],
    [
      "a fault of shapes",
      { field: (_: unknown, _t: Tensor, s: Tensor) => mul(s, array([1, 2, 3])) },
      /^Cannot trace field of spring: Cannot/,
    ],
    ["parameters that are not finite", { init: () => ({ k: array(Number.NaN) }) }, /finite numbers of init at k/],
    [
      "parameters of another type",
      { init: () => ({ k: array(1, [], "float32") }) },
      /float64 of init at k, got float32/,
    ],
    ["no parameters at all", { init: () => undefined }, /init to return tensors, got undefined/],
    ["nothing to fit", { frozen: ["k"] }, /numbers of init to fit, got none/],
    ["a name that no parameter has", { bounds: { w: [0, 1] } }, /parameters of init in bounds, got w\nThey are k/],
    ["rows without numbers", { constants: [row] }, /both constants and constantsOf, got no constantsOf/],
    [
      "more rows than numbers",
      { constants: [row, row], constantsOf: ({ k }: Parameters) => stack([k]) },
      /constantsOf to return float64\[2\], a number for each row, got float64\[1\]/,
    ],
    [
      "a coordinate that there is not",
      { constants: [{ ...row, of: 1 }], constantsOf: ({ k }: Parameters) => stack([k]) },
      /a coordinate from 0 to 0 in k, got 1/,
    ],
  ];
  test.each(table)("%s", (_what, change, text) => {
    expect(() => fitted(modelWith(change))).toThrow(text);
  });
});

describe("a record is held against its types", () => {
  const table: readonly (readonly [change: object, text: RegExp])[] = [
    [{ feild: spring.field }, /fields of a model, got feild\nThere are name, /],
    [{ cites: "Me 2020" }, /a list of texts as cites, got "Me 2020"/],
    [{ kind: "greybox" }, /baseline, grey-box, network as kind/],
    [{ needs: { coordinate: 2 } }, /got needs.coordinate\nThere are velocities, /],
    [{ needs: { coordinates: 0 } }, /a whole number from 1 as needs.coordinates, got 0/],
    [{ trainable: "no" }, /true or false as trainable/],
    [{ prior: "x" }, /a number as prior/],
    [{ bounds: { k: [2, 1] } }, /pairs of rising numbers by name as bounds/],
    [{ energy: 3 }, /a function as energy, got 3/],
    [{ constants: [{ name: "k", meaning: "k" }] }, /constants\[0\].unit, got none/],
    [{ constants: [{ ...row, unit: 3 }] }, /text as constants\[0\].unit, got 3/],
  ];
  test.each(table)("%j", (change, text) => {
    expect(() => modelWith(change)).toThrow(text);
  });
});
