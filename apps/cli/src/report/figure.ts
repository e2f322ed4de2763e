/**
 * The one door to the plotting library: marks in, SVG out, the same look everywhere.
 *
 * A figure is drawn twice, for wide and for narrow pages, so that its letters keep their size on a telephone; the page
 * shows the one that fits. Colours are variables of the page (`palette.ts`). Numbers of the drawing are rounded to a
 * hundredth of a pixel, which halves the file and cannot be seen.
 */

import type { Quantity } from "@leastaction/dynamics";
import * as Plot from "@observablehq/plot";
import { parseHTML } from "linkedom";
import { escaped, html, type Markup, markup } from "./html.ts";
import { drawingColors } from "./palette.ts";

/** A drawing before it has a size. */
export interface FigureSpec {
  /** File name without ending. */
  readonly name: string;
  /** One sentence below the drawing; also what a screen reader says. */
  readonly caption: string;
  readonly x: Plot.ScaleOptions;
  readonly y: Plot.ScaleOptions;
  readonly marks: (size: FigureSize) => Plot.Markish[];
  /** Names of the series with their colours, drawn above the frame; left out for a single one. */
  readonly legend?: readonly LegendEntry[];
  /** Width on a wide page, in pixels. */
  readonly wideWidth: number;
  /** Height on a wide page, in pixels. */
  readonly wideHeight: number;
  /** Room for the labels of the vertical axis, in pixels; 48 when left out. */
  readonly marginLeft?: number;
}

export interface LegendEntry {
  readonly label: string;
  readonly color: string;
}

export interface FigureSize {
  readonly width: number;
  readonly height: number;
  readonly isNarrow: boolean;
}

/** A drawing in its two widths, and as a file. */
export interface Figure {
  readonly name: string;
  /** For the page: both drawings and the caption. */
  readonly markup: Markup;
  /** Text of an SVG file in the light colours. */
  readonly svg: string;
}

const narrowWidth = 342;
const margin = { left: 48, right: 14 };
/** Height of a row of the legend, and a letter's mean width, in pixels. */
const legendLine = 17;
const letterWidth = 7;

/** Draws `spec`. */
export function figure(spec: FigureSpec): Figure {
  const { wideWidth, wideHeight, caption, name } = spec;
  const wide = drawn(spec, { width: wideWidth, height: wideHeight, isNarrow: false });
  const narrow = drawn(spec, { width: narrowWidth, height: Math.min(wideHeight, 250), isNarrow: true });
  const label = `role="img" aria-label="${escaped(caption)}"`;
  const inline = (svg: string, kind: string): Markup =>
    markup(svg.replace("<svg ", `<svg ${label} data-width="${kind}" `));
  return {
    name,
    markup: html`<figure>${inline(wide, "wide")}${inline(narrow, "narrow")}<figcaption>${caption}</figcaption></figure>`,
    svg: alone(wide, caption),
  };
}

/** `theta1 (rad)`; the name alone where there is no unit. */
export function axisLabel({ name, unit }: Quantity): string {
  return unit === "" ? name : `${name} (${unit})`;
}

function drawn(spec: FigureSpec, size: FigureSize): string {
  const { document } = parseHTML("<!doctype html><html><body></body></html>");
  const ticks = Math.max(3, Math.round(size.width / 110));
  const left = spec.marginLeft ?? margin.left;
  const legend = legendRows(spec.legend ?? [], size.width - left - margin.right);
  const above = legend.length * legendLine;
  const plot = Plot.plot({
    document,
    width: size.width,
    height: size.height + above,
    marginLeft: left,
    marginRight: margin.right,
    marginTop: 26 + above,
    marginBottom: 38,
    style: { fontSize: "12px", color: "var(--muted)" },
    x: { ticks, labelAnchor: "center", labelArrow: "none", tickSize: 4, ...spec.x },
    y: { ticks: Math.round(size.height / 50), labelArrow: "none", tickSize: 0, grid: true, ...spec.y },
    marks: [...spec.marks(size), ...legend.flatMap((row, index) => legendMarks(row, index, legend.length))],
  });
  return tidy(plot.outerHTML);
}

interface PlacedEntry extends LegendEntry {
  /** Pixels from the left edge of the frame. */
  readonly at: number;
}

/** Entries in rows that fit the frame. */
function legendRows(entries: readonly LegendEntry[], width: number): readonly (readonly PlacedEntry[])[] {
  const rows: PlacedEntry[][] = [];
  let at = Number.POSITIVE_INFINITY;
  for (const entry of entries) {
    const length = 36 + entry.label.length * letterWidth;
    if (at + length > width) {
      rows.push([]);
      at = 0;
    }
    rows.at(-1)?.push({ ...entry, at });
    at += length;
  }
  return rows;
}

function legendMarks(row: readonly PlacedEntry[], index: number, count: number): Plot.Markish[] {
  const dy = -10 - (count - 1 - index) * legendLine;
  return row.flatMap(({ label, color, at }) => [
    Plot.text(["—"], { frameAnchor: "top-left", dx: at, dy: dy - 6, fill: color, fontWeight: "bold", fontSize: 14 }),
    Plot.text([label], { frameAnchor: "top-left", dx: at + 19, dy: dy - 5, fill: "var(--ink)" }),
  ]);
}

/** Without the library's own rules and with short numbers. */
function tidy(svg: string): string {
  return svg
    .replace(/<style>[\s\S]*?<\/style>/g, "")
    .replace(/ class="plot-[^"]*"/, "")
    .replace(/="[^"]*\d\.\d{3,}[^"]*"/g, (attribute) =>
      attribute.replace(/-?\d+\.\d{3,}(e-?\d+)?/g, (digits) => String(Math.round(Number(digits) * 100) / 100)),
    );
}

function alone(svg: string, caption: string): string {
  const opening = `<svg xmlns="http://www.w3.org/2000/svg" `;
  return svg
    .replace("<svg ", opening)
    .replace(/>/, `><title>${escaped(caption)}</title><style>${drawingColors}</style>`);
}
