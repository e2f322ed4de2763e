/**
 * A report as one HTML file: no script, no font, no image from anywhere else, light and dark, wide and narrow.
 * The five plain sentences come first; whoever reads no further has the result and how far it may be trusted.
 */

import { counted } from "@leastaction/dynamics";
import type { ReportFigures } from "./figures-of-report.ts";
import { html, type Markup } from "./html.ts";
import { page } from "./page.ts";
import type { ReportContent } from "./report-content.ts";
import { constantsTable, rankingTable, readingTable } from "./report-tables.ts";
import { figureSection, section } from "./section.ts";

/** The text of `report.html`. */
export function renderReport(content: ReportContent, figures: ReportFigures): string {
  const { title } = content;
  const body = html`${opening(content)}
${forecastSection(content, figures)}
${figureSection("How the error grows, and what was learned", [...figures.horizon, ...figures.phase], figures.energy)}
${figureSection("How the training went", figures.training)}
${rankingSection(content)}
${content.constants.length === 0 ? null : section("Constants", constantsTable(content.constants))}
${equationSection(content)}
${readingSection(content)}
${repeatSection(content)}
${content.cannotKnow.length === 0 ? null : section("What this model cannot know", bullets(content.cannotKnow))}
${content.references.length === 0 ? null : section("References", referenceList(content.references))}
${closing(content)}`;
  return page(title, body);
}

function opening({ title, data, date, sentences }: ReportContent): Markup {
  const plain = sentences.map(({ about, text }) => html`<dt>${about}</dt><dd>${text}</dd>`);
  return html`<header>
<p class="over">leastaction report</p>
<h1>${title}</h1>
<p class="meta">${data} · ${date.slice(0, 10)}</p>
</header>
<dl class="plain">${plain}</dl>`;
}

function bullets(lines: readonly string[]): Markup | null {
  return lines.length === 0 ? null : html`<ul>${lines.map((line) => html`<li>${line}</li>`)}</ul>`;
}

function forecastSection({ forecasts, undrawn }: ReportContent, figures: ReportFigures): Markup | null {
  if (forecasts.length === 0) return null;
  const rest =
    undrawn === 0
      ? null
      : html`<p class="meta">${counted(undrawn, "further panel")} not drawn; all of them enter the numbers.</p>`;
  return section("Forecast against truth", html`${figures.forecasts.map((one) => one.markup)}`, rest);
}

function rankingSection(content: ReportContent): Markup | null {
  if (content.ranking.length === 0) return null;
  const { rankingMetric } = content;
  const note = `Errors are ${rankingMetric}. Models are ranked on the selection data; among those that it cannot tell apart, the law with less freedom is first. The test data were looked at once, after the choice.`;
  return section("All candidates", html`<p>${note}</p>`, rankingTable(content));
}

function equationSection({ equation }: ReportContent): Markup | null {
  if (equation === null) return null;
  const note = `Found by sparse regression and trained like the other models (${equation.model} in the table of candidates), with 95 % intervals; ${equation.units}.`;
  return section(
    "The motion as an equation",
    html`<pre>${equation.lines.join("\n")}</pre>`,
    html`<p class="meta">${note}</p>`,
  );
}

function readingSection({ reading, readingSummary, uses }: ReportContent): Markup {
  return section("What was read", html`<p>${readingSummary}.</p>`, readingTable(reading), bullets(uses));
}

function repeatSection({ command, repeatNotes }: ReportContent): Markup {
  return section("How to repeat it", html`<pre>${command}</pre>`, bullets(repeatNotes));
}

function referenceList(references: readonly string[]): Markup {
  return html`<ol class="references">${references.map((text) => html`<li>${text}</li>`)}</ol>`;
}

function closing({ version }: ReportContent): Markup {
  return html`<footer class="meta">Made by leastaction ${version}. This file is complete: it loads nothing.</footer>`;
}
