// What the sources say of each primitive, read with the TypeScript parser: its meaning and its row in every table.
import { readFileSync } from "node:fs";
import path from "node:path";
import ts from "typescript";

/**
 * @typedef {{ text: string, file: string }} Row the code of a row, in one line, and the file that it stands in or leads to
 * @typedef {{ name: string, meaning: string, parameters: string, rows: Readonly<Record<string, Row | undefined>> }} Primitive
 * @typedef {{ meaning: string, primitives: readonly Primitive[] }} Kind
 */

const folder = "packages/tensor/src";
const home = `${folder}/program/primitive.ts`;

/** The tables, each `const NAME = { primitive: row }`, by what they hold. */
const tables = {
  derivative: { file: "rules/jvp.ts", name: "rules" },
  transposed: { file: "rules/transpose.ts", name: "rules" },
  batched: { file: "rules/batch.ts", name: "rules" },
  lowered: { file: "lower/roles.ts", name: "roles" },
  definition: { file: "lower/define/definitions.ts", name: "definitions" },
};

/**
 * @param {string} root
 * @returns {Kind[]} the elementwise kinds, then one kind of those that carry parameters or stand alone
 */
export function readPrimitives(root) {
  const source = parse(root, home);
  const rows = Object.fromEntries(
    Object.entries(tables).map(([what, { file, name }]) => [what, readTable(root, `${folder}/${file}`, name)]),
  );
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

/**
 * @param {ts.SourceFile} source
 * @param {ts.Node} value
 * @returns {Row}
 */
function rowOf(source, value) {
  const text = value.getText().replace(/\s+/g, " ");
  const imported = source.statements
    .filter(ts.isImportDeclaration)
    .find(({ importClause }) => new RegExp(`\\b${text}\\b`).test(importClause?.getText() ?? ""));
  const from =
    ts.isIdentifier(value) && imported !== undefined ? imported.moduleSpecifier.getText().slice(1, -1) : null;
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
