import { Trouble } from './trouble.js';

/** What a failed request said; nothing of how it was asked, where keys and signatures stand. */
interface Answered {
  readonly status: number;
  readonly code: string | null;
  readonly said: string;
  readonly retryAfterMs: number | null;
}

/** When the exchange limits us without saying for how long. */
const USUAL_PAUSE_MS = { rate_limited: 60_000, banned: 120_000 } as const;
const KEY_CODES = new Set(['-2014', '-2015', '-1022', '-1002']);
const CLOCK_CODE = '-1021';

/**
 * Why a request failed, in words of our own: an error of the SDK carries headers, keys and signed addresses and goes no further than here.
 * `secrets` are cut out of what the exchange said, should it repeat them.
 */
export function failureOf(error: unknown, secrets: readonly string[]): Trouble {
  if (error instanceof Trouble) return error;
  const { response, code } = (error instanceof Error ? error : {}) as Failed;
  // A body that ends before its announced length fails although its status was good.
  if (response && response.status < 300) return new Trouble('bad_answer', 'the answer was cut off');
  if (!response) return new Trouble('unreachable', `no answer (${code ?? 'unknown reason'})`);
  return troubleOfAnswer(answered(response, secrets));
}

/** What the SDK throws: an error of its HTTP client; without a response there was no answer. */
interface Failed {
  readonly code?: string;
  readonly response?: Response;
}
interface Response {
  readonly status: number;
  readonly data: unknown;
  readonly headers: Readonly<Record<string, unknown>>;
}

function troubleOfAnswer({ status, code, said, retryAfterMs }: Answered): Trouble {
  const message = `HTTP ${status}${code ? `, code ${code}` : ''}${said ? `: ${said}` : ''}`;
  if (status === 429 || status === 418) {
    const kind = status === 429 ? 'rate_limited' : 'banned';
    return new Trouble(kind, message, retryAfterMs ?? USUAL_PAUSE_MS[kind], code);
  }
  if (code === CLOCK_CODE) return new Trouble('clock', message, null, code);
  if (status === 401 || (code !== null && KEY_CODES.has(code)))
    return new Trouble('key_refused', message, retryAfterMs, code);
  if (status >= 500) return new Trouble('server_error', message, retryAfterMs, code);
  return new Trouble(code === null ? 'bad_answer' : 'refused', message, retryAfterMs, code);
}

function answered({ status, data, headers }: Response, secrets: readonly string[]): Answered {
  const text = typeof data === 'string' ? data : '';
  const code = /"code"\s*:\s*(-?\d{1,6})/.exec(text)?.[1] ?? null;
  const said = code === null ? '' : (/"msg"\s*:\s*"([^"\\]{0,160})/.exec(text)?.[1] ?? '');
  const seconds = headers['retry-after'];
  const retryAfterMs =
    typeof seconds === 'string' && /^\d{1,7}$/.test(seconds) ? Number(seconds) * 1000 : null;
  return {
    status,
    code,
    said: secrets.reduce((told, secret) => told.replaceAll(secret, '***'), said),
    retryAfterMs,
  };
}
