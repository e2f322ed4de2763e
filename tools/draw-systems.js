// Draws one motion of each known system into docs/images/systems.svg: `node tools/draw-systems.js`, after a build.
//
// A system with one coordinate shows several motions in its phase plane. The others show what their records draw: the
// paths of their bodies, with the last picture on top, for several motions where there is a single body; a chain, whose
// bodies only move up and down, shows a few pictures.
import { writeFileSync } from "node:fs";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { parametersOf, simulate } from "@leastaction/dynamics";

/** @typedef {import("@leastaction/dynamics").System} System */
/** @typedef {readonly [number, number]} Place */
/** @typedef {{ readonly path: readonly Place[], readonly color: string, readonly isShape: boolean }} Line */

export const picture = "docs/images/systems.svg";

const columns = 6;
const panel = { width: 166, height: 160, top: 24, margin: 10 };
const colors = ["#1d6fa5", "#c2410c", "#5b7d2e", "#7c4d9e", "#a8631a", "#3f7f7a"];
const ink = "#1d2126";
/** Points of a path: enough for a smooth line at this size. */
const points = 300;

/**
 * @param {readonly System[]} systems
 * @returns {string} the text of an SVG file
 */
export function systemsPicture(systems) {
  const rows = Math.ceil(systems.length / columns);
  const [width, height] = [columns * panel.width, rows * panel.height];
  const panels = systems.map((system, index) => {
    const [x, y] = [(index % columns) * panel.width, Math.floor(index / columns) * panel.height];
    return `<g transform="translate(${x},${y})">${drawPanel(system)}</g>`;
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}"`,
    ` font-family="system-ui, sans-serif" font-size="12" fill="none" style="background:#ffffff">`,
    "<title>One motion of each known system</title>\n",
    panels.join("\n"),
    "\n</svg>\n",
  ].join("");
}

/** @param {System} system */
function drawPanel(system) {
  const lines = system.coordinates.length === 1 ? phaseLines(system) : bodyLines(system);
  const [xs, ys] = [0, 1].map((axis) => lines.flatMap(({ path }) => path.map((place) => place[axis] ?? 0)));
  // Pictures of things keep their proportions; planes of different quantities fill the panel.
  const { horizontal, vertical } = system.draw(parametersOf(system), startOf(system));
  const isThing = horizontal === "x [m]" && vertical === "y [m]" && system.coordinates.length > 1;
  const place = mapping(bounds(xs ?? []), bounds(ys ?? []), isThing);
  const paths = lines.map(({ path, color, isShape }) => {
    const width = isShape ? 1.6 : 0.9;
    return `<path d="${steps(path.map(place))}" stroke="${color}" stroke-width="${width}" stroke-linejoin="round"/>`;
  });
  const bodies = lastBodies(system).map(([at, color]) => {
    const [x, y] = place(at);
    return `<circle cx="${x}" cy="${y}" r="3" fill="${color}"/>`;
  });
  const title = `<text x="${panel.margin}" y="16" fill="${ink}" class="title" font-weight="600">${system.name}</text>`;
  return title + paths.join("") + (system.coordinates.length === 1 ? "" : bodies.join(""));
}

/**
 * A path by its steps, in tenths of a pixel, which halves the file.
 * @param {readonly Place[]} places
 */
function steps(places) {
  const written = places.map(([x, y], index) => {
    const [fromX, fromY] = places[index - 1] ?? [0, 0];
    const [dx, dy] = [x - fromX, y - fromY].map((step) => String(Math.round(10 * step) / 10));
    return `${dx}${dy?.startsWith("-") ? "" : " "}${dy}`;
  });
  return `M${written[0] ?? ""}l${written
    .slice(1)
    .join(" ")
    .replaceAll(" -", "-")
    .replace(/(?<!\d)0\./g, ".")}`;
}

/**
 * @param {System} system
 * @param {number} [trajectories]
 * @returns {readonly (readonly (readonly number[])[])[]} states of each motion
 */
