/**
 * One panel of a drawing: lines over two logarithmic axes, as SVG text.
 */

/** A line, or with `dash` a broken one without marks. */
export interface Series {
  readonly color: string;
  readonly points: readonly (readonly [number, number])[];
  readonly dash?: boolean;
  readonly thin?: boolean;
}

/** What a panel shows; spans are exponents of ten at the ends of the axes. */
export interface LogPanel {
  readonly title: string;
  readonly x: { readonly label: string; readonly span: readonly [number, number]; readonly every: number };
  readonly y: { readonly label: string; readonly span: readonly [number, number]; readonly every: number };
  readonly series: readonly Series[];
}

/** The size of a panel with its labels. */
export const panelSize = { width: 330, height: 270 } as const;

const gap = { left: 52, right: 14, top: 34, bottom: 40 };
const ink = { text: "#1d2126", muted: "#646b75", grid: "#e9e6e1" };
const raised = ["⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"];

/** The drawing of panels in rows of three, with names in their colours above. */
export function drawingOf(
  title: string,
  names: readonly { readonly name: string; readonly color: string }[],
  panels: readonly LogPanel[],
): string {
  const rows = Math.ceil(panels.length / 3);
  const [width, height] = [3 * panelSize.width, 34 + rows * panelSize.height];
  const legend = names.map(({ name, color }, i) => text(gap.left + i * 110, 20, name, { fill: color, weight: 600 }));
  const placed = panels.map((panel, i) => {
    const [left, top] = [(i % 3) * panelSize.width, 34 + Math.floor(i / 3) * panelSize.height];
    return `<g transform="translate(${left},${top})">${panelOf(panel)}</g>`;
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}"`,
    ` font-family="system-ui, sans-serif" font-size="11" fill="${ink.muted}" style="background:#ffffff">`,
    `<title>${title}</title>${legend.join("")}\n${placed.join("\n")}</svg>\n`,
  ].join("");
}

function panelOf({ title, x, y, series }: LogPanel): string {
  const [left, right] = [gap.left, panelSize.width - gap.right];
  const [top, bottom] = [gap.top, panelSize.height - gap.bottom];
  const share = (value: number, [low, high]: readonly [number, number]): number =>
    (Math.log10(value) - low) / (high - low);
  const across = (value: number): number => left + (right - left) * share(value, x.span);
  const up = (value: number): number => bottom - (bottom - top) * share(value, y.span);
  const columns = exponents(x.span, x.every).map(
    (k) =>
      line([across(10 ** k), bottom], [across(10 ** k), top]) +
      text(across(10 ** k), bottom + 15, power(k), { anchor: "middle" }),
  );
  const rows = exponents(y.span, y.every).map(
    (k) =>
      line([left, up(10 ** k)], [right, up(10 ** k)]) + text(left - 6, up(10 ** k) + 4, power(k), { anchor: "end" }),
  );
  const inside = ([a, b]: readonly [number, number]): boolean =>
    share(a, x.span) >= 0 && share(a, x.span) <= 1 && share(b, y.span) >= 0 && share(b, y.span) <= 1;
  const drawn = series.map((each) => {
    const places = each.points.filter(inside).map(([a, b]) => [round(across(a)), round(up(b))] as const);
    const path = `<polyline points="${places.map((place) => place.join(",")).join(" ")}" fill="none" stroke="${each.color}"`;
    const marks = places.map(([cx, cy]) => `<circle cx="${cx}" cy="${cy}" r="2.2" fill="${each.color}"/>`);
    if (each.dash) return `${path} stroke-dasharray="4 4"/>`;
    return each.thin
      ? `${path} stroke-width="0.8" stroke-opacity="0.6"/>`
      : `${path} stroke-width="1.4"/>${marks.join("")}`;
  });
  const words =
    text(left, 16, title, { fill: ink.text, weight: 600 }) +
    text(left - 6, top - 8, y.label, { anchor: "end" }) +
    text((left + right) / 2, bottom + 32, x.label, { anchor: "middle" });
  return [...columns, ...rows, words, ...drawn].join("");
}

/** The multiples of `every` in a span. */
function exponents([low, high]: readonly [number, number], every: number): number[] {
  const [first, last] = [Math.ceil(low / every), Math.floor(high / every)];
  return Array.from({ length: last - first + 1 }, (_, i) => (first + i) * every);
}

/** 10 to a power, with raised digits. */
function power(exponent: number): string {
  const digits = String(Math.abs(exponent)).replace(/\d/g, (digit) => raised[Number(digit)] as string);
  return `10${exponent < 0 ? "⁻" : ""}${digits}`;
}

interface TextStyle {
  readonly fill?: string;
  readonly weight?: number;
  readonly anchor?: "middle" | "end";
}

function text(x: number, y: number, content: string, { fill, weight, anchor }: TextStyle): string {
  const attributes = [
    fill === undefined ? "" : ` fill="${fill}"`,
    weight === undefined ? "" : ` font-weight="${weight}"`,
    anchor === undefined ? "" : ` text-anchor="${anchor}"`,
  ];
  return `<text x="${round(x)}" y="${round(y)}"${attributes.join("")}>${content}</text>`;
}

function line([x1, y1]: readonly [number, number], [x2, y2]: readonly [number, number]): string {
  return `<line x1="${round(x1)}" y1="${round(y1)}" x2="${round(x2)}" y2="${round(y2)}" stroke="${ink.grid}"/>`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
