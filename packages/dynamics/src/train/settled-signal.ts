/**
 * A signal that follows another one as soon as nobody is waited for: what is interrupted stops elsewhere first, and here
 * when it is known how far it had come there.
 */

/** The two signals and who stands between them. */
export interface SettledSignal {
  /** The one that follows. */
  readonly signal: AbortSignal;
  /** Whom to tell of the first one at once. */
  readonly onAbort: (handler: () => void) => void;
  /** Someone to wait for, unless it begins too late for that; the result says that it is done. */
  readonly wait: () => () => void;
  /** The first signal is listened to no longer. */
  readonly end: () => void;
}

/** @param first undefined: it never comes */
export function settledSignal(first: AbortSignal | undefined): SettledSignal {
  const controller = new AbortController();
  const handlers: (() => void)[] = [];
  let open = 0;
  const isAborted = (): boolean => first?.aborted === true;
  const settle = (): void => {
    if (isAborted() && open === 0) controller.abort();
  };
  const hear = (): void => {
    for (const handler of handlers) handler();
    settle();
  };
  first?.addEventListener("abort", hear);
  settle();
  return {
    signal: controller.signal,
    onAbort: (handler: () => void): void => {
      if (isAborted()) handler();
      else handlers.push(handler);
    },
    wait: (): (() => void) => {
      let isWaited = !isAborted();
      if (isWaited) open += 1;
      return () => {
        if (!isWaited) return;
        isWaited = false;
        open -= 1;
        settle();
      };
    },
    end: (): void => first?.removeEventListener("abort", hear),
  };
}