function motions(system, trajectories = 1) {
  const duration = 6 * system.timescale(parametersOf(system));
  const { dataset } = simulate(system, { seed: 3, trajectories, duration, samples: points });
  return dataset.trajectories.map(({ times, values }) => {
    const width = values.length / times.length;
    return Array.from(times, (_, row) => [...values.subarray(row * width, (row + 1) * width)]);
  });
}

/** @param {System} system */
function startOf(system) {
  return motions(system)[0]?.[0] ?? [];
}

/**
 * @param {System} system
 * @returns {readonly Line[]}
 */
function phaseLines(system) {
  return motions(system, 5).map((states, index) => {
    const path = states.map(([x = 0, v = 0]) => /** @type {const} */ ([x, v]));
    return { path, color: colors[index % colors.length] ?? ink, isShape: false };
  });
}

/**
 * @param {System} system
 * @returns {readonly Line[]}
 */
function bodyLines(system) {
  const parameters = parametersOf(system);
  const [drawings = [], ...others] = motions(system, 3).map((states) =>
    states.map((state) => system.draw(parameters, state)),
  );
  const last = drawings.at(-1);
  if (last === undefined) return [];
  if (last.horizontal === "particle") {
    const chosen = [0, 0.02, 0.04, 0.06, 0.08].map((share) => drawings[Math.round(share * points)] ?? last);
    return chosen.map(({ points: places }, index) => {
      return { path: places.map(({ x, y }) => [x, y]), color: colors[index] ?? ink, isShape: false };
    });
  }
  const moving = last.points.flatMap(({ role }, index) => (role === "body" ? index : []));
  const shown = moving.length === 1 && last.links.length === 0 ? [drawings, ...others] : [drawings];
  const paths = shown.flatMap((motion, order) =>
    moving.map((index, body) => {
      const path = motion.map(({ points: at }) => /** @type {const} */ ([at[index]?.x ?? 0, at[index]?.y ?? 0]));
      return { path, color: colors[(order + body) % colors.length] ?? ink, isShape: false };
    }),
  );
  const shapes = last.links.map(([from, to]) => {
    const ends = [from, to].map((end) => /** @type {const} */ ([last.points[end]?.x ?? 0, last.points[end]?.y ?? 0]));
    return { path: ends, color: ink, isShape: true };
  });
  return [...paths, ...shapes];
}

/**
 * @param {System} system
 * @returns {readonly (readonly [Place, string])[]}
 */
function lastBodies(system) {
  const state = motions(system)[0]?.at(-1);
  if (state === undefined) return [];
  const drawing = system.draw(parametersOf(system), state);
  if (drawing.horizontal === "particle") return [];
  return drawing.points.map(({ x, y, role }) => [[x, y], role === "body" ? (colors[1] ?? ink) : ink]);
}

/**
 * @param {readonly number[]} values
 * @returns {Place}
 */
function bounds(values) {
  return [Math.min(...values), Math.max(...values)];
}

/**
 * @param {Place} xs
 * @param {Place} ys
 * @param {boolean} isThing
 * @returns {(place: Place) => Place} from the units of a drawing to pixels of its panel
 */
function mapping([left, right], [low, high], isThing) {
  const width = panel.width - 2 * panel.margin;
  const height = panel.height - panel.top - panel.margin;
  const [rawX, rawY] = [width / (right - left || 1), height / (high - low || 1)];
  const [scaleX, scaleY] = isThing ? [Math.min(rawX, rawY), Math.min(rawX, rawY)] : [rawX, rawY];
  const middle = [panel.margin + width / 2, panel.top + height / 2];
  const rounded = (/** @type {number} */ value) => Math.round(10 * value) / 10;
  return ([x, y]) => [
    rounded((middle[0] ?? 0) + scaleX * (x - (left + right) / 2)),
    rounded((middle[1] ?? 0) - scaleY * (y - (low + high) / 2)),
  ];
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { systems } = await import("@leastaction/dynamics");
  writeFileSync(picture, systemsPicture(systems));
}
