// Mutants of a source file, all in one text: each changed expression becomes a choice by `globalThis.isMutant(number)`,
// so that one bundle holds them all, a run costs no build, and a run without a mutant tells which tests reach which.
//
// A mutant drops a term, negates it, or swaps two operands: of the arithmetic on tensors, of sums and differences of
// numbers (axes, extents), of conditions, branches and pairs. What commutes is not swapped.
import path from "node:path";
import ts from "typescript";

/**
 * @typedef {object} Mutant
 * @property {number} id
 * @property {string} file
 * @property {number} line
 * @property {string} row the row of the table, or the function, that it stands in
 * @property {string} from
 * @property {string} to
 */

/** Operations whose terms can be dropped: the result has the type of either. */
const combining = new Set(["add", "sub", "mul", "div", "plus", "scale", "rem", "pow", "max", "min"]);
const commuting = new Set([
  "add",
  "mul",
  "plus",
  "equal",
  "notEqual",
  "max",
  "min",
  "maximum",
  "minimum",
  "and",
  "or",
  "dot",
]);

/**
 * @param {ts.Program} program
 * @param {string} root
 * @param {string} file relative to `root`
 * @param {number} first the number of the first mutant
 * @returns {{ text: string, mutants: Mutant[] }}
 */
export function mutantsOf(program, root, file, first) {
  const source = program.getSourceFile(path.join(root, file));
  if (source === undefined) throw new Error(`Cannot mutate ${file}: expected a source file of the project`);
  const checker = program.getTypeChecker();
  /** @type {Mutant[]} */
  const mutants = [];
  const isTensor = (/** @type {ts.Node} */ node) => {
    const type = checker.getTypeAtLocation(node);
    const parts = type.isUnion() ? type.types : [type];
    return parts.some((part) => part.symbol?.name === "Tensor");
  };
  /** @param {ts.Node} node @returns {string} */
  const print = (node) => {
    const own = printChildren(node, source, print);
    const changes = ts.isExpression(node) && isValue(node) ? changesOf(node, source, isTensor) : [];
    const others = changes.filter(
      (to) => to.replaceAll(/\s|,(?=\s*\])/g, "") !== node.getText(source).replaceAll(/\s/g, ""),
    );
    return others.reduceRight((text, to) => {
      const { line } = source.getLineAndCharacterOfPosition(node.getStart(source));
      const id = first + mutants.length;
      mutants.push({ id, file, line: line + 1, row: rowOf(node), from: short(node.getText(source)), to: short(to) });
      return `(globalThis.isMutant(${id}) ? (${to}) : (${text}))`;
    }, own);
  };
  return { text: print(source), mutants };
}

/**
 * The text of a node with its children printed anew.
 * @param {ts.Node} node
 * @param {ts.SourceFile} source
 * @param {(node: ts.Node) => string} print
 */
function printChildren(node, source, print) {
  const { text } = source;
  let [result, end] = ["", node.kind === ts.SyntaxKind.SourceFile ? 0 : node.getStart(source)];
  ts.forEachChild(node, (child) => {
    if (ts.isTypeNode(child) || child.kind === ts.SyntaxKind.EndOfFileToken) return;
    const start = child.getStart(source);
    result += text.slice(end, start) + print(child);
    end = child.getEnd();
  });
  return result + text.slice(end, node.getEnd());
}

/** What stands in a dialect beside rules of derivatives and batching: refusals and machine code have tests of their own. */
const otherTables = new Set(["needs", "infer", "lowering"]);
/** Tables whose rows have names. */
const wholeTables = new Set(["rules", "coreRules"]);

/** Not a name in a declaration, a pattern or the target of something. @param {ts.Node} node */
function isValue(node) {
  for (let at = node; at !== undefined; at = at.parent) {
    if (ts.isPropertyAssignment(at) && ts.isIdentifier(at.name) && otherTables.has(at.name.text)) return false;
    if (ts.isImportDeclaration(at) || ts.isExportDeclaration(at) || ts.isTypeNode(at)) return false;
    if (ts.isStringLiteral(at)) return false;
  }
  return true;
}

