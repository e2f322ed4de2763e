// Writes docs/errors.md from the sources: `node tools/write-errors.js`, after a build. A test keeps the page and the
// sources in step, and holds every message to its form.
import { writeFileSync } from "node:fs";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { readCodes, readErrorSites, readSources } from "./error-sites.js";

/**
 * @typedef {import("./error-sites.js").ErrorSite} ErrorSite
 * @typedef {import("./error-sites.js").ErrorCode} ErrorCode
 * @typedef {(code: string) => number} StatusOf
 */

export const page = "docs/errors.md";

const opening = `# Errors

Written by \`node tools/write-errors.js\` from the sources; do not edit.

Every error is two lines: \`Cannot ACTION: expected …, got …\`, and what to do about it. In programs it is an \`Error\` with
the fields \`code\` and \`remedy\`; a \`DataError\` has \`file\`, \`line\`, \`column\`, \`expected\` and \`found\` as well. A code is the
kind of an error and keeps its meaning from release to release; the wording of a message may get better.

On the command line:

- The code decides the exit status.
- \`--debug\`, or the environment variable \`LEASTACTION_DEBUG=1\`, adds the code and the place in the program. Nothing else
  prints a stack.
- With \`--json\`, the one object on standard output is \`{ "error": { "code", "message", "status" } }\`.
- What is not in these tables is a fault of the program: it says so in two lines, and ends with 1.

Below, ‹name› stands for what is known only when it happens, and a stroke parts alternatives.`;

const titles = /** @type {const} */ ([
  ["CommandError", "The command line", "Thrown as `CommandError`, by the program `leastaction` alone."],
  ["DataError", "Measurements", "Thrown as `DataError` by what reads and divides data."],
  ["TensorError", "The library", "Thrown as `TensorError` by everything else."],
]);

/**
 * @param {readonly ErrorCode[]} codes
 * @param {readonly ErrorSite[]} sites
 * @param {StatusOf} statusOf
 * @param {string} statuses what the exit statuses mean, as `--help` prints it
 * @returns {string} the text of the page
 */
export function errorsPage(codes, sites, statusOf, statuses) {
  const parts = titles.flatMap(([family, title, intro]) => {
    const own = codes.filter((code) => code.family === family).sort((a, b) => (a.code < b.code ? -1 : 1));
    return [`## ${title}`, intro, ...own.flatMap((code) => sectionOf(code, sites, statusOf))];
  });
  return `${[opening, `\`\`\`text\n${statuses}\n\`\`\``, ...parts].join("\n\n")}\n`;
}

/**
 * @param {ErrorCode} code
 * @param {readonly ErrorSite[]} sites
 * @param {StatusOf} statusOf
 */
function sectionOf({ code, family, cause }, sites, statusOf) {
  const own = sites.filter((site) => site.family === family && codesOf(site).includes(code));
  const rows = own.map(({ problem, remedy }) => `| ${cell(problem)} | ${cell(remedy)} |`);
  const table = ["| message | remedy |", "| --- | --- |", ...[...new Set(rows)].sort()];
  return [`### ${code}`, `${cause} Exit status ${statusOf(code)}.`, table.join("\n")];
}

/** @param {ErrorSite} site */
function codesOf({ code }) {
  return code.split(" / ");
}

/**
 * A text in a cell of a Markdown table: signs are escaped where they would mean something.
 * @param {string} text
 */
function cell(text) {
  const parts = text.replaceAll("\n", " ").split("`");
  const isPaired = parts.length % 2 === 1;
  return parts
    .map((part, index) => (isPaired && index % 2 === 1 ? part : part.replace(/[<*_[\]~]/g, "\\$&")))
    .join(isPaired ? "`" : "\\`")
    .replaceAll("|", "\\|");
}

/**
 * What is wrong with the errors of the sources: their form, and the codes.
 * @param {readonly ErrorCode[]} codes
 * @param {readonly ErrorSite[]} sites
 * @returns {string[]} one sentence each
 */
export function findErrorViolations(codes, sites) {
  const names = codes.map(({ code }) => code);
  return [
    ...sites.flatMap(({ place, family, code, problem, remedy }) => [
      ...(/^Cannot [^:]+: (expected [\s\S]+, got [\s\S]|‹[A-Za-z]+›)/.test(problem)
        ? []
        : [`${place}: expected "Cannot …: expected …, got …", got "${problem}"`]),
      ...(/[.?;\]]$/.test(remedy) && !/^‹[^›]*›$/.test(remedy) ? [] : [`${place}: expected a remedy, got "${remedy}"`]),
      ...codesOf({ place, family, code, problem, remedy })
        .filter((each) => !codes.some((known) => known.code === each && known.family === family))
        .map((each) => `${place}: expected a code of ${family}, got "${each}"`),
    ]),
    ...codes.filter(({ cause }) => cause === "").map(({ code }) => `${code}: expected a comment that says what it is`),
    ...names.filter((code, index) => names.indexOf(code) !== index).map((code) => `${code}: declared twice`),
    ...codes
      .filter(({ code }) => !sites.some((site) => codesOf(site).includes(code)))
      .map(({ code }) => `${code}: no error has this code`),
  ];
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  // By names that the type checker does not follow: it runs before there is a build.
  const [statuses, help] = ["../apps/cli/dist/status-of-error.js", "../apps/cli/dist/exit-status.js"];
  const { statusOfCode } = /** @type {{ statusOfCode: StatusOf }} */ (await import(statuses));
  const { exitStatusHelp } = /** @type {{ exitStatusHelp: string }} */ (await import(help));
  const sources = readSources(".");
  const [codes, sites] = [readCodes(sources), readErrorSites(sources)];
  for (const violation of findErrorViolations(codes, sites)) console.error(violation);
  writeFileSync(page, errorsPage(codes, sites, statusOfCode, exitStatusHelp));
}
