// What the sources say of each primitive, read with the TypeScript parser: its meaning and its row in every table.
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import ts from "typescript";

/**
 * @typedef {{ text: string, file: string }} Row the code of a row, in one line, and the file that it stands in or leads to
 * @typedef {{ name: string, meaning: string, parameters: string, rows: Readonly<Record<string, Row | undefined>> }} Primitive
 * @typedef {{ meaning: string, primitives: readonly Primitive[] }} Kind
 */

const folder = "packages/tensor/src";
const home = `${folder}/program/primitive.ts`;

/** The tables of the core, each `const NAME = { primitive: row }`, by what they hold. */
const tables = {
  derivative: { file: "rules/jvp.ts", name: "coreRules" },
  transposed: { file: "rules/transpose.ts", name: "coreRules" },
  batched: { file: "rules/batch.ts", name: "coreRules" },
  lowered: { file: "lower/roles.ts", name: "roles" },
};

/** The tables of a dialect, each a field `NAME: { primitive: row }` of the one object in its file, by what they hold. */
const dialectTables = { jvp: "derivative", transpose: "transposed", batch: "batched", lowering: "lowering" };

/**
 * @param {string} root
 * @returns {Kind[]} the elementwise kinds, then one kind of those that carry parameters or stand alone
 */
export function readPrimitives(root) {
  const source = parse(root, home);
  const rows = Object.fromEntries(
    Object.entries(tables).map(([what, { file, name }]) => [what, readTable(root, `${folder}/${file}`, name)]),
  );
  rows.dialect = new Map();
  rows.lowering = new Map();
  for (const file of readdirSync(path.join(root, folder, "dialect")).filter(
    (name) => !plain.has(name) && !name.includes(".test."),
  )) {
    addDialect(root, `${folder}/dialect/${file}`, rows);
  }
  /** @type {(name: string) => Primitive["rows"]} */
  const rowsOf = (name) => Object.fromEntries(Object.entries(rows).map(([what, table]) => [what, table.get(name)]));
  const parameters = source.statements.filter(ts.isInterfaceDeclaration).find(({ name }) => name.text === "Parameters");
  const others = [...(parameters?.members ?? [])].filter(ts.isPropertySignature).map((member) => {
    const name = member.name.getText();
    const type = member.type?.getText() ?? "";
    return { name, meaning: commentOf(member), parameters: type === "None" ? "" : type, rows: rowsOf(name) };
  });
  const kinds = source.statements.flatMap((statement) => {
    const list = constantOf(statement);
    if (list === undefined || !ts.isArrayLiteralExpression(list)) return [];
    const names = list.elements.filter(ts.isStringLiteral).map(({ text }) => text);
    // Those that have parameters of their own are told apart, with their own words.
    const alike = names.filter((name) => others.every((other) => other.name !== name));
    const primitives = alike.map((name) => ({ name, meaning: "", parameters: "", rows: rowsOf(name) }));
    return primitives.length === 0 ? [] : [{ meaning: commentOf(statement), primitives }];
  });
  return [...kinds, { meaning: "", primitives: others }];
}

/**
 * @param {string} root
 * @param {string} file
 */
function parse(root, file) {
  return ts.createSourceFile(file, readFileSync(path.join(root, file), "utf8"), ts.ScriptTarget.ESNext, true);
}

/**
 * The value of `const NAME = …`, without `as const`.
 * @param {ts.Statement} statement
 * @returns {ts.Expression | undefined}
 */
function constantOf(statement) {
  const value = ts.isVariableStatement(statement) ? statement.declarationList.declarations[0]?.initializer : undefined;
  return value !== undefined && ts.isAsExpression(value) ? value.expression : value;
}

/**
 * @param {string} root
 * @param {string} file
 * @param {string} name
 * @returns {Map<string, Row>}
 */
function readTable(root, file, name) {
  const source = parse(root, file);
  const table = source.statements
    .filter(ts.isVariableStatement)
    .find(({ declarationList }) => declarationList.declarations[0]?.name.getText() === name);
  const literal = table === undefined ? undefined : constantOf(table);
  if (literal === undefined || !ts.isObjectLiteralExpression(literal)) {
    throw new Error(`Cannot read the primitives: expected a table \`const ${name} = { … }\` in ${file}, got none`);
  }
  return new Map(
    literal.properties.flatMap((property) => {
      if (ts.isSpreadAssignment(property)) return [];
      const value = ts.isPropertyAssignment(property) ? property.initializer : property.name;
      return value === undefined ? [] : [[property.name.getText(), rowOf(source, value)]];
    }),
  );
}

/** Files of the folder of dialects that hold none. */
const plain = new Set(["all.ts", "dialect.ts"]);

/**
 * Adds the rows of a dialect to those of the core.
 *
 * @param {string} root
 * @param {string} file
 * @param {Record<string, Map<string, Row>>} rows
 */
function addDialect(root, file, rows) {
  const source = parse(root, file);
  const [value] = source.statements.map(constantOf).filter((each) => each !== undefined);
  if (value === undefined || !ts.isObjectLiteralExpression(value)) {
    throw new Error(`Cannot read the primitives: expected one object, a dialect, in ${file}, got none`);
  }
  for (const field of value.properties.filter(ts.isPropertyAssignment)) {
    const what = dialectTables[/** @type {keyof typeof dialectTables} */ (field.name.getText())];
    if (what === undefined || !ts.isObjectLiteralExpression(field.initializer)) continue;
    for (const row of field.initializer.properties.filter(ts.isPropertyAssignment)) {
      const name = row.name.getText();
      rows.dialect?.set(name, { text: path.basename(file, ".ts"), file });
      if (row.initializer.getText() !== '"nonlinear"') rows[what]?.set(name, rowOf(source, row.initializer));
    }
  }
}

/**
 * @param {ts.SourceFile} source
 * @param {ts.Node} value
 * @returns {Row}
 */
function rowOf(source, value) {
  const whole = value.getText().replace(/\s+/g, " ");
  // `{ simplify: defined("svd", svd) }` leads where `svd` is from, and so does `{ kernel: makeKernel }`.
  const text = /^\{ simplify: defined\("\w+", (\w+)\) \}$/.exec(whole)?.[1] ?? whole;
  const imported = source.statements
    .filter(ts.isImportDeclaration)
    .find(({ importClause }) => new RegExp(`\\b${text}\\b`).test(importClause?.getText() ?? ""));
  const from = /^\w+$/.test(text) && imported !== undefined ? imported.moduleSpecifier.getText().slice(1, -1) : null;
  const file = from === null ? source.fileName : path.posix.join(path.posix.dirname(source.fileName), from);
  return { text, file };
}

/**
 * The comment above a node, in one line.
 * @param {ts.Node} node
 */
function commentOf(node) {
  const [comment] = ts.getJSDocCommentsAndTags(node).filter(ts.isJSDoc).slice(-1);
  return ts.getTextOfJSDocComment(comment?.comment)?.replace(/\s*\n\s*/g, " ") ?? "";
}
