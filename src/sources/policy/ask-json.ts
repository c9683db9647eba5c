import { Refusal } from '../../ledger/facts.js';
import { codeOf, isError } from '../../shared/errors.js';
import type { Json } from '../../transport/wire/json.js';
import { MAX_TEXT_LENGTH, parseJson } from '../../transport/wire/json.js';

/** A JSON answer, or in one word why there is none: never an address, because everybody may read it. */
export type Asked =
  { readonly json: Json; readonly problem: null } | { readonly json: null; readonly problem: string };

/** Codes of errors of the network that mean more than "unreachable". */
const PROBLEMS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection_refused',
  ENOTFOUND: 'host_unknown',
  EAI_AGAIN: 'host_unknown',
  UND_ERR_SOCKET: 'cut_off',
  ECONNRESET: 'cut_off',
};

class Problem extends Error {}

/**
 * One GET that is answered with JSON, within the time and 1 MiB. Problems: `http_<status>` for anything but 200 (redirects are not
 * followed), `timeout`, `too_large`, `not_json`, `cut_off`, `connection_refused`, `host_unknown`, `unreachable`.
 */
export async function askJson(url: string, timeoutMs: number): Promise<Asked> {
  try {
    const signal = AbortSignal.timeout(timeoutMs);
    const answer = await fetch(url, { signal, redirect: 'manual', headers: { accept: 'application/json' } });
    if (answer.status !== 200) {
      await answer.body?.cancel();
      throw new Problem(`http_${answer.status}`);
    }
    return { json: parseJson(await textOf(answer)), problem: null };
  } catch (error) {
    return { json: null, problem: problemOf(error) };
  }
}

async function textOf({ body }: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of (body ?? []) as AsyncIterable<Uint8Array>) {
    text += decoder.decode(chunk, { stream: true });
    if (text.length > MAX_TEXT_LENGTH) throw new Problem('too_large');
  }
  return text + decoder.decode();
}

function problemOf(error: unknown): string {
  if (error instanceof Problem) return error.message;
  if (error instanceof Refusal) return error.code === 'payload_too_large' ? 'too_large' : 'not_json';
  if (!isError(error)) return 'unreachable';
  if (error.name === 'TimeoutError') return 'timeout';
  const code = codeOf(error);
  if (code !== null && code in PROBLEMS) return PROBLEMS[code]!;
  return error.cause === undefined ? 'unreachable' : problemOf(error.cause);
}

/** Whether asking for more is of no use now: nobody is there, or answers too slowly. */
export function isAway(problem: string): boolean {
  return ['timeout', 'cut_off', 'connection_refused', 'host_unknown', 'unreachable'].includes(problem);
}
