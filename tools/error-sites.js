// Every error that the sources can make, read from them with the TypeScript parser: its class, its code, its message and
// its remedy as templates.
//
// An error is made by `new TensorError(problem, remedy, code)`, `new CommandError(…)` or `new DataError({ … })`, often in
// a small function that its callers hand the words to. Where a call hands over words, there is one site for each call,
// with the words put in; all else that is known only at run time stands as ‹name›.
import { readFileSync } from "node:fs";
import path from "node:path";
import ts from "typescript";
import { isTestFile, listFiles } from "./source-files.js";
import { fillIn, isText, textOf } from "./text-of-expression.js";

/**
 * @typedef {{ place: string, family: string, code: string, problem: string, remedy: string }} ErrorSite
 *   `place` is `file:line`; `family` the class of the error
 * @typedef {{ code: string, family: string, cause: string }} ErrorCode
 * @typedef {{ name: string, scope: ts.Node, node: ts.FunctionLikeDeclaration, exported: boolean }} Maker
 */

/** The classes, and the code of an error that states none. */
const families = /** @type {Readonly<Record<string, string>>} */ ({
  TensorError: "wrong-use",
  DataError: "",
  CommandError: "wrong-usage",
});

/**
 * @param {string} root
 * @returns {ts.SourceFile[]} of packages and applications, without tests; names relative to the root
 */
export function readSources(root) {
  return ["packages", "apps"]
    .flatMap((folder) => listFiles(root, folder, [".ts"]))
    .filter((file) => !isTestFile(file))
    .map((file) =>
      ts.createSourceFile(file, readFileSync(path.join(root, file), "utf8"), ts.ScriptTarget.ESNext, true),
    );
}

/**
 * The codes as the classes declare them, `type TensorErrorCode = | "code"`, each with the comment above it.
 * @param {readonly ts.SourceFile[]} sources
 * @returns {ErrorCode[]}
 */
export function readCodes(sources) {
  return sources.flatMap((source) =>
    source.statements.flatMap((statement) => {
      if (!ts.isTypeAliasDeclaration(statement) || !ts.isUnionTypeNode(statement.type)) return [];
      const family = statement.name.text.replace(/Code$/, "");
      if (!Object.hasOwn(families, family)) return [];
      return statement.type.types.map((member) => ({
        code: member.getText().slice(1, -1),
        family,
        cause: commentAbove(source, member),
      }));
    }),
  );
}

/**
 * @param {ts.SourceFile} source
 * @param {ts.Node} member of a union, after its `|`
 */
function commentAbove(source, member) {
  const before = source.text.slice(0, member.getStart());
  const comment = /\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\s*\|?\s*$/.exec(before)?.[1] ?? "";
  return comment.replace(/\s*\n\s*\*\s*/g, " ").trim();
}

/**
 * @param {readonly ts.SourceFile[]} sources
 * @returns {ErrorSite[]}
 */
export function readErrorSites(sources) {
  return sources.flatMap((source) => {
    /** @type {ErrorSite[]} */
    const sites = [];
    visit(source, (node) => {
      if (ts.isNewExpression(node) && Object.hasOwn(families, node.expression.getText())) {
        sites.push(...sitesOf(node, source, sources));
      }
    });
    return sites;
  });
}

/**
 * @param {ts.NewExpression} made
 * @param {ts.SourceFile} source
 * @param {readonly ts.SourceFile[]} sources
 * @returns {ErrorSite[]}
 */
function sitesOf(made, source, sources) {
  const maker = makerOf(made);
  const words = maker === null ? [] : maker.node.parameters.map(({ name }) => isUsed(made, name.getText()));
  const calls = maker === null ? [] : callsOf(maker, source, sources);
  const sites =
    maker === null || !calls.some((call) => call.arguments.some((each, i) => words[i] && isWords(each)))
      ? [siteOf(made, made, new Map())]
      : calls.map((call) => siteOf(made, call, fillIn(maker.node.parameters, call.arguments)));
  return sites.flatMap((site) => (site.remedy.endsWith("‹remedy›") ? fromTables(site, sources) : [site]));
}

/**
 * Whether the words of an error use a name.
 * @param {ts.NewExpression} made
 * @param {string} name
 */
function isUsed(made, name) {
  let found = false;
  visit(made, (node) => {
    found ||= ts.isIdentifier(node) && node.text === name && !ts.isPropertyAssignment(node.parent);
    found ||= ts.isPropertyAssignment(node) && node.initializer.getText() === name;
    found ||= ts.isShorthandPropertyAssignment(node) && node.name.text === name;
  });
  return found;
}

/**
 * Whether an argument is words: a text with a space in it.
 * @param {ts.Expression} argument
 */
function isWords(argument) {
  return isText(argument) && / /.test(textOf(argument, new Map()).replace(/‹[^›]*›| \/ /g, ""));
}

/**
 * The sites of an error whose words come from a table: from pairs of what was found and a remedy, perhaps with a code, in
 * the same file or in one that it imports.
 * @param {ErrorSite} site
 * @param {readonly ts.SourceFile[]} sources
 * @returns {ErrorSite[]}
 */
