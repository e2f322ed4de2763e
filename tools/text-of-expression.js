// What an expression of the sources says, as a template: words as they stand, ‹name› for what is known only at run time.
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import ts from "typescript";

/**
 * The arguments of a call by the names of the parameters; null where the call leaves one out that has no default.
 * @param {readonly ts.ParameterDeclaration[]} parameters
 * @param {readonly ts.Expression[]} given
 * @returns {Map<string, ts.Expression | null>}
 */
export function fillIn(parameters, given) {
  return new Map(
    parameters.map((parameter, index) => [parameter.name.getText(), given[index] ?? parameter.initializer ?? null]),
  );
}

/**
 * @param {ts.Expression} expression
 * @param {ReadonlyMap<string, ts.Expression | null>} known words for parameters
 * @returns {string} alternatives are set apart by " / "
 */
export function textOf(expression, known) {
  if (ts.isStringLiteralLike(expression)) return expression.text;
  if (ts.isParenthesizedExpression(expression) || ts.isAwaitExpression(expression)) {
    return textOf(expression.expression, known);
  }
  if (ts.isTemplateExpression(expression)) {
    const spans = expression.templateSpans.map((span) => textOf(span.expression, known) + span.literal.text);
    return expression.head.text + spans.join("");
  }
  if (ts.isConditionalExpression(expression)) {
    return either([textOf(expression.whenTrue, known), textOf(expression.whenFalse, known)]);
  }
  if (ts.isBinaryExpression(expression)) return textOfBinary(expression, known);
  if (ts.isIdentifier(expression)) return textOfName(expression, known);
  if (ts.isCallExpression(expression)) return textOfCall(expression, known);
  return unknown(expression);
}

/**
 * One text or another, set apart by " / "; in brackets what may be missing.
 * @param {readonly string[]} texts
 */
function either(texts) {
  const said = [...new Set(texts.flatMap((text) => text.split(" / ")))].filter((text) => text !== "");
  return texts.includes("") && said.length > 0 ? `[${said.join(" / ")}]` : said.join(" / ");
}

/**
 * @param {ts.BinaryExpression} expression
 * @param {ReadonlyMap<string, ts.Expression | null>} known
 */
function textOfBinary({ left, right, operatorToken }, known) {
  if (operatorToken.kind === ts.SyntaxKind.PlusToken && !ts.isNumericLiteral(right)) {
    return textOf(left, known) + textOf(right, known);
  }
  if (operatorToken.kind === ts.SyntaxKind.QuestionQuestionToken) {
    const isLeftOut = ts.isIdentifier(left) && known.get(left.text) === null;
    const [first, second] = [textOf(left, known), textOf(right, known)];
    return isLeftOut ? second : either([first, second || first]);
  }
  return unknown(left);
}

/**
 * @param {ts.Identifier} name
 * @param {ReadonlyMap<string, ts.Expression | null>} known
 * @returns {string}
 */
function textOfName(name, known) {
  const given = known.get(name.text);
  if (given !== undefined && given !== null) return textOf(given, new Map());
  for (let scope = name.parent; scope !== undefined; scope = scope.parent) {
    if (!ts.isBlock(scope) && !ts.isSourceFile(scope)) continue;
    const found = declaredIn(scope, name.text);
    if (found?.initializer === undefined || !isText(found.initializer)) continue;
    return textOf(found.initializer, known);
  }
  return textImported(name) ?? unknown(name);
}

/**
 * What a constant says that is imported from another file; null where it is no text, or no such file.
 * @param {ts.Identifier} name
 * @returns {string | null}
 */
function textImported(name) {
  const source = name.getSourceFile();
  const imported = source.statements
    .filter(ts.isImportDeclaration)
    .find(({ importClause }) => new RegExp(`\\b${name.text}\\b`).test(importClause?.getText() ?? ""));
  const file = path.join(path.dirname(source.fileName), imported?.moduleSpecifier.getText().slice(1, -1) ?? "");
  if (imported === undefined || !file.endsWith(".ts") || !existsSync(file)) return null;
  const there = ts.createSourceFile(file, readFileSync(file, "utf8"), ts.ScriptTarget.ESNext, true);
  const text = declaredIn(there, name.text)?.initializer;
  return text !== undefined && isText(text) ? textOf(text, new Map()) : null;
}

/**
 * @param {ts.Block | ts.SourceFile} scope
 * @param {string} name
 */
function declaredIn({ statements }, name) {
  return statements
    .filter(ts.isVariableStatement)
    .flatMap(({ declarationList }) => declarationList.declarations)
    .find((declaration) => declaration.name.getText() === name);
}

/**
 * @param {ts.Expression} expression
 * @returns {boolean}
 */
export function isText(expression) {
  if (ts.isConditionalExpression(expression)) return isText(expression.whenTrue) || isText(expression.whenFalse);
  if (ts.isBinaryExpression(expression)) return isText(expression.left) || isText(expression.right);
  if (ts.isCallExpression(expression) && ts.isIdentifier(expression.expression)) {
    return textsReturnedBy(expression.expression) !== "";
  }
  return ts.isStringLiteralLike(expression) || ts.isTemplateExpression(expression);
}

/**
 * @param {ts.CallExpression} call
 * @param {ReadonlyMap<string, ts.Expression | null>} known
 */
function textOfCall(call, known) {
  const name = call.expression.getText();
  if (name === "didYouMean" && call.arguments[2] !== undefined) {
    return either(["Did you mean ‹name›?", textOf(call.arguments[2], known)]);
  }
  const returned = ts.isIdentifier(call.expression) ? textsReturnedBy(call.expression) : "";
  if (returned !== "") return returned;
  const only = call.arguments[0];
  if (
    ts.isPropertyAccessExpression(call.expression) &&
    !["JSON", "Math", "path"].includes(call.expression.expression.getText())
  ) {
    return unknown(call.expression.expression);
  }
  return only === undefined ? unknown(call.expression) : textOf(only, known);
}

/**
 * What a function of the same file returns, where that is text.
 * @param {ts.Identifier} name
 */
function textsReturnedBy(name) {
  const found = name
    .getSourceFile()
    .statements.find((statement) => ts.isFunctionDeclaration(statement) && statement.name?.text === name.text);
  /** @type {string[]} */
  const said = [];
  /** @param {ts.Node} node */
  const visit = (node) => {
    if (ts.isReturnStatement(node) && node.expression !== undefined && isText(node.expression)) {
      said.push(textOf(node.expression, new Map()));
    }
    ts.forEachChild(node, visit);
  };
  if (found !== undefined) visit(found);
  return either(said);
}

/**
 * The name of what is known only at run time.
 * @param {ts.Expression} expression
 * @returns {string}
 */
function unknown(expression) {
  if (ts.isIdentifier(expression)) return `‹${expression.text}›`;
  if (ts.isNumericLiteral(expression)) return expression.text;
  if (ts.isPropertyAccessExpression(expression)) {
    return expression.name.text === "length" ? "‹count›" : `‹${expression.name.text.replace("#", "")}›`;
  }
  if (ts.isBinaryExpression(expression)) return unknown(expression.left);
  if (ts.isTypeOfExpression(expression)) return "‹type›";
  if (ts.isPrefixUnaryExpression(expression)) return `-${unknown(expression.operand)}`;
  if (ts.isCallExpression(expression) && ts.isPropertyAccessExpression(expression.expression)) {
    return unknown(expression.expression.expression);
  }
  const inner = "expression" in expression ? /** @type {ts.Expression} */ (expression.expression) : null;
  return inner === null ? "‹value›" : unknown(inner);
}
