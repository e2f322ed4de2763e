// Checks, after a build, that the documentation is true: every public export has a docstring, every relative link of a
// Markdown page leads somewhere, and every example runs: each `@example` of a public export, each block fenced as
// `ts run` in a page, and the blocks fenced as `ts part` of a page joined to one.
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { fencedBlocks, joinedBlocks, relativeLinks } from "./markdown.js";
import { readPublicExports } from "./public-exports.js";
import { findFailingExamples } from "./run-examples.js";
import { listFiles } from "./source-files.js";

const entries = {
  "@leastaction/tensor": "packages/tensor/src/index.ts",
  "@leastaction/tensor/kernel": "packages/tensor/src/kernel/index.ts",
  "@leastaction/tensor/lower": "packages/tensor/src/lower/index.ts",
  "@leastaction/native": "packages/native/src/index.ts",
  "@leastaction/dynamics": "packages/dynamics/src/index.ts",
  "@leastaction/dynamics/nearest-name": "packages/dynamics/src/nearest-name.ts",
  "@leastaction/formats": "packages/formats/src/index.ts",
  leastaction: "apps/cli/src/index.ts",
};

/**
 * @param {readonly import("./public-exports.js").PublicExport[]} exported
 * @returns {string[]}
 */
export function findUndocumented(exported) {
  return exported
    .filter(({ documentation }) => documentation.trim() === "")
    .map(({ place, name, entry }) => `${place}: '${name}' is exported by ${entry} and has no docstring`);
}

/**
 * @param {string} root
 * @param {readonly string[]} pages
 * @returns {string[]}
 */
export function findBrokenLinks(root, pages) {
  return pages.flatMap((page) =>
    relativeLinks(readFileSync(path.join(root, page), "utf8"))
      .filter((target) => !existsSync(path.join(root, path.dirname(page), decodeURI(target))))
      .map((target) => `${page}: the link to '${target}' leads nowhere`),
  );
}

/**
 * @param {string} root
 * @returns {string[]} what is wrong in this repository, one sentence each
 */
function checkRepository(root) {
  const pages = listFiles(root, ".", [".md"]);
  const exported = readPublicExports(root, entries);
  const examples = [
    ...exported.flatMap(({ place, examples: codes }) => codes.map((code) => ({ place, code }))),
    ...pages.flatMap((page) => {
      const text = readFileSync(path.join(root, page), "utf8");
      const whole = joinedBlocks(text, "ts part").map((block) => ({ ...block, importsAll: true }));
      return [...fencedBlocks(text, "ts run"), ...whole].map(({ line, ...rest }) => ({
        place: `${page}:${line}`,
        ...rest,
      }));
    }),
  ];
  const failing = findFailingExamples(root, examples, namesByPackage(exported));
  console.error(`docs: ${exported.length} public names, ${pages.length} pages, ${examples.length} examples`);
  return [...findUndocumented(exported), ...findBrokenLinks(root, pages), ...failing];
}

/**
 * @param {readonly import("./public-exports.js").PublicExport[]} exported
 * @returns {Record<string, string[]>}
 */
function namesByPackage(exported) {
  /** @type {Record<string, string[]>} */
  const names = {};
  const taken = new Set();
  for (const { entry, name } of exported) {
    if (taken.has(name)) continue;
    taken.add(name);
    names[entry] = [...(names[entry] ?? []), name];
  }
  return names;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const violations = checkRepository(".");
  for (const violation of violations) console.error(violation);
  console.error(violations.length === 0 ? "docs: ok" : `docs: ${violations.length} violations`);
  process.exitCode = violations.length === 0 ? 0 : 1;
}
