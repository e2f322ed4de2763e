/**
 * The colours of pages and figures, as CSS variables in a light and a dark set.
 * Figures only name variables, so that one drawing serves both; a figure in a file of its own carries the light set.
 * The series colours keep a contrast of at least 3 : 1 to their paper and differ in lightness, not in hue alone.
 */
const light: Readonly<Record<string, string>> = {
  paper: "#fcfbf9",
  panel: "#ffffff",
  ink: "#1d2126",
  muted: "#646b75",
  rule: "#dedbd5",
  grid: "#e9e6e1",
  accent: "#c2410c",
  second: "#1d6fa5",
  third: "#5b7d2e",
  fourth: "#7c4d9e",
  fifth: "#a8631a",
  sixth: "#3f7f7a",
  seventh: "#b8336a",
  eighth: "#4a5568",
};

const dark: Readonly<Record<string, string>> = {
  paper: "#14161a",
  panel: "#1a1d22",
  ink: "#e9e6e1",
  muted: "#9aa1ab",
  rule: "#343941",
  grid: "#2a2e35",
  accent: "#fb8a5a",
  second: "#6fb6e3",
  third: "#a9c77a",
  fourth: "#c39ae0",
  fifth: "#e0b56b",
  sixth: "#7cc4bd",
  seventh: "#f28bb4",
  eighth: "#b4bfce",
};

/** Colours of series, in order; the first is the forecast's. */
export const seriesColors: readonly string[] = [
  "accent",
  "second",
  "third",
  "fourth",
  "fifth",
  "sixth",
  "seventh",
  "eighth",
].map((name) => `var(--${name})`);

/** The colour of the series at `index`; the first ones come again after the last. */
export function seriesColor(index: number): string {
  return seriesColors[index % seriesColors.length] as string;
}

const variables = (colors: Readonly<Record<string, string>>): string =>
  Object.entries(colors)
    .map(([name, color]) => `--${name}:${color}`)
    .join(";");

/** Rules for a page: light, and dark where the reader's system asks for it. */
export const pageColors: string = [
  `:root{color-scheme:light dark;${variables(light)}}`,
  `@media (prefers-color-scheme:dark){:root{${variables(dark)}}}`,
  `@media print{:root{${variables({ ...light, paper: "#fff" })}}}`,
].join("\n");

/** Rules for a drawing in a file of its own: light, on a ground of its own, wherever it is shown. */
export const drawingColors: string = `svg{${variables(light)};color:${light.ink};background:${light.panel}}`;
