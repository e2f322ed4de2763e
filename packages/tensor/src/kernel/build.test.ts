import { expect, it } from "vitest";
import { createBlock } from "./block.ts";
import * as build from "./build.ts";

const x = build.read(build.local("x", "float32", 4));
const n = build.read(build.local("n", "int32", 1));
const value = (expression: ReturnType<typeof build.add>): number | undefined =>
  expression.kind === "number" ? expression.value : undefined;

it("removes identities that hold for every float", () => {
  expect(build.mul(x, 1)).toBe(x);
  expect(build.div(x, 1)).toBe(x);
  expect(build.sub(x, 0)).toBe(x);
  expect(build.add(x, -0)).toBe(x);
  expect(build.neg(build.neg(x))).toBe(x);
  expect(build.select(build.less(x, 0), x, x)).toBe(x);
});

it("keeps those that zeros or NaN break", () => {
  for (const kept of [build.add(x, 0), build.sub(x, -0), build.mul(x, 0), build.sub(x, x)])
    expect(kept.kind).toBe("binary");
});

it("divides by powers of two with a product", () => {
  expect(build.div(x, 8)).toMatchObject({ op: "mul", b: { value: 0.125 } });
  expect(build.div(x, 3)).toMatchObject({ op: "div" });
});

it("folds constants in their type", () => {
  const tenth = build.number("float32", 1, 0.1);
  expect(value(build.add(tenth, 0.2))).toBe(Math.fround(Math.fround(0.1) + Math.fround(0.2)));
  expect(value(build.mul(build.number("int32", 1, 65537), 65537))).toBe(131073);
  expect(value(build.div(build.number("int32", 1, 7), 0))).toBe(0);
  expect(value(build.less(tenth, 1))).toBe(1);
  expect(build.less(tenth, 1).dtype).toBe("bool");
  expect(value(build.convert("int32", build.number("float64", 1, 1e20)))).toBe(2147483647);
  expect(build.and(n, -1)).toBe(n);
  expect(value(build.mul(n, 0))).toBe(0);
});

it("refuses operands of different types or lanes", () => {
  expect(() => build.add(x, n)).toThrow(
    "Cannot build add: expected operands of one type and as many lanes, got float32x4 and int32x1",
  );
  expect(() => build.add(1, 2)).toThrow("Cannot build add: expected an expression among the operands, got two numbers");
  expect(() => build.select(x, x, x)).toThrow("Cannot build select");
});

it("names values in a block, numbers excepted", () => {
  const block = createBlock();
  const named = block.name("square", build.mul(x, x));
  expect(named).toMatchObject({ kind: "local", local: { name: "square" } });
  expect(block.name("one", build.number("float32", 4, 1)).kind).toBe("number");
  expect(block.statements).toHaveLength(1);
});
