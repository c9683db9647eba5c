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

const [QUOTE, BACKSLASH] = [34, 92];
const OPENING: ReadonlySet<number> = new Set([91 /* [ */, 123 /* { */]);
const CLOSING: ReadonlySet<number> = new Set([93 /* ] */, 125 /* } */]);

/** Whether lists and objects in a JSON text lie deeper in each other than `most` levels. Looks without recursion, and at no JSON too. */
export function nestsDeeperThan(text: string, most: number): boolean {
  let depth = 0;
  let isInText = false;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) isInText = !isInText;
    else if (isInText) at += code === BACKSLASH ? 1 : 0;
    else if (OPENING.has(code)) depth += 1;
    else if (CLOSING.has(code)) depth -= 1;
    if (depth > most) return true;
  }
  return false;
}