function fromTables(site, sources) {
  const file = site.place.slice(0, site.place.lastIndexOf(":"));
  const own = sources.find(({ fileName }) => fileName === file);
  const imported = own?.statements.filter(ts.isImportDeclaration).map(({ moduleSpecifier }) => {
    return path.posix.join(path.posix.dirname(file), moduleSpecifier.getText().slice(1, -1));
  });
  const read = sources.filter(({ fileName }) => fileName === file || imported?.includes(fileName));
  const rows = read.flatMap(wordsIn).map(({ found, remedy, code }) => ({
    ...site,
    code: site.code === "‹code›" ? code || (families[site.family] ?? "") : site.code,
    problem: site.problem.replace(/‹(found|problem)›$/, found),
    remedy: site.remedy.replace("‹remedy›", remedy),
  }));
  return rows.length === 0 ? [site] : rows;
}

/**
 * The pairs of words in a file: `["what was found", "What to do."]`, or `{ what: "…", remedy: "…" }`.
 * @param {ts.SourceFile} source
 */
function wordsIn(source) {
  /** @type {{ found: string, remedy: string, code: string }[]} */
  const pairs = [];
  let usual = "";
  visit(source, (node) => {
    if (ts.isPropertyAssignment(node) && node.name.getText() === "code") {
      usual = textOf(node.initializer, new Map()).replace(/^‹code› \/ /, "");
    }
    const [found, remedy, code] = wordsOf(node);
    if (found === undefined || remedy === undefined || !isText(found) || !/[.?]$/.test(textOf(remedy, new Map())))
      return;
    const [first, second] = [textOf(found, new Map()), textOf(remedy, new Map())];
    pairs.push({ found: first, remedy: second, code: code === undefined ? "" : textOf(code, new Map()) });
  });
  return pairs.map((pair) => ({ ...pair, code: pair.code || usual }));
}

/**
 * @param {ts.Node} node
 * @returns {readonly (ts.Expression | undefined)[]}
 */
function wordsOf(node) {
  if (ts.isArrayLiteralExpression(node)) return node.elements;
  if (!ts.isObjectLiteralExpression(node)) return [];
  return ["what", "remedy"].map((name) => {
    const property = node.properties.find((each) => each.name?.getText() === name);
    return property !== undefined && ts.isPropertyAssignment(property) ? property.initializer : undefined;
  });
}

/**
 * @param {ts.NewExpression} made
 * @param {ts.Node} at
 * @param {ReadonlyMap<string, ts.Expression | null>} known
 * @returns {ErrorSite}
 */
function siteOf(made, at, known) {
  const family = made.expression.getText();
  const source = at.getSourceFile();
  const place = `${source.fileName}:${source.getLineAndCharacterOfPosition(at.getStart()).line + 1}`;
  const [first, second, third] = made.arguments ?? [];
  /** @param {ts.Expression | undefined} expression */
  const text = (expression) => (expression === undefined ? "" : textOf(expression, known));
  if (first === undefined || !ts.isObjectLiteralExpression(first)) {
    return { place, family, code: text(third) || (families[family] ?? ""), problem: text(first), remedy: text(second) };
  }
  /** @param {string} name */
  const field = (name) => {
    const property = first.properties.find((each) => each.name?.getText() === name);
    if (property !== undefined && ts.isPropertyAssignment(property)) return text(property.initializer);
    return property !== undefined && ts.isShorthandPropertyAssignment(property) ? text(property.name) : "";
  };
  const problem = `Cannot read ${field("file")}: expected ${field("expected")}, got ${field("found")}`;
  return { place, family, code: field("code"), problem, remedy: field("remedy") };
}

/**
 * The innermost function with a name around a node, if it has parameters.
 * @param {ts.Node} node
 * @returns {Maker | null}
 */
function makerOf(node) {
  for (let at = node.parent; at !== undefined; at = at.parent) {
    if (ts.isFunctionDeclaration(at) && at.name !== undefined) {
      const exported = at.modifiers?.some((modifier) => modifier.kind === ts.SyntaxKind.ExportKeyword) === true;
      return { name: at.name.text, scope: at.getSourceFile(), node: at, exported };
    }
    const declared = at.parent;
    if (ts.isArrowFunction(at) && ts.isVariableDeclaration(declared) && ts.isIdentifier(declared.name)) {
      return { name: declared.name.text, scope: declared.parent.parent.parent, node: at, exported: false };
    }
  }
  return null;
}

/**
 * @param {Maker} maker
 * @param {ts.SourceFile} source
 * @param {readonly ts.SourceFile[]} sources
 * @returns {ts.CallExpression[]}
 */
function callsOf({ name, scope, exported }, source, sources) {
  const file = path.posix.basename(source.fileName);
  const importing = sources.filter((other) => other !== source && importsFrom(other, name, file));
  /** @type {ts.CallExpression[]} */
  const calls = [];
  for (const place of [scope, ...(exported ? importing : [])]) {
    visit(place, (node) => {
      if (ts.isCallExpression(node) && node.expression.getText() === name) calls.push(node);
    });
  }
  return calls;
}

/**
 * @param {ts.SourceFile} source
 * @param {string} name
 * @param {string} file
 */
function importsFrom(source, name, file) {
  return source.statements.some((statement) => {
    if (!ts.isImportDeclaration(statement) || !statement.moduleSpecifier.getText().endsWith(`/${file}"`)) return false;
    return new RegExp(`\\b${name}\\b`).test(statement.importClause?.getText() ?? "");
  });
}

/**
 * @param {ts.Node} node
 * @param {(node: ts.Node) => void} see
 */
function visit(node, see) {
  see(node);
  ts.forEachChild(node, (child) => visit(child, see));
}
