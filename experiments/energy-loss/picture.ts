/** The equivalent linear damping against the amplitude as one SVG: points with bands, and the authors' constant as a line. */
import type { Row } from "./protocol.ts";

const [width, height] = [560, 300];
const [left, right, top, bottom] = [56, 12, 30, 44];
const [widest, highest] = [1.6, 0.14];
const colors = { "angles and velocities": "#1d6fa5", "angles alone": "#c2410c" } as const;

/** The picture. */
export function picture(rows: readonly Row[], constant: number): string {
  const x = (amplitude: number): number => left + (amplitude / widest) * (width - left - right);
  const y = (damping: number): number => height - bottom - (damping / highest) * (height - top - bottom);
  const ticks = (count: number, step: number): readonly number[] => Array.from({ length: count }, (_, i) => i * step);
  const points = rows.flatMap(({ data, bins }, i) =>
    bins.map(({ amplitude, damping: { value, low, high } }) => {
      const at = x(amplitude) + 4 * i - 2;
      const band = `<path d="M${round(at)} ${round(y(low))}V${round(y(high))}" stroke="${colors[data]}" stroke-width="2"/>`;
      return `${band}<circle cx="${round(at)}" cy="${round(y(value))}" r="4" fill="${colors[data]}"/>`;
    }),
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="system-ui, sans-serif" font-size="12" fill="#1d2126">`,
    "<title>Damping of the measured pendulum against its amplitude</title>",
    `<rect width="${width}" height="${height}" fill="#fcfbf9"/>`,
    `<path d="M${left} ${top}V${height - bottom}H${width - right}" fill="none" stroke="#646b75"/>`,
    ...ticks(8, 0.02).map((tick) => text(left - 6, y(tick) + 4, tick.toFixed(2), "end")),
    ...ticks(9, 0.2).map((tick) => text(x(tick), height - bottom + 16, tick.toFixed(1), "middle")),
    `<path d="M${left} ${round(y(constant))}H${width - right}" stroke="#646b75" stroke-dasharray="4 3"/>`,
    text(width - right, y(constant) - 6, `the authors' constant ${constant.toFixed(3)}`, "end"),
    ...points,
    ...rows.map(
      ({ data }, i) => `<g fill="${colors[data]}">${text(width - right, top + 4 + 16 * i, `from ${data}`, "end")}</g>`,
    ),
    text(left, 16, "energy lost over the integral of the squared velocity, 1/s, with 90 % bands", "start"),
    text(width - right, height - 8, "amplitude, rad", "end"),
    "</svg>\n",
  ].join("\n");
}

function round(value: number): number {
  return Number(value.toFixed(1));
}

function text(x: number, y: number, content: string, anchor: "start" | "middle" | "end"): string {
  return `<text x="${round(x)}" y="${round(y)}" text-anchor="${anchor}">${content}</text>`;
}
