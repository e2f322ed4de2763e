/**
 * Views at the edges of loops: they cost nothing when they are composed, and memory when they are stacked.
 *
 * A result of a body that is a view of something no larger becomes that something, and the view is applied to the whole
 * stack outside (to zeros it gives zeros, so that turns that did not run stay right). A sequence that is a view of a
 * stack, turn by turn, becomes the stack, and the view is applied to the slice inside; a constant that repeats something
 * smaller becomes that.
 */
import type { Parameters } from "../../program/primitive.ts";
import { type Atom, type Equation, variable } from "../../program/program.ts";
import { sizeOf } from "../../shape.ts";
import type { Bound, Loop } from "./loop.ts";
import type { Rewriter } from "./rewriter.ts";

type MovableView = "broadcast" | "reshape" | "transpose" | "reverse";

const movable: ReadonlySet<string> = new Set<MovableView>(["broadcast", "reshape", "transpose", "reverse"]);

/** The body's result without its views, and how to apply them to the stack of results. */
export interface OpenedResult {
  readonly atom: Atom;
  /** From the outermost view in. */
  readonly views: readonly Equation[];
}

/** Takes views off a result while that does not make it larger. */
export function openResult(definitions: ReadonlyMap<Atom, Equation>, result: Atom): OpenedResult {
  const views: Equation[] = [];
  let at = result;
  for (;;) {
    const view = definitions.get(at);
    const [input] = view?.inputs ?? [];
    const shrinks = input !== undefined && sizeOf(input.type.shape) <= sizeOf(at.type.shape);
    if (view === undefined || input?.kind !== "variable" || !movable.has(view.primitive) || !shrinks) break;
    views.push(view);
    at = input;
  }
  return sizeOf(at.type.shape) < sizeOf(result.type.shape) ? { atom: at, views } : { atom: result, views: [] };
}

/** Applies the views of one turn to the stack of all turns. */
export function closeResult(rewriter: Rewriter, { views }: OpenedResult, stack: Atom, bound: number): Atom {
  return views.toReversed().reduce((atom, view) => closeView(rewriter, view, atom, bound), stack);
}

function closeView(rewriter: Rewriter, { primitive, parameters }: Equation, atom: Atom, bound: number): Atom {
  switch (primitive) {
    case "broadcast": {
      const { shape, axes } = parameters as Parameters["broadcast"];
      const moved = { shape: [bound, ...shape], axes: [0, ...axes.map((axis) => axis + 1)] };
      return rewriter.one("broadcast", moved, [atom]);
    }
    case "transpose": {
      const { permutation } = parameters as Parameters["transpose"];
      return rewriter.one("transpose", { permutation: [0, ...permutation.map((axis) => axis + 1)] }, [atom]);
    }
    case "reverse": {
      const { axes } = parameters as Parameters["reverse"];
      return rewriter.one("reverse", { axes: axes.map((axis) => axis + 1) }, [atom]);
    }
    default:
      return rewriter.one("reshape", { shape: [bound, ...(parameters as Parameters["reshape"]).shape] }, [atom]);
  }
}

/** The loop with views of its sequences applied to slices inside, and what is repeated repeated inside. */
export function openInputs(rewriter: Rewriter, loop: Loop): Loop {
  const added: Equation[] = [];
  const sequences = loop.sequences.map((pair) => openSequence(rewriter, pair, loop.bound, added));
  const constants = loop.constants.map((pair) => openConstant(rewriter, pair, added));
  if (added.length === 0) return loop;
  return { ...loop, constants, sequences, equations: [...added.reverse(), ...loop.equations] };
}

function openConstant(rewriter: Rewriter, pair: Bound, added: Equation[]): Bound {
  const view = rewriter.definition(pair.outer);
  const [input] = view?.inputs ?? [];
  if (view?.primitive !== "broadcast" || input?.kind !== "variable") return pair;
  if (sizeOf(input.type.shape) >= sizeOf(pair.outer.type.shape)) return pair;
  const inner = variable(input.type);
  added.push({ ...view, inputs: [inner], outputs: [pair.inner] });
  return { inner, outer: input };
}

function openSequence(rewriter: Rewriter, pair: Bound, bound: number, added: Equation[]): Bound {
  let { inner, outer } = pair;
  for (;;) {
    const view = rewriter.definition(outer);
    const [input] = view?.inputs ?? [];
    if (view === undefined || input?.kind !== "variable" || input.type.shape[0] !== bound) return { inner, outer };
    const parameters = parametersOfSlice(view);
    if (parameters === undefined || sizeOf(input.type.shape) > sizeOf(outer.type.shape)) return { inner, outer };
    const slice = variable({ dtype: input.type.dtype, shape: input.type.shape.slice(1) });
    added.push({ primitive: view.primitive, parameters, inputs: [slice], outputs: [inner] });
    inner = slice;
    outer = input;
  }
}

/** The parameters of the view of one turn; undefined where it mixes turns. */
export function parametersOfSlice({
  primitive,
  parameters,
  inputs,
  outputs,
}: Equation): Parameters[MovableView] | undefined {
  switch (primitive) {
    case "broadcast": {
      const { shape, axes } = parameters as Parameters["broadcast"];
      if (axes[0] !== 0 || shape[0] !== inputs[0]?.type.shape[0]) return undefined;
      return { shape: shape.slice(1), axes: axes.slice(1).map((axis) => axis - 1) };
    }
    case "reshape":
      return outputs[0]?.type.shape[0] === inputs[0]?.type.shape[0]
        ? { shape: (parameters as Parameters["reshape"]).shape.slice(1) }
        : undefined;
    case "transpose": {
      const [first, ...rest] = (parameters as Parameters["transpose"]).permutation;
      return first === 0 ? { permutation: rest.map((axis) => axis - 1) } : undefined;
    }
    case "reverse": {
      const { axes } = parameters as Parameters["reverse"];
      return axes.includes(0) ? undefined : { axes: axes.map((axis) => axis - 1) };
    }
    default:
      return undefined;
  }
}
