/**
 * Error against work on the problems DETEST; see README.md beside this file. Rows are merged into the file of results
 * after every problem; then the drawings and the page are made from it.
 *
 * Options: --problem A1,C5 (default all)  --references (compute these instead)  --draw (only draw)
 */
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { wasm } from "@leastaction/tensor";
import { problems } from "./detest.ts";
import { drawings } from "./drawing.ts";
import { measure } from "./measure.ts";
import { writePage } from "./page.ts";
import { referenceOf } from "./reference.ts";
import { readReferences, readRows, writeReferences, writeRows } from "./results.ts";

const { values } = parseArgs({
  options: {
    problem: { type: "string" },
    references: { type: "boolean", default: false },
    draw: { type: "boolean", default: false },
  },
});

if (values.references) {
  writeReferences(problems.map(referenceOf));
} else {
  if (!values.draw) measureAll(values.problem?.split(","));
  const rows = readRows();
  for (const [file, text] of drawings(rows)) writeFileSync(file, text);
  writePage(rows);
}

function measureAll(names: readonly string[] | undefined): void {
  const truth = readReferences();
  for (const problem of problems.filter(({ name }) => names?.includes(name) ?? true)) {
    const found = measure(problem, truth.get(problem.name) as readonly number[], wasm());
    console.error(`${problem.name}: ${found.length} integrations`);
    const others = readRows().filter((row) => row.problem !== problem.name);
    const order = (name: string): number => problems.findIndex((each) => each.name === name);
    writeRows([...others, ...found].sort((a, b) => order(a.problem) - order(b.problem)));
  }
}
