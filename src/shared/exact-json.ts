/** Strings, however they end; words that only Python writes; and numbers. */
const TOKENS = /"(?:[^"\\]|\\[^])*"?|-?(?:NaN|Infinity)|-?\d[\d.eE+-]*/g;
const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;
const WORD = /^-?[NI]/;

/**
 * As JSON.parse, but a number that a double does not hold as it is written (too many digits, zeros at its end, an exponent)
 * becomes the text of it, and so do the bare NaN and Infinity of Python. Throws SyntaxError for what is no JSON otherwise.
 */
export function parseKeepingDigits(text: string): unknown {
  return JSON.parse(
    text.replace(TOKENS, (token) => {
      const isHeld = token.startsWith('"') || String(Number(token)) === token;
      const isText = WORD.test(token) || (NUMBER.test(token) && !isHeld);
      return isText ? `"${token}"` : token;
    }),
  );
}
