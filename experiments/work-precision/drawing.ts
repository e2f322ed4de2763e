/**
 * The drawings of the experiment: for each class of problems the error against the evaluations, and for each solver the
 * error against the tolerance.
 */
import { problems } from "./detest.ts";
import { drawingOf, type LogPanel, type Series } from "./log-panel.ts";
import { adaptiveSolvers, type Row } from "./measure.ts";

const colors: Readonly<Record<string, string>> = {
  bosh3: "#8a6d1d",
  rk4: "#9aa0a8",
  dopri5: "#1d6fa5",
  tsit5: "#c2410c",
  vern7: "#5b7d2e",
  dop853: "#7a3e9d",
};
const classes: readonly (readonly [string, string])[] = [
  ["A", "single equations"],
  ["B", "small systems"],
  ["C", "moderate systems"],
  ["D", "orbits"],
  ["E", "equations of higher order"],
];

/** Files and their contents. */
export function drawings(rows: readonly Row[]): (readonly [string, string])[] {
  const names = Object.entries(colors).map(([name, color]) => ({ name, color }));
  const work = classes.map(([letter, title]) => {
    const own = problems.filter(({ name }) => name.startsWith(letter));
    const panels = own.map((problem) => workPanel(`${problem.name}: ${problem.title}`, ofProblem(rows, problem.name)));
    const text = drawingOf(`Error against evaluations on DETEST, class ${letter}: ${title}`, names, panels);
    return [`docs/images/work-precision-${letter.toLowerCase()}.svg`, text] as const;
  });
  const tolerance = adaptiveSolvers.map(({ name }) => tolerancePanel(name, rows));
  const title = "Error at the end against the tolerance on the 25 problems DETEST";
  const ownColors = names.filter(({ name }) => adaptiveSolvers.some((solver) => solver.name === name));
  return [...work, ["docs/images/work-precision-tolerance.svg", drawingOf(title, ownColors, tolerance)]];
}

function ofProblem(rows: readonly Row[], problem: string): Row[] {
  return rows.filter((row) => row.problem === problem);
}

function workPanel(title: string, rows: readonly Row[]): LogPanel {
  const series = Object.entries(colors).map(([solver, color]): Series => {
    const own = rows.filter((row) => row.solver === solver);
    return { color, points: own.map(({ evaluations, error }) => [evaluations, error]) };
  });
  return {
    title,
    x: { label: "evaluations of the field", span: [1.4, 5.6], every: 1 },
    y: { label: "error", span: [-15, 0], every: 3 },
    series,
  };
}

function tolerancePanel(solver: string, rows: readonly Row[]): LogPanel {
  const lines = problems.map(({ name }): Series => {
    const own = ofProblem(rows, name).filter((row) => row.solver === solver);
    const color = colors[solver] as string;
    return { color, thin: true, points: own.map(({ setting, error }) => [setting, error]) };
  });
  const equal: Series = {
    color: "#1d2126",
    dash: true,
    points: [
      [1e-13, 1e-13],
      [1e-2, 1e-2],
    ],
  };
  return {
    title: solver,
    x: { label: "absolute tolerance", span: [-13, -2], every: 3 },
    y: { label: "error", span: [-15, 0], every: 3 },
    series: [...lines, equal],
  };
}
