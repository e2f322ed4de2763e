/**
 * A large nest as parts that can run on several threads: cut along an axis over which it does not sum.
 *
 * Each part is the same nest on a shorter axis, at places that move from part to part. What is added for one result is
 * added in one part, so a cut changes no sum. It is the nest that decides how it is cut, never the number of threads.
 */
import type { Affine } from "./affine.ts";
import { bytesOf } from "./element-bytes.ts";
import { workOfNest } from "./make-kernel.ts";
import type { Nest, Point, Source } from "./nest.ts";

/** Some equal parts of a nest, one after the other along the axis. */
export interface NestPart {
  readonly nest: Nest;
  readonly count: number;
  /** Bytes from the place of a source to where the first part has it, and from part to part. */
  readonly place: (source: Source) => { readonly start: number; readonly stride: number };
}

/** The parts of a nest that is enough work: along each axis that can be cut, the outermost first. */
export function divisionsOf(nest: Nest, leastWork: number): readonly (readonly NestPart[])[] {
  const work = workOfNest(nest);
  const wanted = Math.min(mostParts, Math.floor(work / (leastWork / fewestParts)));
  if (work < leastWork || nest.points.some(({ kind }) => kind === "fold")) return [];
  return nest.domain.flatMap((_, axis) => {
    const moves = nest.reduced[axis] === true ? undefined : movesAlong(nest, axis);
    const parts = moves && partsAlong(nest, axis, wanted, moves);
    return parts === undefined ? [] : [parts];
  });
}

/** Parts of the least work that is divided. */
export const fewestParts = 4;
/** Parts of the most work. */
export const mostParts = 32;

/** How far each source moves with the axis, in elements; undefined where it cannot be cut there. */
function movesAlong({ points, stores }: Nest, axis: number): ReadonlyMap<Source, number> | undefined {
  const moves = new Map<Source, number>();
  const agrees = (source: Source, { coefficients }: Affine): boolean => {
    const move = coefficients[axis] as number;
    const before = moves.get(source) ?? move;
    moves.set(source, before);
    return before === move && move >= 0;
  };
  const stay = (point: Point): boolean => {
    if (point.kind === "index") return point.form.coefficients[axis] === 0;
    return point.kind !== "load" || agrees(point.source, point.offset);
  };
  const apart = stores.every(({ target, offset, dynamic }) => {
    return agrees(target, offset) && offset.coefficients[axis] !== 0 && dynamic === undefined;
  });
  return apart && points.every(stay) ? moves : undefined;
}

/** Elements of an axis along which results lie side by side, and of any other, that parts are multiples of. */
const [sideBySide, apart] = [16, 4];

/** The length of equal parts, about as many as wanted; undefined where there are none. */
function equalParts(extent: number, multiple: number, wanted: number): number | undefined {
  for (let count = wanted; 2 * count >= wanted && count > 1; count--) {
    if (extent % (count * multiple) === 0) return extent / count;
  }
  return undefined;
}

function partsAlong(
  nest: Nest,
  axis: number,
  wanted: number,
  moves: ReadonlyMap<Source, number>,
): readonly NestPart[] | undefined {
  const extent = nest.domain[axis] as number;
  const isSideBySide = nest.stores.some(({ offset }) => offset.coefficients[axis] === 1);
  const multiple = isSideBySide ? sideBySide : extent >= apart * wanted ? apart : 1;
  const length = equalParts(extent, multiple, wanted) ?? multiple * Math.ceil(extent / wanted / multiple);
  const count = Math.floor(extent / length);
  const rest = extent - count * length;
  if (count < 2 && (count < 1 || 2 * rest < length)) return undefined;
  const part = (first: number, turns: number, size: number): NestPart => ({
    nest: { ...nest, domain: nest.domain.with(axis, size) },
    count: turns,
    place: (source) => {
      const move = (moves.get(source) ?? 0) * bytesOf(source.type.dtype);
      return { start: first * move, stride: size * move };
    },
  });
  return [part(0, count, length), ...(rest === 0 ? [] : [part(count * length, 1, rest)])];
}
