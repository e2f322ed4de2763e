// Draws the levels of `layers.json` as text, highest on top. `node tools/draw-layers.js` writes the drawing into
// docs/architecture.md between its two markers; a test keeps page and levels in step.
import { readFileSync, writeFileSync } from "node:fs";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { readLayerings } from "./check-layers.js";

const page = "docs/architecture.md";
const [begin, end] = ["<!-- levels: begin, written by tools/draw-layers.js -->", "<!-- levels: end -->"];

/**
 * @param {readonly import("./check-layers.js").Layering[]} layerings
 * @returns {string} one fenced block per workspace that has levels
 */
export function drawLayers(layerings) {
  return layerings
    .filter(({ levels }) => levels.length > 0)
    .map(({ source, external, levels }) => {
      const rows = levels.map((units, level) => `${String(level).padStart(2)}  ${units.join(" · ")}`).reverse();
      const outside = external.length === 0 ? "nothing" : external.join(", ");
      return ["```text", `${source} (from outside: ${outside})`, ...rows, "```"].join("\n");
    })
    .join("\n\n");
}

/**
 * The page with the drawing in place of what stands between the markers.
 * @param {string} text
 * @param {string} drawing
 * @returns {string}
 */
export function withDrawing(text, drawing) {
  const [before, rest] = text.split(begin);
  const [, after] = rest?.split(end) ?? [];
  if (before === undefined || after === undefined) {
    throw new Error(
      `Cannot draw the levels: expected the two markers in ${page}, got none\nPut back '${begin}' and '${end}'.`,
    );
  }
  return `${before}${begin}\n${drawing}\n${end}${after}`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(page, withDrawing(readFileSync(page, "utf8"), drawLayers(readLayerings("."))));
}
