/**
 * A loop over single elements as a loop over vectors of `lanes` elements.
 *
 * What changes with the counter becomes a vector; the rest stays one lane and is repeated where it meets a vector. A
 * local from outside that collects by add, max or min takes in each vector through its lanes as a tree. Undefined where
 * something else happens: a store that does not move with the counter, a branch on a vector, vectors inside already.
 */
import {
  type Access,
  type Address,
  binary,
  bodyOf,
  childrenOf,
  type Expression,
  horizontal,
  type Local,
  type LoopVariable,
  local as makeLocal,
  read,
  type Statement,
  splat,
} from "@leastaction/tensor/kernel";

type Loop = Extract<Statement, { kind: "loop" }>;

interface Widening {
  readonly loop: LoopVariable;
  readonly lanes: number;
  /** Locals that were set before the loop. */
  readonly outer: ReadonlySet<Local>;
  /** Locals of the body that change with the counter, with the vectors in their place. */
  readonly vectors: Map<Local, Local>;
  /** Locals from outside that the body sets; they may be read only where they collect. */
  readonly collecting: ReadonlySet<Local>;
  /** Whether expressions change, once all vectors are known. */
  readonly settled: Map<Expression, boolean>;
  readonly known: Map<Expression, Expression>;
}

/** Thrown at what this cannot widen. */
class Foreign extends Error {}

/** The loop with its body over `lanes` lanes; `outer` are the locals set before it, its extent is a multiple. */
export function widen(loop: Loop, lanes: number, outer: ReadonlySet<Local>): Loop | undefined {
  const collecting = new Set(setIn(loop.body).filter((local) => outer.has(local)));
  const [vectors, settled, known] = [new Map(), new Map(), new Map()];
  const widening: Widening = { loop: loop.loop, lanes, outer, vectors, collecting, settled, known };
  try {
    let before = -1;
    while (before !== widening.vectors.size) {
      before = widening.vectors.size;
      findVectors(widening, loop.body);
    }
    return { ...loop, step: lanes, body: loop.body.map((statement) => widenStatement(widening, statement)) };
  } catch (error) {
    if (error instanceof Foreign) return undefined;
    throw error;
  }
}

function setIn(body: readonly Statement[]): Local[] {
  return body.flatMap((statement) => (statement.kind === "set" ? [statement.local] : setIn(bodyOf(statement))));
}

/** Adds the locals that take a value that changes; more may follow from them. */
function findVectors(widening: Widening, body: readonly Statement[]): void {
  const seen = new Map<Expression, boolean>();
  for (const statement of body) {
    if (statement.kind === "loop" || statement.kind === "branch") findVectors(widening, statement.body);
    if (statement.kind !== "set") continue;
    const { local, value } = statement;
    if (widening.outer.has(local) || widening.vectors.has(local) || !changes(widening, value, seen)) continue;
    widening.vectors.set(local, makeLocal(local.name, local.dtype, widening.lanes));
    seen.clear();
  }
}

/** Whether a value changes with the counter. */
function changes(widening: Widening, expression: Expression, seen: Map<Expression, boolean>): boolean {
  const before = seen.get(expression);
  if (before !== undefined) return before;
  if (expression.lanes > 1 || expression.kind === "horizontal") throw new Foreign();
  if (expression.kind === "local" && widening.collecting.has(expression.local)) throw new Foreign();
  const own =
    (expression.kind === "index" && expression.loop === widening.loop) ||
    (expression.kind === "local" && widening.vectors.has(expression.local)) ||
    (expression.kind === "load" && strideOf(widening, expression.address) !== 0);
  const inner = childrenOf(expression).map((child) => changes(widening, child, seen));
  if (expression.kind === "load" && inner.includes(true)) throw new Foreign();
  const found = own || inner.includes(true);
  seen.set(expression, found);
  return found;
}

function strideOf({ loop }: Widening, { terms }: Address): number {
  return terms.reduce((sum, term) => (term.loop === loop ? sum + term.stride : sum), 0);
}

function widenStatement(widening: Widening, statement: Statement): Statement {
  switch (statement.kind) {
    case "set":
      return widenSet(widening, statement);
    case "store": {
      const { address, value } = statement;
      const stride = strideOf(widening, address);
      if (stride === 0 || (address.dynamic !== undefined && isVector(widening, address.dynamic))) throw new Foreign();
      return { ...statement, access: accessOf(value, stride), value: widenExpression(widening, value) };
    }
    case "branch":
      if (isVector(widening, statement.condition)) throw new Foreign();
      return { ...statement, body: statement.body.map((inner) => widenStatement(widening, inner)) };
    case "loop":
      return { ...statement, body: statement.body.map((inner) => widenStatement(widening, inner)) };
  }
}

function isVector(widening: Widening, expression: Expression): boolean {
  return changes(widening, expression, widening.settled);
}

function accessOf({ dtype }: Expression, stride: number): Access {
  return stride === (dtype === "float64" ? 8 : 4) ? { kind: "contiguous" } : { kind: "strided", stride };
}

function widenSet(widening: Widening, statement: Extract<Statement, { kind: "set" }>): Statement {
  const { local, value } = statement;
  const vector = widening.vectors.get(local);
  if (vector !== undefined) return { kind: "set", local: vector, value: widenExpression(widening, value) };
  if (!widening.outer.has(local)) {
    isVector(widening, value);
    return statement;
  }
  if (value.kind !== "binary" || (value.op !== "add" && value.op !== "max" && value.op !== "min")) throw new Foreign();
  const isOwn = (side: Expression): boolean => side.kind === "local" && side.local === local;
  if (isOwn(value.a) === isOwn(value.b)) throw new Foreign();
  const collected = widenExpression(widening, isOwn(value.a) ? value.b : value.a);
  return { ...statement, value: binary(value.op, read(local), horizontal(value.op, collected)) };
}

/** A value of `lanes` lanes. */
function widenExpression(widening: Widening, expression: Expression): Expression {
  const before = widening.known.get(expression);
  if (before !== undefined) return before;
  const made = isVector(widening, expression) ? rebuild(widening, expression) : splat(widening.lanes, expression);
  widening.known.set(expression, made);
  return made;
}

function rebuild(widening: Widening, expression: Expression): Expression {
  const wide = (child: Expression): Expression => widenExpression(widening, child);
  const { lanes } = widening;
  switch (expression.kind) {
    case "local":
      return read(widening.vectors.get(expression.local) as Local);
    case "index":
      return { ...expression, lanes };
    case "load":
      return { ...expression, lanes, access: accessOf(expression, strideOf(widening, expression.address)) };
    case "binary":
      return { ...expression, lanes, a: wide(expression.a), b: wide(expression.b) };
    case "select":
      return {
        ...expression,
        lanes,
        condition: wide(expression.condition),
        a: wide(expression.a),
        b: wide(expression.b),
      };
    case "fromBits":
      return { ...expression, lanes, high: wide(expression.high), low: wide(expression.low) };
    case "unary":
    case "convert":
    case "bitcast":
    case "highBits":
    case "lowBits":
      return { ...expression, lanes, a: wide(expression.a) };
    case "number":
    case "splat":
    case "horizontal":
      throw new Foreign();
  }
}
