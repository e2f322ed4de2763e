/**
 * What a worker runs, as text: it is started from it alone, in Node and in browsers, whatever bundled this package.
 *
 * It makes an instance of the module on the shared memory and then takes turns of whatever task is open, for as long as it
 * lives: no message, but the first one, goes to it or comes back. It looks for work for some tens of microseconds before it
 * sleeps. Everything that both sides know is in one array of words, `word`.
 */

/** Words of the array that the caller and its workers share. */
export const word = {
  /** Counts tasks; -1 ends the workers. */
  generation: 0,
  /** Whether turns may be taken. */
  open: 1,
  /** Workers that may be taking turns. */
  joined: 2,
  task: 3,
  turns: 4,
  /** The next turn that nobody has taken. */
  next: 5,
  /** Whether a turn ended in an error. */
  failed: 6,
  /** Workers that have started. */
  ready: 7,
} as const;

/** Words of the array, with room to both sides. */
export const words = 64;

const { generation, open, joined, task, turns, next, failed, ready } = word;

/** `begin(data)` with the module, the memory, the words, the number of this thread, and ms to look for work. */
export const workerSource: string = `
function begin({ module, memory, control, worker, patience }) {
  const exports = new WebAssembly.Instance(module, { host: { memory, divide() {} } }).exports;
  let seen = 0;
  Atomics.add(control, ${ready}, 1);
  for (;;) {
    for (let until = performance.now() + patience, i = 1; Atomics.load(control, ${generation}) === seen; i++) {
      if (i % 256 === 0 && performance.now() > until) break;
    }
    while (Atomics.load(control, ${generation}) === seen) Atomics.wait(control, ${generation}, seen);
    seen = Atomics.load(control, ${generation});
    if (seen === -1) return;
    Atomics.add(control, ${joined}, 1);
    try {
      if (Atomics.load(control, ${open}) === 1) {
        const run = exports["task" + Atomics.load(control, ${task})];
        const turns = Atomics.load(control, ${turns});
        for (let turn; (turn = Atomics.add(control, ${next}, 1)) < turns; ) run(worker, turn);
      }
    } catch (error) {
      Atomics.store(control, ${failed}, 1);
      throw error;
    } finally {
      Atomics.sub(control, ${joined}, 1);
      Atomics.notify(control, ${joined});
    }
  }
}
`;
