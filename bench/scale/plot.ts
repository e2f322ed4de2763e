/**
 * The scale check as one drawing: a log-log panel for each extent, time against arithmetic, a line for each target.
 *
 * In: measured curves. Out: the text of an SVG file, about 1000 x 640, light. The dashed line of each panel has slope 1.
 */
import type { Size } from "./models.ts";
import type { ScalePoint } from "./slope.ts";

/** One curve as measured on one target. */
export interface MeasuredCurve {
  readonly extent: keyof Size;
  readonly target: string;
  readonly slope: number;
  readonly points: readonly (Size & ScalePoint)[];
}

/** A panel's place and its scales. */
interface Panel {
  readonly x: (operations: number) => number;
  readonly y: (milliseconds: number) => number;
  /** Decades at the ends of the axes. */
  readonly span: { readonly x: readonly [number, number]; readonly y: readonly [number, number] };
}

const width = 1000;
const height = 640;
const gap = { left: 56, right: 22, top: 44, bottom: 40 };
const colors = ["#c2410c", "#1d6fa5", "#5b7d2e"];
const ink = { text: "#1d2126", muted: "#646b75", grid: "#e9e6e1" };
const superscripts = ["⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"];

/** The drawing of all curves. */
export function plotOf(curves: readonly MeasuredCurve[]): string {
  const extents = [...new Set(curves.map(({ extent }) => extent))];
  const panels = extents.map((extent, index) => {
    const own = curves.filter((curve) => curve.extent === extent);
    const left = (index % 2) * (width / 2);
    const top = Math.floor(index / 2) * (height / 2);
    return `<g transform="translate(${left},${top})">${panelOf(own)}</g>`;
  });
  const title = `Time of a training step against its arithmetic, as ${extents.join(", ")} grow`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}"`,
    ` font-family="system-ui, sans-serif" font-size="12" fill="${ink.muted}" style="background:#ffffff">`,
    `<title>${title}</title>${panels.join("\n")}</svg>\n`,
  ].join("");
}

function panelOf(curves: readonly MeasuredCurve[]): string {
  const panel = scalesOf(curves.flatMap(({ points }) => points));
  const series = curves.map((curve, i) => seriesOf(curve, panel, colors[i % colors.length] as string, i === 0));
  const names = curves.map(({ target, slope }, i) =>
    text(gap.left + i * 130, 30, `${target}: slope ${slope.toFixed(2)}`, { fill: colors[i % colors.length] as string }),
  );
  const heading = text(gap.left, 14, curves[0]?.extent ?? "", { fill: ink.text, "font-weight": "600" });
  return [heading, ...names, axesOf(panel), proportionOf(curves, panel), ...series].join("");
}

function scalesOf(points: readonly ScalePoint[]): Panel {
  const span = {
    x: decades(points.map(({ operations }) => operations)),
    y: decades(points.map(({ milliseconds }) => milliseconds)),
  };
  const inner = { width: width / 2 - gap.left - gap.right, height: height / 2 - gap.top - gap.bottom };
  return {
    span,
    x: (operations) => gap.left + inner.width * share(Math.log10(operations), span.x),
    y: (milliseconds) => gap.top + inner.height * (1 - share(Math.log10(milliseconds), span.y)),
  };
}

function decades(values: readonly number[]): readonly [number, number] {
  return [Math.floor(Math.log10(Math.min(...values))), Math.ceil(Math.log10(Math.max(...values)))];
}

function share(value: number, [low, high]: readonly [number, number]): number {
  return (value - low) / (high - low);
}

function axesOf({ x, y, span }: Panel): string {
  const [left, right] = [x(10 ** span.x[0]), x(10 ** span.x[1])];
  const [bottom, top] = [y(10 ** span.y[0]), y(10 ** span.y[1])];
  const columns = exponents(span.x).map(
    (k) => line(x(10 ** k), bottom, x(10 ** k), top, ink.grid) + text(x(10 ** k), bottom + 16, power(k), middle),
  );
  const rows = exponents(span.y).map(
    (k) => line(left, y(10 ** k), right, y(10 ** k), ink.grid) + text(left - 8, y(10 ** k) + 4, decimal(k), end),
  );
  const labels =
    text((left + right) / 2, bottom + 32, "operations per step", middle) + text(left - 8, top - 8, "ms", end);
  return [...columns, ...rows, labels].join("");
}

/** A line of slope 1 through the last point of the first curve. */
function proportionOf([curve]: readonly MeasuredCurve[], { x, y, span }: Panel): string {
  const last = curve?.points.at(-1);
  if (last === undefined) return "";
  const at = (operations: number): number => (last.milliseconds * operations) / last.operations;
  const from = Math.max(10 ** span.x[0], (last.operations * 10 ** span.y[0]) / last.milliseconds);
  return line(x(from), y(at(from)), x(last.operations), y(last.milliseconds), ink.muted, "4 4");
}

function seriesOf({ extent, points }: MeasuredCurve, { x, y }: Panel, color: string, named: boolean): string {
  const path = points.map(({ operations, milliseconds }) => `${round(x(operations))},${round(y(milliseconds))}`);
  const marks = points.map((point) => {
    const [cx, cy] = [round(x(point.operations)), round(y(point.milliseconds))];
    const label = named ? text(cx + 4, cy + 16, String(point[extent]), { ...middle, "font-size": "10" }) : "";
    return `<circle cx="${cx}" cy="${cy}" r="3" fill="${color}"/>${label}`;
  });
  return `<polyline points="${path.join(" ")}" fill="none" stroke="${color}" stroke-width="1.5"/>${marks.join("")}`;
}

const middle = { "text-anchor": "middle" };
const end = { "text-anchor": "end" };

function text(x: number, y: number, content: string, attributes: Readonly<Record<string, string>>): string {
  const written = Object.entries(attributes).map(([name, value]) => ` ${name}="${value}"`);
  return `<text x="${round(x)}" y="${round(y)}"${written.join("")}>${content}</text>`;
}

function line(x1: number, y1: number, x2: number, y2: number, stroke: string, dash = "none"): string {
  return `<line x1="${round(x1)}" y1="${round(y1)}" x2="${round(x2)}" y2="${round(y2)}" stroke="${stroke}" stroke-dasharray="${dash}"/>`;
}

function exponents([low, high]: readonly [number, number]): number[] {
  return Array.from({ length: high - low + 1 }, (_, i) => low + i);
}

/** 10 to a power, with raised digits. */
function power(exponent: number): string {
  return `10${String(exponent).replace(/\d/g, (digit) => superscripts[Number(digit)] as string)}`;
}

function decimal(exponent: number): string {
  return exponent < 0 ? (10 ** exponent).toFixed(-exponent) : String(10 ** exponent);
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
