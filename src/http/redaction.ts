const NAMES =
  'password|passwd|pwd|passphrase|secret|api_?-?key|api_?-?secret|access_?-?token|refresh_?-?token|token|listen_?-?key|signature|authorization|set-cookie|cookie|x-mbx-apikey';
/** `scheme://anything@`: what stands before the last @ of an address is a user and a password; of a file, its name. */
const CREDENTIALS = /\b(?!file:)([a-z][a-z0-9+.-]{1,20}:\/\/)[^\s"'<>\\]{1,512}@/gi;
/** A secret's name (also as a JSON key, also escaped) and the value behind it. */
const NAMED = new RegExp(
  `((?:${NAMES})(?:\\\\*["'])?\\s*[:=]\\s*(?:\\\\*["'])?)((?:bearer|basic)\\s+)?[^\\s"'\\\\&,;}\\]]+`,
  'gi',
);

/** A key of ours and a token (JWT) are known by their form, wherever they stand: also where their owner put them by mistake. */
const SHAPED = /\bpis_[\w-]{8,}|\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*/g;

/** A log line without passwords, keys and tokens, wherever in it they stand. */
export function redacted(line: string): string {
  return line.replace(CREDENTIALS, '$1***@').replace(NAMED, '$1***').replace(SHAPED, '***');
}
