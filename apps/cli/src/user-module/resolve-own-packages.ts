/**
 * Lets a file anywhere on the machine write `import { defineModel } from "leastaction"`.
 *
 * A model outside this repository has no `node_modules` of ours above it, and a second copy found there would trace
 * into another program than this one compiles. So the three names mean our own running copies, whatever else is there.
 * Node 22.15 and later resolve in the same thread (`registerHooks`), Node 20 in its loader thread (`register`), which
 * takes a module of its own: it is small enough to be handed over as a data URL.
 */
import module from "node:module";

const names = ["leastaction", "@leastaction/dynamics", "@leastaction/tensor"];

type Resolved = { readonly url: string; readonly shortCircuit: boolean };
type Resolve<R> = (specifier: string, context: unknown, next: (specifier: string, context: unknown) => R) => R;
interface SameThread {
  readonly registerHooks?: (hooks: { readonly resolve: Resolve<Resolved> }) => void;
}

const loaderModule = `
let own = {};
export const initialize = (urls) => { own = urls; };
export const resolve = (name, context, next) =>
  Object.hasOwn(own, name) ? { url: own[name], shortCircuit: true } : next(name, context);
`;

let done = false;

/** From now on; more than once is once. */
export function resolveOwnPackages(): void {
  if (done) return;
  done = true;
  const own = Object.fromEntries(names.map((name) => [name, import.meta.resolve(name)]));
  const { registerHooks } = module as SameThread;
  if (registerHooks !== undefined) {
    registerHooks({
      resolve: (specifier, context, next) => {
        const url = Object.hasOwn(own, specifier) ? own[specifier] : undefined;
        return url === undefined ? next(specifier, context) : { url, shortCircuit: true };
      },
    });
    return;
  }
  module.register(`data:text/javascript,${encodeURIComponent(loaderModule)}`, { data: own });
}
