/**
 * The results as one SVG: for every solver and system, the far end of the interval of the drift in units of its bound,
 * on a logarithmic axis. Left of the line at 1 the energy is kept.
 */
import type { Row } from "./protocol.ts";

const rowHeight = 20;
const labelWidth = 150;
const panelWidth = 230;
const panelGap = 18;
const top = 52;
/** Decimal logarithms at the ends of the axis; what lies outside is drawn at the end. */
const [lowest, highest] = [-6, 8];

const titles: Readonly<Record<Row["problem"], string>> = {
  "henon-heiles": "Hénon–Heiles, E = 0.0819",
  kepler: "Kepler, eccentricity 0.5",
  toda: "Toda, three particles",
};

/** The picture. */
export function picture(rows: readonly Row[]): string {
  const names = [...new Set(rows.map(({ solver }) => solver))];
  const problems = [...new Set(rows.map(({ problem }) => problem))];
  const width = labelWidth + problems.length * (panelWidth + panelGap);
  const height = top + names.length * rowHeight + 40;
  const labels = names.map((name, i) => text(labelWidth - 10, rowY(i) + 4, name, "end"));
  const panels = problems.map((problem, i) => {
    const left = labelWidth + i * (panelWidth + panelGap);
    const own = rows.filter((row) => row.problem === problem);
    return panel(left, titles[problem], own, names);
  });
  const caption = text(
    labelWidth,
    height - 6,
    "far end of the 95 % interval of the drift, in units of the bound",
    "start",
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="system-ui, sans-serif" font-size="12" fill="#1d2126">`,
    `<title>Drift of the energy over ${Math.max(...rows.map(({ steps }) => steps))} steps</title>`,
    `<rect width="${width}" height="${height}" fill="#fcfbf9"/>`,
    ...labels,
    ...panels.flat(),
    caption,
    "</svg>\n",
  ].join("\n");
}

function panel(left: number, title: string, rows: readonly Row[], names: readonly string[]): string[] {
  const bottom = rowY(names.length - 1) + rowHeight / 2;
  const x = (share: number): number => {
    const place = (Math.min(Math.max(Math.log10(share), lowest), highest) - lowest) / (highest - lowest);
    return Number((left + 8 + place * (panelWidth - 16)).toFixed(1));
  };
  const ticks = Array.from({ length: (highest - lowest) / 2 + 1 }, (_, i) => lowest + 2 * i);
  return [
    `<rect x="${left}" y="${top - 12}" width="${panelWidth}" height="${bottom - top + 12}" fill="#fff" stroke="#dedbd5"/>`,
    text(left + panelWidth / 2, top - 22, title, "middle"),
    ...ticks.map((tick) => text(x(10 ** tick), bottom + 14, tick === 0 ? "1" : `1e${tick}`, "middle")),
    `<line x1="${x(1)}" x2="${x(1)}" y1="${top - 12}" y2="${bottom}" stroke="#646b75" stroke-dasharray="3 3"/>`,
    ...rows.map((row) => mark(x(row.share), rowY(names.indexOf(row.solver)), row)),
  ];
}

/** A dot where the criterion is met, a cross where it is not. */
function mark(x: number, y: number, { passes, solver, share }: Row): string {
  const told = `<title>${solver}: ${share.toExponential(1)}</title>`;
  if (passes) return `<circle cx="${x}" cy="${y}" r="4" fill="#1d6fa5">${told}</circle>`;
  const path = `M${x - 4} ${y - 4}L${x + 4} ${y + 4}M${x - 4} ${y + 4}L${x + 4} ${y - 4}`;
  return `<path d="${path}" stroke="#c2410c" stroke-width="2">${told}</path>`;
}

function rowY(index: number): number {
  return top + index * rowHeight;
}

function text(x: number, y: number, content: string, anchor: "start" | "middle" | "end"): string {
  return `<text x="${x}" y="${y}" text-anchor="${anchor}">${content}</text>`;
}
