/**
 * Saving that may fail while training goes on: a full disk, a read-only or removed folder. Each fault is said once, in
 * words and with the remedy; that saving works again is said too. Nothing here ends a training.
 */
import { CommandError } from "../command-error.ts";
import { writeFault } from "../write-fault.ts";

export interface Saving {
  /** Whether `work` went through; `part` names what it saves, for there may be several kinds. */
  attempt(part: string, work: () => Promise<void>): Promise<boolean>;
}

/** @param shown the run folder as messages name it */
export function saving(shown: string, say: (text: string) => void): Saving {
  const failing = new Map<string, string>();
  return {
    attempt: async (part, work) => {
      try {
        await work();
      } catch (error) {
        const { key, text } = faultText(error, shown);
        const isNew = ![...failing.values()].includes(key);
        failing.set(part, key);
        if (isNew) say(text);
        return false;
      }
      if (failing.delete(part) && failing.size === 0) say(`Saving to ${shown} works again.\n`);
      return true;
    },
  };
}

function faultText(error: unknown, shown: string): { readonly key: string; readonly text: string } {
  const goesOn = "Training goes on, what was saved stays, and saving is tried again and again.";
  if (error instanceof CommandError) return { key: error.message, text: `${error.message}\n${goesOn}\n` };
  if ((error as NodeJS.ErrnoException | null)?.code === undefined) throw error;
  const { word, found, remedy } = writeFault(error);
  const cannot = `Cannot save to ${shown}: expected a place that can be written, got ${found}`;
  return { key: word, text: `${cannot}\n${goesOn} ${remedy}\n` };
}
