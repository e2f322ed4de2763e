import { array, evaluate, type HostTensor, leavesOf, type Tensor, trace } from "@leastaction/tensor";
import { describe, expect, it } from "vitest";
import { lagrangianOde } from "./lagrangian-ode.ts";
import { predictMotion } from "./predict-motion.ts";
import { trajectoryScaling } from "./trajectory-scaling.ts";

const ode = lagrangianOde({ dimensions: 2, hidden: [6], metricHidden: [5], startHidden: [4] });
const { field, start, metric } = ode.init(0, "float64");
const times = array(Float64Array.of(0, 0.3, 1, 1.4));
const starts = array([
  [1, 0],
  [0.4, -0.7],
  [-1, 2],
]);

describe("lagrangianOde", () => {
  it("moves alike with both solvers, as far as it is asked to", () => {
    const motions = (x: Tensor): Tensor[] => [
      ode.motion({ field, start }, x, times).x,
      ode.motion({ field, start }, x, times, { solver: { kind: "fixed", substeps: 20 } }).x,
      ode.motion({ field, start }, x, times, { length: array(Int32Array.of(3), []) as unknown as Tensor }).x,
    ];
    const [adaptive, fixed, short] = evaluate(motions, starts) as HostTensor[];
    adaptive?.data.forEach((x, i) => {
      expect(fixed?.data[i]).toBeCloseTo(x, 5);
      if (i % 8 < 6) expect(short?.data[i]).toBeCloseTo(x, 5);
    });
  });

  it("predicts in the unit of the data: v and a are the rates of x and v", () => {
    const scaling = trajectoryScaling([3, 4, 7], [1, 5, 2, -5, 9, 7], 2);
    const at = (t: Tensor, from: Tensor): Tensor[] => {
      const { x, v, a } = predictMotion(ode, { field, start }, scaling, from, t, {
        solver: { kind: "fixed", substeps: 60 },
      });
      return [x, v, a];
    };
    const h = 1e-4;
    const [x, v, a] = evaluate(at, array(Float64Array.of(3, 3.5 - h, 3.5, 3.5 + h)), starts) as HostTensor[];
    for (let i = 0; i < 3; i++) {
      for (let k = 0; k < 2; k++) {
        const value = (series: HostTensor | undefined, j: number): number => series?.data[i * 8 + j * 2 + k] as number;
        expect((value(x, 3) - value(x, 1)) / (2 * h)).toBeCloseTo(value(v, 2), 4);
        expect((value(v, 3) - value(v, 1)) / (2 * h)).toBeCloseTo(value(a, 2), 4);
      }
    }
  });

  it("needs nothing of g to move, and leaves nothing of it in the program", () => {
    const given = { field, metric, start };
    const move = (tree: typeof given, x: Tensor): Tensor => ode.motion(tree, x, times).x;
    const { program } = trace(move, [given, starts]);
    const used = new Set(program.equations.flatMap(({ inputs }) => inputs));
    const names = ["field", "metric", "start"].flatMap((name) =>
      leavesOf(given[name as keyof typeof given]).map(() => name),
    );
    const needed = names.filter((_, i) => used.has(program.inputs[i] as never));
    expect([...new Set(names)]).toEqual(["field", "metric", "start"]);
    expect([...new Set(needed)]).toEqual(["field", "start"]);
  });

  it("refuses data that do not move", () => {
    expect(() => trajectoryScaling([0, 1], [1, 2, 1, 3], 2)).toThrow(
      "Cannot scale trajectories: expected times and positions that change, got coordinate 0 constant\n" +
        "Leave out coordinates that never move, and give at least two times.",
    );
  });
});
