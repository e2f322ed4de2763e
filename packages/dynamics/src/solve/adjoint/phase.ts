/**
 * The forward phase as methods for gradients see it: they integrate other problems with it, from inside rules that may
 * close over no tensors, so what it needs is handed to it.
 */
import { type HostTensor, isLeaf, type Tensor, type TensorLike } from "@leastaction/tensor";
import type { PassedTimes } from "../passing-times.ts";
import type { Problem } from "../problem.ts";
import type { ForwardPhase } from "../step-record.ts";
import type { Times } from "../times.ts";

/** What decides the steps of an integration besides its problem. */
export interface Settings {
  readonly rtol: TensorLike;
  /** A scalar, or a tree like the state. */
  readonly atol: unknown;
  /** The longest of equal steps; absent for adaptive ones. */
  readonly dt0: TensorLike | null;
  readonly stopTimes: readonly Times[];
  readonly maxSteps: number;
}

/** What is kept of an integration besides its end. */
export interface Keeping {
  /** Whether that is the steps. */
  readonly record: boolean;
  /** Times whose states are read on the way, where equal steps are not taken again anyway. */
  readonly reads: PassedTimes | null;
}

/** Integrates a problem from its t0 to its t1 without derivatives. */
export type Phase = <Y>(problem: Problem<Y>, settings: Settings, keeping: Keeping) => ForwardPhase<Y>;

/** The traced tensors among settings, and the settings with others in their places. */
export function liftSettings(settings: Settings): {
  readonly tensors: readonly Tensor[];
  readonly put: (tensors: readonly Tensor[]) => Settings;
} {
  const tensors: Tensor[] = [];
  replaced(settings, (tensor) => {
    tensors.push(tensor);
    return tensor;
  });
  return {
    tensors,
    put: (given) => {
      let next = 0;
      return replaced(settings, () => given[next++] as Tensor) as Settings;
    },
  };
}

function replaced(node: unknown, f: (tensor: Tensor) => Tensor): unknown {
  if (node === null || typeof node === "number") return node;
  if (isLeaf(node)) return isTraced(node as TensorLike) ? f(node as Tensor) : node;
  if (Array.isArray(node)) return node.map((child) => replaced(child, f));
  return Object.fromEntries(Object.entries(node as object).map(([key, child]) => [key, replaced(child, f)]));
}

function isTraced(leaf: TensorLike): boolean {
  return typeof leaf !== "number" && !("data" in (leaf as HostTensor));
}
