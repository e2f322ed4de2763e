/**
 * What a mistyped name was meant to be. An entry of its own (`@leastaction/dynamics/nearest-name`): it is needed before
 * anything else is loaded.
 */

/** The known name that a mistyped one is closest to, by edit distance; null when nothing is close. */
export function nearestName(found: string, names: readonly string[]): string | null {
  const limit = Math.max(found.length < 3 ? 1 : 2, Math.floor(found.length / 3));
  const ranked = names
    .map((name) => ({ name, distance: editDistance(found.toLowerCase(), name.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance);
  const best = ranked[0];
  return best !== undefined && best.distance <= Math.min(limit, best.name.length - 1) ? best.name : null;
}

/** `Did you mean NAME?` where a name is close, else what `otherwise` says: the remedy of an unknown name. */
export function didYouMean(found: string, names: readonly string[], otherwise: string): string {
  const nearest = nearestName(found, names);
  return nearest === null ? otherwise : `Did you mean ${nearest}?`;
}

/** Levenshtein's distance: insertions, deletions and replacements of one character. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] as number) + 1, (next[j - 1] as number) + 1));
    }
    row = next;
  }
  return row[b.length] as number;
}
