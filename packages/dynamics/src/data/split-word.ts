/**
 * The words that people write in a split column.
 */

/** Whether a word says that its rows are the test. */
export function isTestWord(word: string): boolean {
  return /^(test|tests|testing|held_?-?out|holdout|eval|evaluation|unseen)$/i.test(word);
}

/** Whether a word says that its rows validate: the test where nothing else is called so. */
export function isValidationWord(word: string): boolean {
  return /^(val|vad|valid|validate|validation|dev)$/i.test(word);
}

/** Whether a word says that its rows train. */
export function isTrainWord(word: string): boolean {
  return /^(train|training|fit|fitting|id|ident|identification|learn|learning|estimation)$/i.test(word);
}
