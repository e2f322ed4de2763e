import { expect, it } from "vitest";
import { equationLines } from "./equation-lines.ts";

const constant = (value: number, halfWidth: number | null) => ({ name: "", unit: "", meaning: "", value, halfWidth });

it("writes signs between the terms and intervals behind the values", () => {
  const equations = [
    { left: "theta''", terms: ["sin(theta)", "theta'", ""] },
    { left: "x''", terms: [] },
    { left: "y''", terms: ["y"] },
  ];
  const constants = [constant(-24.9134, 0.031), constant(0.1, null), constant(-3, 0.2), constant(1, 0.001)];
  expect(equationLines(equations, constants)).toEqual([
    "theta'' = −(24.913 ± 0.031) sin(theta) + 0.1 theta' − (3 ± 0.2)",
    "x'' = 0",
    "y'' = (1 ± 0.001) y",
  ]);
});
