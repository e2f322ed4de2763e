/**
 * A resolution hook for Node's loader thread: the names of our own packages mean the copies that this program runs on.
 * Loaded by `module.register` alone (`resolve-own-packages.ts`), never imported.
 */

type Next = (specifier: string, context: unknown) => Promise<unknown>;

let own: Readonly<Record<string, string>> = {};

/** Takes the map from package name to file URL. */
export function initialize(data: { readonly own: Readonly<Record<string, string>> }): void {
  own = data.own;
}

/** The hook. */
export function resolve(specifier: string, context: unknown, next: Next): Promise<unknown> {
  const url = Object.hasOwn(own, specifier) ? own[specifier] : undefined;
  return url === undefined ? next(specifier, context) : Promise.resolve({ url, shortCircuit: true });
}
