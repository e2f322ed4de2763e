/** `report.html` of a reproduction: one file that opens offline. A row that does not hold is red. */

import type { ExperimentRow } from "@leastaction/dynamics";
import type { Figure } from "../report/figure.ts";
import { html, type Markup } from "../report/html.ts";
import { page } from "../report/page.ts";
import { figureSection, section } from "../report/section.ts";
import { type Column, table } from "../report/table.ts";
import { version } from "../version.ts";
import type { ExperimentResults } from "./results.ts";
import { barText, number, spreadText, verdictText } from "./results-text.ts";

const columns: readonly Column<ExperimentRow>[] = [
  { heading: "part", cell: ({ name }) => name },
  {
    heading: "quantity",
    cell: ({ quantity, note }) => (note === "" ? quantity : html`${quantity} <small>${note}</small>`),
  },
  { heading: "published", isNumber: true, cell: ({ published }) => (published === null ? "–" : number(published)) },
  { heading: "ours", below: "median", isNumber: true, cell: ({ ours }) => (ours === null ? "none" : number(ours)) },
  { heading: "spread", below: "least to greatest", isNumber: true, cell: spreadText },
  { heading: "seeds", cell: ({ seeds }) => seeds.join(", ") },
  { heading: "bar", cell: barText },
  { heading: "", cell: verdictText },
];

/** Rows that miss their bar are red. */
const rules = `
tr.fails td{color:#b3261e;font-weight:600}
@media (prefers-color-scheme:dark){tr.fails td{color:#ff8a80}}`;

/** The text of the page. */
export function experimentReport(results: ExperimentResults, figures: readonly Figure[]): string {
  const { title, source, form, control, missing, trainings } = results;
  const settings = new Map(results.rows.map((row) => [row.name, row.setting]));
  const body = html`<header>
<p class="over">leastaction reproduce</p>
<h1>${title}</h1>
<p class="meta">${source} · ${form === "full" ? "the published size" : "the reduced form"}</p>
</header>
${control === null ? null : html`<p>Control ${control}: the structure is taken out, so some rows must fail.</p>`}
${missing.length === 0 ? null : html`<p>Partial: not trained yet are ${missing.join(", ")}.</p>`}
${section(
  "The published number beside ours",
  table(columns, results.rows, ({ holds }) => (holds === false ? "fails" : "")),
)}
${figureSection("Curves", figures)}
${section("Settings", ...[...settings].filter(([, setting]) => Object.keys(setting).length > 0).map(settingOf))}
${section("Trainings", html`<ul>${trainings.map((one) => html`<li>${trainingText(one)}</li>`)}</ul>`)}
<footer class="meta">Made by leastaction ${version}. This file is complete: it loads nothing.</footer>`;
  return page(title, body, rules);
}

function settingOf([name, setting]: readonly [string, ExperimentRow["setting"]]): Markup {
  const words = Object.entries(setting).map(([key, value]) => `${key} ${JSON.stringify(value)}`);
  return html`<p><strong>${name}</strong>: ${words.join(", ")}</p>`;
}

function trainingText({ name, status, steps, seconds, environment }: ExperimentResults["trainings"][number]): string {
  const made = Object.entries(environment).map(([key, value]) => `${key} ${value}`);
  return `${name}: ${status}, ${steps} steps in ${seconds} s (${made.join(", ")})`;
}
