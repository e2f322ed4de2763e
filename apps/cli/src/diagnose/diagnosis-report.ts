/**
 * A diagnosis as one HTML file: the five sentences, the verdicts, what they rest on, and the thresholds.
 */

import type { MotionDiagnosis, ReasonedVerdict } from "@leastaction/dynamics";
import { formatted } from "@leastaction/dynamics";
import { html, type Markup } from "../report/html.ts";
import { page } from "../report/page.ts";
import { figureSection, section } from "../report/section.ts";
import { table } from "../report/table.ts";
import { version } from "../version.ts";
import {
  coverageFigures,
  divergenceFigure,
  energyLossFigures,
  metricFigure,
  spectrumFigure,
} from "./diagnosis-figures.ts";
import { type ThresholdRow, thresholdRows } from "./diagnosis-rows.ts";

const references = [
  "Wolf, Buck, Schäfer, 2025, Lagrangian neural ODEs: measuring the existence of a Lagrangian with Helmholtz metrics, arXiv:2510.06367",
  "Douglas, 1941, Solution of the inverse problem of the calculus of variations, Trans. Amer. Math. Soc. 50, 71, doi:10.1090/S0002-9947-1941-0004740-5",
];

/** The text of `report.html`. @param frame the call that repeats it */
export function diagnosisReport(found: MotionDiagnosis, { command }: { readonly command: string }): string {
  const { metrics, thresholds, notes } = found;
  const title = `Diagnosis of ${found.name}`;
  const body = html`<header>
<p class="over">leastaction diagnosis</p>
<h1>${title}</h1>
</header>
<dl class="plain">${found.summary.map(({ about, text }) => html`<dt>${about}</dt><dd>${text}</dd>`)}</dl>
${section("Verdicts", verdictTable(found))}
${figureSection(
  "The metric",
  metrics.map((finding) => metricFigure(finding, thresholds.metric)),
)}
${figureSection("Eigenvalues of g", metrics.map(spectrumFigure))}
${figureSection("Long-time mean of tr(df/dv)", [], divergenceFigure(found))}
${figureSection("Energy loss against amplitude", energyLossFigures(found))}
${figureSection("What was visited", coverageFigures(found))}
${section("Thresholds", html`<p>No probability is given: it would need to be known how often fields of each kind are measured.</p>`, thresholdTable(found))}
${notes.length === 0 ? null : section("What was done", html`<ul>${notes.map((line) => html`<li>${line}</li>`)}</ul>`)}
${section("How to repeat it", html`<pre>${command}</pre>`)}
${section("References", html`<ol class="references">${references.map((text) => html`<li>${text}</li>`)}</ol>`)}
<footer class="meta">Made by leastaction ${version}. This file is complete: it loads nothing.</footer>`;
  return page(title, body);
}

function verdictTable({ verdicts, certificate, metrics }: MotionDiagnosis): Markup {
  const rows: readonly (ReasonedVerdict & { readonly question: string })[] = [
    { question: "Lagrangian without time", ...verdicts.lagrangian },
    { question: "Lagrangian with time", ...verdicts.lagrangianTimeDependent },
    { question: "Dissipation", ...verdicts.dissipation },
  ];
  const known = [
    ...metrics.map(({ timeDependent, total, steps, status }) => {
      return `metric of g ${timeDependent ? "with" : "without"} time ${formatted(total)} after ${steps} steps (${status})`;
    }),
    ...(certificate === null
      ? []
      : [
          `${formatted(100 * certificate.share, 2)} % of ${certificate.points} states leave no regular g (missed by ${formatted(certificate.left)}, certain to ${formatted(certificate.error)})`,
        ]),
  ];
  const drawn = table(
    [
      { heading: "Question", cell: ({ question }) => question },
      { heading: "Verdict", cell: ({ verdict }) => verdict },
      { heading: "Reason", cell: ({ reason }) => reason },
    ],
    rows,
  );
  return known.length === 0 ? drawn : html`${drawn}<p class="meta">${known.join("; ")}.</p>`;
}

function thresholdTable(found: MotionDiagnosis): Markup {
  return table<ThresholdRow>(
    [
      { heading: "Threshold", cell: ({ name }) => name },
      { heading: "Value", isNumber: true, cell: ({ value }) => value },
      { heading: "Decides", cell: ({ decides }) => decides },
    ],
    thresholdRows(found),
  );
}
