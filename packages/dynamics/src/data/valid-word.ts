/** Words of a column with the role `valid` that say that a row is not to be used. */
const falseWords: ReadonlySet<string> = new Set(["", "0", "false", "no", "n", "f", "nan", "bad"]);

/** Whether a word (in lower case) says no; so does any zero. */
export function isFalseWord(word: string): boolean {
  return falseWords.has(word) || Number(word) === 0;
}