/**
 * @param {ts.Expression} node
 * @param {ts.SourceFile} source
 * @param {(node: ts.Node) => boolean} isTensor
 * @returns {string[]}
 */
function changesOf(node, source, isTensor) {
  const text = (/** @type {ts.Node} */ of) => of.getText(source);
  if (ts.isCallExpression(node)) return changesOfCall(node, text, isTensor);
  if (ts.isBinaryExpression(node)) {
    const [left, right] = [text(node.left), text(node.right)];
    switch (node.operatorToken.kind) {
      case ts.SyntaxKind.PlusToken:
      case ts.SyntaxKind.AsteriskToken:
        return [left, right];
      case ts.SyntaxKind.MinusToken:
        return [left, `${right} - (${left})`];
      case ts.SyntaxKind.AmpersandAmpersandToken:
      case ts.SyntaxKind.BarBarToken:
        return [left, right];
      case ts.SyntaxKind.LessThanToken:
        return [`${right} < ${left}`];
      default:
        return [];
    }
  }
  if (ts.isConditionalExpression(node)) {
    return [`${text(node.condition)} ? ${text(node.whenFalse)} : ${text(node.whenTrue)}`];
  }
  if (ts.isPrefixUnaryExpression(node) && node.operator === ts.SyntaxKind.ExclamationToken) return [text(node.operand)];
  if (ts.isArrayLiteralExpression(node) && node.elements.length === 2) {
    return [`[${node.elements.toReversed().map(text).join(", ")}]`];
  }
  return [];
}

/**
 * @param {ts.CallExpression} node
 * @param {(of: ts.Node) => string} text
 * @param {(node: ts.Node) => boolean} isTensor
 * @returns {string[]}
 */
function changesOfCall(node, text, isTensor) {
  const name = text(node.expression);
  const given = [...node.arguments];
  if (name === "complement") return [text(/** @type {ts.Node} */ (given[0]))];
  if (!isTensor(node)) return [];
  const call = (/** @type {readonly ts.Node[]} */ list) => `${name}(${list.map(text).join(", ")})`;
  // The negative of zero is zero, and where only whether there is a value or how large it is counts, its sign does not.
  if (/zeros/i.test(name) || /^full\(.*, 0[,)]/.test(text(node)) || isSignless(node.parent)) return [];
  const changes = name === "neg" ? [text(/** @type {ts.Node} */ (given[0]))] : [`globalThis.negate(${text(node)})`];
  const [first, second, third] = given;
  if (combining.has(name) && given.every((one) => isTensor(one) || ts.isNumericLiteral(one))) {
    const tensors = given.filter(isTensor);
    changes.push(
      ...(given.length > 2 ? given.map((one) => call(given.filter((other) => other !== one))) : tensors.map(text)),
    );
  }
  if (name === "select" && first !== undefined && second !== undefined && third !== undefined) {
    changes.push(call([first, third, second]));
  } else if (
    given.length === 2 &&
    !commuting.has(name) &&
    isTensor(/** @type {ts.Node} */ (first)) &&
    second !== undefined &&
    (isTensor(second) || ts.isNumericLiteral(second))
  ) {
    changes.push(call(given.toReversed()));
  }
  return changes;
}

/** What takes a value without its sign: a comparison with null, an absolute value. @param {ts.Node} node */
function isSignless(node) {
  if (ts.isBinaryExpression(node)) return node.right.kind === ts.SyntaxKind.NullKeyword;
  return ts.isCallExpression(node) && node.expression.getText() === "abs";
}

/** The property or function around an expression, outermost of the file's tables. @param {ts.Node} node */
function rowOf(node) {
  let name = "";
  for (let at = node; !ts.isSourceFile(at); at = at.parent) {
    if (!ts.isPropertyAssignment(at) && !ts.isFunctionDeclaration(at) && !ts.isVariableDeclaration(at)) continue;
    if (at.name !== undefined && ts.isIdentifier(at.name) && !wholeTables.has(at.name.text)) name = at.name.text;
  }
  return name;
}

/** @param {string} text */
const short = (text) => text.replaceAll(/\s+/g, " ").slice(0, 160);
