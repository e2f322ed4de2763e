/**
 * Index maps: how an element of a tensor is found from the coordinates of an iteration domain.
 *
 * A map holds one affine form for each axis of the tensor. Views (broadcast, slice, reverse, transpose, most reshapes)
 * are functions from the map of their result to the map of their input, so that chains of views cost nothing: they end
 * as one affine offset in a load. A reshape that cuts an axis across a coordinate has no such map: `split` says so.
 */
import { type Shape, sizeOf, stridesOf } from "../shape.ts";

/** `constant` + sum of `coefficients[i]` * coordinate i of the domain. */
export interface Affine {
  readonly constant: number;
  readonly coefficients: readonly number[];
}

/** One form for each axis of a tensor. */
export type IndexMap = readonly Affine[];

/** The form that is a constant in a domain of `rank` axes. */
export function constantForm(rank: number, constant: number): Affine {
  return { constant, coefficients: new Array<number>(rank).fill(0) };
}

/** Coordinate `axis` itself. */
export function coordinate(rank: number, axis: number): Affine {
  return { constant: 0, coefficients: Array.from({ length: rank }, (_, i) => (i === axis ? 1 : 0)) };
}

/** `scale * form + shift`. */
export function scaled(form: Affine, scale: number, shift: number): Affine {
  return { constant: form.constant * scale + shift, coefficients: form.coefficients.map((c) => c * scale + 0) };
}

/** The sum of two forms over one domain. */
export function sum(a: Affine, b: Affine): Affine {
  return {
    constant: a.constant + b.constant,
    coefficients: a.coefficients.map((c, i) => c + (b.coefficients[i] as number)),
  };
}

/** The row-major element offset of a tensor of this shape. */
export function linearOffset(map: IndexMap, shape: Shape, rank: number): Affine {
  const strides = stridesOf(shape);
  return map.reduce((total, form, axis) => sum(total, scaled(form, strides[axis] as number, 0)), constantForm(rank, 0));
}

/** Whether two forms are the same. */
export function sameForm(a: Affine, b: Affine): boolean {
  return a.constant === b.constant && a.coefficients.every((c, i) => c === b.coefficients[i]);
}

/** A string that tells forms apart. */
export function formKey({ constant, coefficients }: Affine): string {
  return `${constant}:${coefficients.join(",")}`;
}

/** A string that tells maps apart. */
export function mapKey(map: IndexMap): string {
  let key = "";
  for (const form of map) key += `${formKey(form)};`;
  return key;
}

/** Whether two maps are the same. */
export function sameMap(a: IndexMap, b: IndexMap): boolean {
  return a.length === b.length && a.every((form, axis) => sameForm(form, b[axis] as Affine));
}

/** The map of a tensor whose shape, without its axes of extent 1, is the domain (or those axes of it in `axes`). */
export function identityMap(shape: Shape, rank: number, axes?: readonly number[]): IndexMap {
  let next = 0;
  return shape.map((extent) => {
    if (extent === 1) return constantForm(rank, 0);
    const axis = axes === undefined ? next : (axes[next] as number);
    next++;
    return coordinate(rank, axis);
  });
}

/** Extents without the ones: what decides whether two tensors can share a loop nest. */
export function domainOf(shape: Shape): number[] {
  return shape.filter((extent) => extent !== 1);
}

/**
 * The map of a tensor of shape `shape` whose row-major offset is `offset`, when each coordinate of the domain falls
 * into whole axes; undefined when some coordinate would have to be divided.
 */
export function splitOffset(offset: Affine, shape: Shape, domain: Shape): IndexMap | undefined {
  const result: Affine[] = [];
  let rest = offset;
  for (const stride of stridesOf(shape)) {
    const high = scaled(rest, 0, Math.floor(rest.constant / stride));
    const coefficients = rest.coefficients.map((c) => (c % stride === 0 ? c / stride : 0));
    const form: Affine = { constant: high.constant, coefficients };
    result.push(form);
    rest = sum(rest, scaled(form, -stride, 0));
    if (stride > 0 && !within(rest, stride, domain)) return undefined;
  }
  return sizeOf(shape) === 0 ? undefined : result;
}

/** Whether the form stays in 0 … limit-1 over the domain. */
function within(form: Affine, limit: number, domain: Shape): boolean {
  let least = form.constant;
  let greatest = form.constant;
  form.coefficients.forEach((c, i) => {
    const reach = c * Math.max(0, (domain[i] as number) - 1);
    if (reach < 0) least += reach;
    else greatest += reach;
  });
  return least >= 0 && greatest < limit;
}
