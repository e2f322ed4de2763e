// Keeps files and functions small: `budget.json` holds the two limits and the excused files, each with its reason.
//
// Lines are counted as they stand, documentation comments above a function not included. Functions in tests are not
// measured (a `describe` is one function). An excuse that is no longer needed is reported, so that the list stays short.
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { isTestFile, listFiles } from "./source-files.js";

/** @typedef {{ fileLines: number, functionLines: number, excused: { path: string, reason: string }[] }} Budget */

const folders = ["packages", "apps", "bench", "experiments", "fuzz", "tools"];

/**
 * @param {string} root
 * @param {Budget} budget
 * @returns {string[]} what is wrong, one sentence each; empty when all holds
 */
export function findBudgetViolations(root, budget) {
  const files = folders.flatMap((folder) => listFiles(root, folder, [".ts", ".js"]));
  const excused = new Set(budget.excused.map((excuse) => excuse.path));
  const oversize = files.map((file) => ({ file, problems: measure(root, file, budget) }));
  return [
    ...oversize.flatMap(({ file, problems }) => (excused.has(file) ? [] : problems)),
    ...budget.excused.flatMap(({ path: file, reason }) => [
      ...(reason.trim() === "" ? [`tools/budget.json: the excuse of ${file} has no reason`] : []),
      ...(!existsSync(path.join(root, file)) || oversize.some((one) => one.file === file && one.problems.length === 0)
        ? [`tools/budget.json: ${file} needs no excuse any more`]
        : []),
    ]),
  ];
}

/**
 * @param {string} root
 * @param {string} file
 * @param {Budget} budget
 * @returns {string[]}
 */
function measure(root, file, { fileLines, functionLines }) {
  const text = readFileSync(path.join(root, file), "utf8");
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.ESNext, true);
  const lines = text.trimEnd().split("\n").length;
  /** @type {string[]} */
  const problems = lines > fileLines ? [`${file}: ${lines} lines, at most ${fileLines}`] : [];
  /** @param {ts.Node} node */
  const visit = (node) => {
    const first = source.getLineAndCharacterOfPosition(node.getStart()).line;
    const count = source.getLineAndCharacterOfPosition(node.getEnd()).line - first + 1;
    if (isFunction(node) && count > functionLines) {
      problems.push(`${file}:${first + 1}: function of ${count} lines, at most ${functionLines}`);
    }
    ts.forEachChild(node, visit);
  };
  if (!isTestFile(file)) visit(source);
  return problems;
}

/**
 * @param {ts.Node} node
 * @returns {boolean}
 */
function isFunction(node) {
  return ts.isFunctionLike(node) && "body" in node && node.body !== undefined;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const violations = findBudgetViolations(".", JSON.parse(readFileSync("tools/budget.json", "utf8")));
  for (const violation of violations) console.error(violation);
  console.error(violations.length === 0 ? "budget: ok" : `budget: ${violations.length} violations`);
  process.exitCode = violations.length === 0 ? 0 : 1;
}
