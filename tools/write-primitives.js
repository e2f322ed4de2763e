// Writes docs/primitives.md from the tables of the sources: `node tools/write-primitives.js`. A test keeps the page and
// the tables in step.
import { writeFileSync } from "node:fs";
import path from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { readPrimitives } from "./read-primitives.js";

/**
 * @typedef {import("./read-primitives.js").Kind} Kind
 * @typedef {import("./read-primitives.js").Primitive} Primitive
 * @typedef {import("./read-primitives.js").Row} Row
 */

export const page = "docs/primitives.md";

const opening = `# Primitives

Written by \`node tools/write-primitives.js\` from the tables in
[\`packages/tensor/src\`](../packages/tensor/src); do not edit. A program is made of these and nothing else. Models call
operations ([\`ops/\`](../packages/tensor/src/ops), [\`library/\`](../packages/tensor/src/library)), which put them together; what a primitive demands of its operands
stands in [\`program/infer.ts\`](../packages/tensor/src/program/infer.ts), what it means by element in
[\`target/reference\`](../packages/tensor/src/target/reference).

- *comes with*: the core, which every program has, or the operations of a dialect
  ([why](decisions/0014-dialects.md)).
- *derivative*: the rule of forward mode. In \`unary\`, x is the operand and y the result, and the tangent is multiplied by
  what is written; \`linear\` applies the primitive to the tangent; *zero* is known to be zero and costs nothing.
- *transposed*: how cotangents come back through one that is linear; a dash where it never has to be, since its derivative
  is written with others.
- *batched*: the same work for all members of a batch, whose axis is axis 0. \`elementwise\` and \`shifted\` are the primitive
  itself on larger shapes.
- *lowered*: \`point\` is computed by element and joins loop nests, \`view\` is an index map without work, \`reduction\` joins the
  nest of its operand, \`alone\` is a step of its own, and what has a definition becomes the program of it.

A rule that does not fit a cell is a link to it. A new one: [Add a primitive](recipes/add-a-primitive.md).`;

/**
 * @param {readonly Kind[]} kinds
 * @returns {string} the text of the page
 */
export function primitivesPage(kinds) {
  const count = kinds.reduce((sum, { primitives }) => sum + primitives.length, 0);
  const plain = kinds.filter(({ meaning }) => meaning !== "");
  const others = kinds.filter(({ meaning }) => meaning === "").flatMap(({ primitives }) => primitives);
  return [
    opening,
    `There are ${count}.`,
    "## By element and over axes",
    ...plain.flatMap(({ meaning, primitives }) => [meaning, table(primitives)]),
    "## The others",
    ...others.flatMap((primitive) => [
      `### ${primitive.name}`,
      primitive.meaning,
      ...(primitive.parameters === "" ? [] : [`\`\`\`ts\n${parametersOf(primitive)}\n\`\`\``]),
      table([primitive]),
    ]),
  ]
    .join("\n\n")
    .concat("\n");
}

/** @param {Primitive} primitive */
function parametersOf({ parameters }) {
  return parameters
    .replace(/^\{\s*|\s*\}$/g, "")
    .replaceAll("readonly ", "")
    .split("\n")
    .map((line) => line.trim())
    .join("\n");
}

/** @param {readonly Primitive[]} primitives */
function table(primitives) {
  const head = ["", "comes with", "derivative", "transposed", "batched", "lowered"];
  const rows = primitives.map(({ name, rows }) => [
    `\`${name}\``,
    rows.dialect === undefined ? "core" : `[${rows.dialect.text}](${linkTo(rows.dialect)})`,
    rows.derivative === undefined ? "zero" : cell(rows.derivative),
    cell(rows.transposed),
    cell(rows.batched),
    isDefined(rows.lowering) ? `[definition](${linkTo(rows.lowering)})` : cell(rows.lowered),
  ]);
  return [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

/**
 * @param {Row | undefined} row
 * @returns {row is Row}
 */
function isDefined(row) {
  return row?.file.includes("/define/") === true;
}

/** @param {Row | undefined} row */
function cell(row) {
  if (row === undefined) return "–";
  if (row.text.startsWith('"')) return row.text.slice(1, -1);
  // `unary("exp", (_, y) => y)` without the name, which stands in the first column.
  const short = row.text.replace(/^(\w+)\("\w+"(?:, )?(.*)\)$/, "$1 $2").trim();
  const isName = /^\w+$/.test(row.text);
  return isName || short.length > 70 ? `[rule](${linkTo(row)})` : `\`${short.replaceAll("|", "\\|")}\``;
}

/** @param {Row} row */
function linkTo({ file }) {
  return path.posix.relative(path.posix.dirname(page), file);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(page, primitivesPage(readPrimitives(".")));
