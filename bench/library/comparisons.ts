/**
 * The workloads that the library has a model for, with the library's form of each: the same networks from the same start, the
 * same data, and the functions of the model.
 *
 * Hamiltonian and Lagrangian networks of the library are in float64, so their workloads are measured in float64 here.
 */
import {
  type DatasetFacts,
  derivativeObjective,
  hamiltonian,
  lagrangian,
  lagrangianObjective,
  lagrangianOde,
} from "@leastaction/dynamics";
import {
  abs,
  array,
  div,
  full,
  type HostTensor,
  mul,
  slice,
  sub,
  sum,
  type Tensor,
  valueAndGrad,
  vmap,
} from "@leastaction/tensor";
import { hnn, hnnData } from "../workloads/hnn.ts";
import { lagrangianNode, lagrangianNodeData } from "../workloads/lagrangian-node.ts";
import { lnn, lnnData } from "../workloads/lnn.ts";
import type { Named, Precision, Workload } from "../workloads/workload.ts";
import type { Side } from "./library-step.ts";

/** A workload and the library's form of it. */
export interface Comparison {
  readonly workload: Workload;
  /** The element type that is measured. */
  readonly dtype: Precision;
  /** Without the limits of its gradient, where it has any, it has the loss and the gradient of the workload. */
  readonly library: (dtype: Precision, isLimited: boolean) => Side;
}

/** All comparisons. */
export const comparisons: readonly Comparison[] = [
  { workload: lagrangianNode, dtype: "float32", library: lagrangianOdeSide },
  { workload: hnn, dtype: "float64", library: hamiltonianSide },
  { workload: lnn, dtype: "float64", library: lagrangianSide },
];

/** The side of a workload. */
export function sideOf({ problem, optimiser }: Workload, dtype: Precision): Side {
  const { parameters, loss } = problem(dtype);
  return { parameters, optimiser, batch: {}, slope: (at) => valueAndGrad(loss)(at) };
}

/** Parameters of a network of the library. */
interface Network<Leaf> {
  readonly layers: readonly { readonly weight: Leaf; readonly bias?: Leaf }[];
}

/** The layers whose weights and biases have these names; the last without a bias where that says so. */
function networkOf<Leaf>(named: Named<Leaf>, prefix: string, layers: number, outputBias = true): Network<Leaf> {
  const leaf = (name: string): Leaf => named[`${prefix}${name}`] as Leaf;
  return {
    layers: Array.from({ length: layers }, (_, i) => ({
      weight: leaf(`W${i + 1}`),
      ...(i + 1 < layers || outputBias ? { bias: leaf(`b${i + 1}`) } : {}),
    })),
  };
}

/** The other way. */
function namesOf<Leaf>({ layers }: Network<Leaf>, prefix: string): Named<Leaf> {
  const leaves = layers.flatMap(({ weight, bias }, i): [string, Leaf][] => [
    [`${prefix}W${i + 1}`, weight],
    ...(bias === undefined ? [] : [[`${prefix}b${i + 1}`, bias] as [string, Leaf]]),
  ]);
  return Object.fromEntries(leaves);
}

function lagrangianOdeSide(dtype: Precision, isLimited: boolean): Side {
  const { times, positions } = lagrangianNodeData();
  const data = { times, positions: Float64Array.from(positions), count: positions.length / (2 * times.length) };
  const objective = lagrangianObjective(lagrangianOde({ dimensions: 2 }), data, {
    seed: 0,
    dtype,
    halfTimesAt: 1,
    solver: { kind: "fixed", substeps: 2 },
    ...(isLimited ? {} : { clip: { field: Number.MAX_VALUE, metric: Number.MAX_VALUE } }),
  });
  const { descent } = objective as Required<typeof objective>;
  return {
    parameters: lagrangianNode.problem(dtype).parameters,
    optimiser: lagrangianNode.optimiser,
    // Late enough that all times count.
    batch: objective.batch(undefined as never, 0, 1000),
    slope: (at, batch) => {
      const networks = {
        field: networkOf(at, "f.", 2),
        metric: networkOf(at, "g.", 3),
        start: networkOf(at, "v0.", 4),
      };
      const [terms, direction] = descent(networks, batch as never) as [Tensor, typeof networks];
      const { field, metric, start } = direction;
      return [sum(terms), { ...namesOf(field, "f."), ...namesOf(metric, "g."), ...namesOf(start, "v0.") }];
    },
  };
}

/** Data of this many coordinates whose scales are all 1. */
function plainFacts(coordinates: number): DatasetFacts {
  const range = [-1, 1] as const;
  const plain = { periodic: false, centre: 0, scale: 1, velocityScale: 1, range, velocityRange: range, noise: 0 };
  return {
    coordinates: Array.from({ length: coordinates }, (_, i) => ({ name: `q${i + 1}`, ...plain })),
    controls: [],
    dt: 1,
    frequency: 1,
    measuredVelocities: true,
  };
}

/** Parameters of a workload without the last bias, of which no motion depends. */
function withoutLastBias(workload: Workload, dtype: Precision, name: string): Named<HostTensor> {
  const { [name]: _, ...parameters } = workload.problem(dtype).parameters;
  return parameters;
}

function hamiltonianSide(dtype: Precision): Side {
  const points = 750;
  const { inputs, targets } = hnnData(points);
  const model = hamiltonian({ hidden: [200, 200] });
  const none = new Float64Array(0);
  const samples = { count: points, observations: none, rates: none, controls: none };
  const { loss } = derivativeObjective({ model, facts: plainFacts(1), samples });
  const batch = { observation: array(inputs, [points, 2], dtype), rate: array(targets, [points, 2], dtype) };
  const ofBoth = (at: Named<Tensor>, given: unknown): Tensor =>
    mul(2, loss({ network: networkOf(at, "", 3, false) }, given as never));
  return {
    parameters: withoutLastBias(hnn, dtype, "b3"),
    optimiser: hnn.optimiser,
    batch,
    slope: (at, given) => valueAndGrad((tree: Named<Tensor>) => ofBoth(tree, given))(at),
  };
}

function lagrangianSide(dtype: Precision): Side {
  const states = 512;
  const { inputs, targets } = lnnData();
  const { field } = lagrangian({ hidden: [128, 128] });
  const facts = plainFacts(2);
  type Batch = { readonly state: Tensor; readonly target: Tensor };
  const loss = (at: Named<Tensor>, batch: Batch): Tensor => {
    const network = networkOf(at, "", 3, false);
    const one = ({ state, target }: Batch): Tensor => {
      const rate = (field as NonNullable<typeof field>)({ network }, full([], 0, dtype), state, null, facts);
      return sum(abs(sub(slice(rate, 0, 2), target)));
    };
    return div(sum(vmap(one)(batch)), states);
  };
  return {
    parameters: withoutLastBias(lnn, dtype, "b3"),
    optimiser: lnn.optimiser,
    batch: { state: array(inputs, [states, 4], dtype), target: array(targets, [states, 2], dtype) },
    slope: (at, batch) => valueAndGrad((tree: Named<Tensor>) => loss(tree, batch as Batch))(at),
  };
}
