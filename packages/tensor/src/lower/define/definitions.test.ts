/**
 * Defined primitives stay one equation through transforms and files, and none is left when a program was simplified.
 */
import { describe, expect, it } from "vitest";
import { cholesky } from "../../library/linear-algebra.ts";
import { programFromJson } from "../../library/program-from-json.ts";
import { sum } from "../../ops/reduction.ts";
import { programToJson } from "../../program/json.ts";
import { definedPrimitives, type Program } from "../../program/primitive.ts";
import { subprograms } from "../../program/subprograms.ts";
import { evaluateProgram } from "../../target/reference/evaluate.ts";
import { allCases, numbers } from "../../testing/primitive-cases.ts";
import { inline } from "../../trace/builder.ts";
import { array, asTensor, type Tensor } from "../../trace/tensor.ts";
import { trace } from "../../trace/trace.ts";
import { grad } from "../../transform/differentiate.ts";
import { simplify } from "../simplify.ts";
import { runLowered } from "../testing/run-lowered.ts";

function namesIn(program: Program): string[] {
  return program.equations.flatMap(({ primitive, parameters }) => [
    primitive,
    ...subprograms(primitive, parameters).flatMap(namesIn),
  ]);
}

const isDefined = (name: string): boolean => (definedPrimitives as readonly string[]).includes(name);
const matrix = array([4, 1, 0.5, 1, 5, 2, 0.5, 2, 6], [3, 3]);
const gradient = (a: Tensor): Tensor => grad((x: Tensor) => sum(cholesky(x)))(a);

describe("defined primitives", () => {
  it.each(definedPrimitives)("%s is opened by simplify", (name) => {
    const items = allCases.filter((item) => namesIn(trace(item.apply as never, item.inputs).program).includes(name));
    expect(items).not.toEqual([]);
    for (const { apply, inputs } of items) {
      expect(namesIn(simplify(trace(apply as never, inputs).program)).filter(isDefined)).toEqual([]);
    }
  });

  it("keep programs of derivatives small", () => {
    const names = namesIn(trace(gradient, [matrix]).program);
    expect(names.filter(isDefined)).toEqual(["cholesky", "triangularSolve", "triangularSolve"]);
    expect(names.length).toBeLessThan(40);
  });

  it("keep their derivative in a file", () => {
    const { program } = trace((x: Tensor) => sum(cholesky(x)), [matrix]);
    const read = programFromJson(JSON.parse(JSON.stringify(programToJson(program))));
    const again = trace(
      grad((x: Tensor) => inline(read, [x])[0] as Tensor),
      [matrix],
    ).program;
    expect(evaluateProgram(again, [matrix])).toEqual(evaluateProgram(trace(gradient, [matrix]).program, [matrix]));
  });

  it("open equal equations into equal ones", () => {
    const a = numbers([8, 8], 0.1, 1);
    const twice = (x: Tensor): Tensor[] => [cholesky(x), cholesky(x)];
    const [first, second] = simplify(trace(twice as never, [a]).program).outputs;
    expect(first).toBe(second);
  });

  it("touch no other member of a batch where one is not a number", () => {
    const good = [4, 1, 1, 5];
    const batch = array([...good, ...good.map(() => Number.NaN), ...good], [3, 2, 2]);
    const { program } = trace((x: Tensor) => cholesky(x), [batch]);
    const alone = runLowered(trace((x: Tensor) => cholesky(asTensor(x, "float64")), [array(good, [2, 2])]).program, [
      array(good, [2, 2]),
    ]).outputs[0];
    const found = Array.from(runLowered(program, [batch]).outputs[0] as Float64Array);
    expect(found.slice(0, 4)).toEqual(Array.from(alone as Float64Array));
    expect(found.slice(8)).toEqual(Array.from(alone as Float64Array));
    expect(found.slice(4, 8).map(Number.isNaN)).toEqual([true, false, true, true]);
  });
});
