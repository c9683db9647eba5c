/** One line for the person in front of the terminal. */
export function say(line) {
  process.stdout.write(`${line}\n`);
}

/** A failure that a sentence explains: it is shown without a stack trace. */
export class Sentence extends Error {}

/** What is shown of an error: the sentence alone where it is one, else everything there is. */
export function explain(error) {
  return error instanceof Sentence ? error.message : String(error?.stack ?? error);
}

/** `1.4 s` since a moment taken with `Date.now()`. */
export function elapsed(since) {
  return `${((Date.now() - since) / 1000).toFixed(1)} s`;
}
