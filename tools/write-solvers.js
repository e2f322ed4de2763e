// Writes docs/solvers.md from the records of the solvers: `node tools/write-solvers.js`, after a build. A test keeps the
// page and the records in step.
import { writeFileSync } from "node:fs";
import process from "node:process";
import { fileURLToPath } from "node:url";

/** @typedef {import("@leastaction/dynamics").Solver} Solver */

export const page = "docs/solvers.md";

const opening = `# Solvers

Written by \`node tools/write-solvers.js\` from the records in
[\`packages/dynamics/src/solver\`](../packages/dynamics/src/solver); do not edit.

\`\`\`ts run
import { dop853, solve } from "@leastaction/dynamics";
import { array, evaluate, neg, type Tensor } from "@leastaction/tensor";

const decay = (y0: Tensor) =>
  solve({ field: (_t, y) => neg(y), t0: 0, t1: 1, y0, solver: dop853, rtol: 1e-10, atol: 1e-12 });
const { y } = evaluate(decay, array([1]));
Math.abs((y.data[0] as number) - Math.exp(-1)) < 1e-10; // => true
\`\`\`

- *order*: the error at the end shrinks as h to this power. *estimate*: that of the error estimate, as h to this power plus one;
  without one a solver takes equal steps. *dense*: order of the output between steps within one step; over many steps it has the
  order of the solution when it is one less or more.
- *evaluations* of the field in a step. With + 1, the last slope of a step is the first of the next, and the first step
  takes one more.
- All this is measured for every solver (\`solver.contract.test.ts\`, \`structure.test.ts\`): orders by regression over six step
  lengths, on problems with known solutions. Coefficients are checked against all order conditions when they are loaded.
- What they spend for an error: [Error against work](work-precision.md). What a kept structure is worth:
  [Long runs](long-runs.md). A new one: [Add a solver](recipes/add-a-solver.md).`;

const forms = {
  separable: "`separable`: q' = g(t, p), p' = f(t, q), as of H = T(p) + V(q).",
  quadratic: "`quadratic`: the same with q' = M⁻¹ p, M constant.",
  "second-order": "`second-order`: q' = v, v' = f(t, q).",
  any: "`any`: no restriction.",
};

/**
 * @param {readonly Solver[]} solvers
 * @returns {string} the text of the page
 */
export function solversPage(solvers) {
  const plain = solvers.filter(({ structure }) => structure === undefined);
  const structured = solvers.filter(({ structure }) => structure !== undefined);
  return [
    opening,
    "## Explicit Runge–Kutta methods",
    "For any field; nothing is kept.",
    table(["name", "order", "estimate", "dense", "evaluations", "source"], plain.map(plainRow)),
    "## Methods for fields of one form, and methods that keep a structure",
    "The state has two halves, positions and momenta (or velocities). What is assumed of the field:",
    Object.values(forms)
      .map((form) => `- ${form}`)
      .join("\n"),
    "*keeps*: the 2-form that a step of constant length keeps when the field is Hamiltonian, in the space of the state or, " +
      "where it says so, of the state and a copy. *symmetric*: the step of -h undoes that of h.",
    table(
      ["name", "order", "estimate", "dense", "evaluations", "field", "keeps", "symmetric", "source"],
      structured.map(structuredRow),
    ),
  ]
    .join("\n\n")
    .concat("\n");
}

/** @param {Solver} solver */
function plainRow(solver) {
  return [...measures(solver), sources(solver)];
}

/** @param {Solver} solver */
function structuredRow(solver) {
  const { structure, symmetric } = solver;
  const form = structure?.form?.name ?? "–";
  const keeps = structure?.space === "doubled" ? `${form}, doubled` : form;
  return [
    ...measures(solver),
    `\`${structure?.field ?? "any"}\``,
    keeps,
    symmetric === true ? "yes" : "–",
    sources(solver),
  ];
}

/** @param {Solver} solver */
function measures({ name, order, embeddedOrder, denseOrder, evaluations, startEvaluations }) {
  const counted = startEvaluations === 0 ? `${evaluations}` : `${evaluations} + ${startEvaluations}`;
  return [`\`${name}\``, `${order}`, `${embeddedOrder ?? "–"}`, `${denseOrder}`, counted];
}

/** @param {Solver} solver */
function sources({ cites }) {
  return cites
    .map((source) => {
      if (!source.startsWith("doi:")) return source;
      const doi = source.slice(4);
      return `[doi:${doi}](https://doi.org/${doi.replaceAll("(", "%28").replaceAll(")", "%29")})`;
    })
    .join(", ");
}

/**
 * @param {readonly string[]} head
 * @param {readonly (readonly string[])[]} rows
 */
function table(head, rows) {
  const lines = [head, head.map(() => "---"), ...rows];
  return lines.map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { solvers } = await import("@leastaction/dynamics");
  writeFileSync(page, solversPage(solvers));
}
