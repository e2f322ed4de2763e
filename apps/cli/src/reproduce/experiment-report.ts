/** `report.html` of a reproduction: one file that opens offline. A row that does not hold is red. */

import type { ExperimentRow } from "@leastaction/dynamics";
import type { Figure } from "../report/figure.ts";
import { html, type Markup } from "../report/html.ts";
import { page } from "../report/page.ts";
import { figureSection, section } from "../report/section.ts";
import { type Column, table } from "../report/table.ts";
import { version } from "../version.ts";
import { controlText } from "./control-text.ts";
import { type ExperimentGrid, type ExperimentGridLine, gridsOf } from "./experiment-grids.ts";
import type { ExperimentResults } from "./results.ts";
import { besideText, listColumns, oursText } from "./row-text.ts";
import { type SettingsLine, settingsLines } from "./settings-text.ts";
import { missingText, seedsText, trainingLines } from "./training-text.ts";

/** What misses its bar is red. */
const rules = `
tr.fails td,.fails{color:#b3261e;font-weight:600}
td .beside{display:block}
@media (prefers-color-scheme:dark){tr.fails td,.fails{color:#ff8a80}}`;

/** The text of the page. */
export function experimentReport(results: ExperimentResults, figures: readonly Figure[]): string {
  const { title, source, form, missing, trainings } = results;
  const control = controlText(results);
  const body = html`<header>
<p class="over">leastaction reproduce</p>
<h1>${title}</h1>
<p class="meta">${source} · ${form === "full" ? "the published size" : "the reduced form"}</p>
</header>
${control === null ? null : html`<p>${control}</p>`}
${missing.length === 0 ? null : html`<p>Partial: not trained yet are ${missingText(missing)}.</p>`}
${listSection(results)}
${gridsOf(results.rows).map((grid) => gridSection(grid, results))}
${figureSection("Curves", figures)}
${section("Settings", ...settingsLines(results.settings).map(settingsParagraph))}
${section("Trainings", html`<ul>${trainingLines(trainings).map((line) => html`<li>${line}</li>`)}</ul>`)}
<footer class="meta">Made by leastaction ${version}. This file is complete: it loads nothing.</footer>`;
  return page(title, body, rules);
}

function listSection({ rows, statistic }: ExperimentResults): Markup | null {
  const list = rows.filter(({ grid }) => grid === null);
  if (list.length === 0) return null;
  const columns = listColumns(list, statistic).map(
    ({ text, ...column }): Column<ExperimentRow> => ({
      ...column,
      cell: (row) =>
        column.heading === "quantity" && row.note !== "" ? html`${text(row)} <small>${row.note}</small>` : text(row),
    }),
  );
  const isPublished = list.some(({ published }) => published !== null);
  return section(
    isPublished ? "The published number beside ours" : "Results",
    table(columns, list, ({ holds }) => (holds === false ? "fails" : "")),
  );
}

function gridSection({ heading, parts, lines }: ExperimentGrid, { statistic }: ExperimentResults): Markup {
  const columns: readonly Column<ExperimentGridLine>[] = [
    { heading: "", cell: ({ quantity }) => quantity },
    ...parts.map((part): Column<ExperimentGridLine> => {
      const seeds = seedsText(lines[0]?.cells[part]?.seeds ?? []);
      return { heading: part, below: `seeds ${seeds}`, isNumber: true, cell: ({ cells }) => gridCell(cells[part]) };
    }),
  ];
  return section(heading, html`<p class="meta">${statistic.ours}, ${statistic.spread}</p>`, table(columns, lines));
}

function gridCell(row: ExperimentRow | undefined): string | Markup {
  if (row === undefined) return "–";
  const kind = row.holds === false ? "fails" : "";
  return html`<span class="${kind}">${oursText(row)} <small class="beside">${besideText(row)}</small></span>`;
}

function settingsParagraph({ whose, text }: SettingsLine): Markup {
  return html`<p><strong>${whose}</strong>: ${text}</p>`;
}
