/** A hash as messages show it: enough of it to tell two apart. */
export function shortHash(hash: string): string {
  return `${hash.slice(0, 12)}…`;
}
