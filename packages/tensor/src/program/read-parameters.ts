/**
 * The parameters of an equation of a file: the names that its primitive has and no others, each of its own form. Whether
 * they suit the operands is for the shape rules.
 *
 * So nothing of a file reaches a compiler but numbers, flags and words of closed lists.
 */
import { type DType, dtypes } from "../dtype.ts";
import type { Json } from "./json.ts";
import { asList, asNatural, asNaturals, asObject, refuse, showJson } from "./json-reader.ts";
import type { Parameters, PrimitiveName } from "./primitive.ts";
import type { Program } from "./program.ts";

type Form = "natural" | "naturals" | "pair" | "dtype" | "flag" | "flag or none" | "program" | "programs";
/** Without rules of derivatives: they are code and stand in no file. */
type Names<P extends PrimitiveName> = Exclude<keyof Parameters[P], "derivative">;
type Parametrised = {
  readonly [P in PrimitiveName]: Parameters[P] extends Readonly<Record<string, never>> ? never : P;
}[PrimitiveName];

const axes = { axes: "naturals" } as const;
const forms: { readonly [P in Parametrised]: { readonly [K in Names<P>]-?: Form } } = {
  reduceSum: axes,
  reduceMax: axes,
  reduceMin: axes,
  convert: { dtype: "dtype" },
  polygamma: { order: "natural" },
  iota: { dtype: "dtype", shape: "naturals", axis: "natural" },
  broadcast: { shape: "naturals", axes: "naturals" },
  reshape: { shape: "naturals" },
  transpose: { permutation: "naturals" },
  reverse: axes,
  slice: { start: "naturals", limit: "naturals", stride: "naturals" },
  pad: { low: "naturals", high: "naturals", interior: "naturals" },
  concatenate: { axis: "natural" },
  dot: { contract: "pair", batch: "pair" },
  gather: { batch: "natural" },
  scatterAdd: { batch: "natural", size: "natural" },
  argsort: { descending: "flag" },
  addAt: { batch: "natural" },
  updateSlice: { batch: "natural" },
  linearSolve: { transposed: "flag" },
  cumulativeSum: { axis: "natural", reverse: "flag" },
  fft: { inverse: "flag" },
  triangularSolve: { lower: "flag", unitDiagonal: "flag" },
  scan: { body: "program", constants: "natural", carry: "natural", bound: "natural", reverse: "flag" },
  while: { condition: "program", body: "program", conditionConstants: "natural", bodyConstants: "natural" },
  switch: { branches: "programs" },
  checkpoint: { body: "program" },
  custom: { body: "program", bodyDerives: "flag or none" },
  linear: { body: "program", transposed: "program", residuals: "natural", onlyTransposed: "flag or none" },
};

type ReadProgram = (json: Json, path: string) => Program;

/** @internal The parameters of a primitive; `program` reads those that are programs. */
export function readParameters<P extends PrimitiveName>(
  primitive: P,
  json: Json | undefined,
  path: string,
  program: ReadProgram,
): Parameters[P] {
  const given = Object.entries(asObject(json ?? {}, path));
  const own: Readonly<Record<string, Form>> = Object.hasOwn(forms, primitive) ? forms[primitive as Parametrised] : {};
  const wanted = Object.keys(own).filter((key) => own[key] !== "flag or none");
  const absent = wanted.find((key) => !given.some(([name]) => name === key));
  const odd = given.find(([name]) => !Object.hasOwn(own, name));
  if (absent !== undefined || odd !== undefined) {
    const found = absent === undefined ? `also ${showJson(odd?.[0])}` : `no ${absent}`;
    refuse(`${wanted.join(", ") || "no parameters"} for ${primitive} at ${path}`, found);
  }
  const read = given.map(([key, value]) => [key, readers[own[key] as Form](value, `${path}.${key}`, program)]);
  return Object.fromEntries(read) as Parameters[P];
}

const readers: { readonly [F in Form]: (json: Json, path: string, program: ReadProgram) => unknown } = {
  natural: asNatural,
  naturals: asNaturals,
  pair: (json, path) => {
    const lists = asList(json, path).map((list, i) => asNaturals(list, `${path}[${i}]`));
    return lists.length === 2 ? lists : refuse(`two lists of axes at ${path}`, `${lists.length}`);
  },
  dtype: asDType,
  flag: asFlag,
  "flag or none": asFlag,
  program: (json, path, program) => program(json, path),
  programs: (json, path, program) => asList(json, path).map((item, i) => program(item, `${path}[${i}]`)),
};

/** @internal One of the element types. */
export function asDType(json: Json | undefined, path: string): DType {
  return dtypes.find((dtype) => dtype === json) ?? refuse(`one of ${dtypes.join(", ")} at ${path}`, showJson(json));
}

function asFlag(json: Json, path: string): boolean {
  return typeof json === "boolean" ? json : refuse(`true or false at ${path}`, showJson(json));
}
