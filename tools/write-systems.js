// Writes docs/systems.md from the records of the known systems: `node tools/write-systems.js`, after a build. A test
// keeps the page and the records in step.
import { writeFileSync } from "node:fs";
import process from "node:process";
import { fileURLToPath } from "node:url";

/** @typedef {import("@leastaction/dynamics").System} System */
/** @typedef {import("@leastaction/dynamics").SystemFamily} SystemFamily */

export const page = "docs/systems.md";

const opening = `# Known systems

Written by \`node tools/write-systems.js\` from the records in
[\`packages/dynamics/src/system\`](../packages/dynamics/src/system); do not edit.

![One motion of each system](images/systems.svg)

\`leastaction simulate NAME --out table.csv\` makes a table from any of them, and \`leastaction fit table.csv\` reads it back
without being told anything; with \`--units\` it reads the units too. \`leastaction simulate --help\` lists what can be asked
for: noise, irregular times, missing cells, controls, positions only, other constants. In a program:

\`\`\`ts run
import { simulate, solve, systemField, systemNamed } from "@leastaction/dynamics";
import { array, evaluate, type Tensor } from "@leastaction/tensor";

const { dataset } = simulate(systemNamed("kepler"), { trajectories: 3, noise: { relative: 0.01 } });
dataset.trajectories.length; // => 3

const field = systemField(systemNamed("lorenz"), { rho: 14 });
const end = evaluate((y0: Tensor) => solve({ field: (t, y) => field(t, y), t0: 0, t1: 40, y0 }).y, array([1, 1, 1]));
Math.abs((end.data[2] as number) - 13) < 1e-4; // => true
\`\`\`

- All quantities are SI; a quantity without a unit is in the system's own scale.
- Each law is written once, in an arithmetic that it is handed: plain numbers make data on the host, traced tensors go into
  \`solve\`, where constants may be differentiated. The tests hand it dual numbers and so know its derivatives exactly.
- A symmetry takes motions to motions. Where it leaves the energy as it is, and the energy is kept, the invariant behind the
  arrow is kept too (Noether).
- An invariant or symmetry *with other constants* does not hold with the default ones; all hold without control only.
- Systems of first order have variables instead of coordinates and rates. \`fit\` reads the variables as coordinates and
  estimates their velocities.
`;

/**
 * @param {readonly System[]} systems
 * @param {readonly SystemFamily[]} families
 * @returns {string} the page
 */
export function systemsPage(systems, families) {
  return `${[opening, overview(systems), sizes(families), ...systems.map(section)].join("\n")}`;
}

/** @param {readonly System[]} systems */
function overview(systems) {
  const rows = systems.map((system) => {
    const { name, coordinates, controls, invariants } = system;
    const rates = coordinates.flatMap(({ rate }) => rate ?? []);
    const role = rates[0]?.role === "momentum" ? "momenta" : "velocities";
    const state = rates.length === 0 ? `${coordinates.length} variables` : `2 × ${rates.length}, ${role}`;
    const kept = invariants.filter((each) => each.holds(defaults(system))).length;
    return `| [${name}](#${name}) | ${state} | ${controls.length} | ${kept} | ${system.summary} |`;
  });
  return ["| system | state | controls | invariants | |", "|---|---|---|---|---|", ...rows, ""].join("\n");
}

/** @param {readonly SystemFamily[]} families */
function sizes(families) {
  const rows = families.map(({ name, counts, smallest, largest, usual }) => {
    return `- \`${name}-N\`: ${smallest} to ${largest} ${counts}; \`${name}\` has ${usual}.`;
  });
  return ["Some come in sizes:", "", ...rows, ""].join("\n");
}

/** @param {System} system */
function section(system) {
  const { name, summary, equations, coordinates, controls, invariants, symmetries, parameters, source } = system;
  const rates = coordinates.flatMap(({ rate }) => rate ?? []);
  const role = rates[0]?.role === "momentum" ? "momenta" : "velocities";
  const constants = defaults(system);
  const kept = invariants.map((each) => withUnit(each) + (each.holds(constants) ? "" : " with other constants"));
  const maps = symmetries.map((each) => {
    const kept = each.conserves === null ? "" : ` → ${each.conserves}`;
    return `${each.name} (${each.meaning})${kept}${each.holds(constants) ? "" : " with other constants"}`;
  });
  const facts = [
    [rates.length === 0 ? "variables" : "coordinates", coordinates.map(withUnit).join(", ")],
    [role, rates.map(withUnit).join(", ")],
    ["controls", controls.map(withUnit).join(", ")],
    ["kept", kept.join(", ")],
    ["symmetries", maps.join("; ")],
  ].filter(([, text]) => text !== "");
  const table = parameters.map((each) => {
    return `| \`${each.name}\` | ${each.default} ${each.unit} | ${each.meaning} |`.replace(/ {2,}/g, " ");
  });
  return [
    `## ${name}\n`,
    `${summary}\n`,
    "```text",
    ...equations,
    "```\n",
    ...facts.map(([word, text]) => `- ${word}: ${text}`),
    `- source: ${source}\n`,
    ...(table.length === 0 ? [] : ["| constant | default | |", "|---|---|---|", ...table, ""]),
  ].join("\n");
}

/** @param {{ readonly name: string, readonly unit: string }} quantity */
function withUnit({ name, unit }) {
  return unit === "" ? name : `${name} [${unit}]`;
}

/** @param {System} system */
function defaults({ parameters }) {
  return Object.fromEntries(parameters.map((each) => [each.name, each.default]));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { systemFamilies, systems } = await import("@leastaction/dynamics");
  writeFileSync(page, systemsPage(systems, systemFamilies));
}
