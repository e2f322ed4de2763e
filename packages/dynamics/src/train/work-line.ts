/**
 * Work that waits in one line and is done at several places; whoever is free takes the next piece.
 *
 * More places are asked for while pieces wait. The first error ends it: nothing is begun any more, and every piece that
 * is not done yet is told of it, once the first place has stopped. What goes on at the other places is left alone.
 */

/** A place where one piece at a time is done. */
export type WorkPlace<Work, Answer> = (work: Work) => Promise<Answer>;

/** The line. */
export interface WorkLine<Work, Answer> {
  /** The answer to a piece; the least rank goes first. Errors: those of this piece or another one. */
  readonly add: (work: Work, rank: number) => Promise<Answer>;
  /** Ends it. */
  readonly fail: (error: unknown) => void;
  /** The error that ended it. */
  readonly failure: () => { readonly error: unknown } | null;
  /** Whether the first place has something to do. */
  readonly isFirstBusy: () => boolean;
}

/** Where the work of a line is done. */
export interface WorkPlaces<Work, Answer> {
  readonly first: WorkPlace<Work, Answer>;
  /** One more, whenever it is ready. */
  readonly more: () => Promise<WorkPlace<Work, Answer>>;
  /** Places at most. */
  readonly count: number;
  /** The next turn of the host's loop. */
  readonly rest: () => Promise<void>;
}

interface Waiting<Work, Answer> {
  readonly work: Work;
  readonly rank: number;
  readonly resolve: (answer: Answer) => void;
}

/** A line without work. */
export function workLine<Work, Answer>({ first, more, count, rest }: WorkPlaces<Work, Answer>): WorkLine<Work, Answer> {
  const waiting: Waiting<Work, Answer>[] = [];
  const open = new Set<(error: unknown) => void>();
  const places = [first];
  const busy = new Map<WorkPlace<Work, Answer>, Promise<void>>();
  let [asked, working] = [1, 0];
  let failure: { readonly error: unknown } | null = null;
  const fail = async (error: unknown, from?: WorkPlace<Work, Answer>): Promise<void> => {
    failure ??= { error };
    waiting.length = 0;
    if (from !== first) await busy.get(first);
    for (const reject of open) reject(failure.error);
  };
  const serve = async (place: WorkPlace<Work, Answer>): Promise<void> => {
    for (let next = nextOf(waiting); next !== undefined; next = nextOf(waiting)) {
      working += 1;
      await place(next.work).then(next.resolve, (error: unknown) => fail(error, place));
      working -= 1;
      // What the answer leads to may come before what waits.
      await rest();
    }
    busy.delete(place);
  };
  const wake = (): void => {
    for (const place of places) if (waiting.length > 0 && !busy.has(place)) busy.set(place, serve(place));
    if (waiting.length + working <= asked || asked >= count) return;
    asked += 1;
    const joined = more().then((place) => {
      places.push(place);
      wake();
    });
    joined.catch((error: unknown) => void fail(error));
  };
  return {
    add: (work, rank) =>
      new Promise((resolve, reject) => {
        open.add(reject);
        waiting.push({ work, rank, resolve });
        // What else is added now may come before it.
        if (failure === null) queueMicrotask(wake);
        else void fail(failure.error);
      }),
    fail: (error) => void fail(error),
    failure: () => failure,
    isFirstBusy: () => busy.has(first),
  };
}

/** The piece of the least rank, taken out. */
function nextOf<Work, Answer>(waiting: Waiting<Work, Answer>[]): Waiting<Work, Answer> | undefined {
  const least = Math.min(...waiting.map(({ rank }) => rank));
  const at = waiting.findIndex(({ rank }) => rank === least);
  return at < 0 ? undefined : waiting.splice(at, 1)[0];
}
