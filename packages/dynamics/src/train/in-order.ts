/** What parts of a whole do at any time, let happen in the order of the parts. */
export interface InOrder {
  /** Acts for a part: at once, or when all parts before it have ended. */
  readonly act: (part: number, act: () => void) => void;
  readonly end: (part: number) => void;
}

/** Parts are numbered from 0. */
export function inOrder(): InOrder {
  const held = new Map<number, (() => void)[]>();
  const ended = new Set<number>();
  let current = 0;
  return {
    act: (part, act) => {
      if (part <= current) act();
      else held.set(part, [...(held.get(part) ?? []), act]);
    },
    end: (part) => {
      ended.add(part);
      while (ended.has(current)) {
        current += 1;
        for (const act of held.get(current) ?? []) act();
        held.delete(current);
      }
    },
  };
}
