/** Members that every line has and no reader at a terminal needs. */
const UNSHOWN = new Set(['level', 'time', 'pid', 'hostname', 'msg', 'context', 'err']);

interface LogLine {
  readonly time?: string;
  readonly level?: string;
  readonly msg?: string;
  readonly err?: { readonly message?: string; readonly stack?: string };
  readonly [key: string]: unknown;
}

/** A line of JSON log as people read it: time, level, message, `key=value`, and an error's stack below. */
export function logText(json: string): string {
  const line = JSON.parse(json) as LogLine;
  const members = Object.entries(line).filter(([key]) => !UNSHOWN.has(key));
  const said = [
    (line.time ?? '').slice(11, 23),
    (line.level ?? '').toUpperCase().padEnd(5),
    line.msg ?? line.err?.message ?? '',
    ...members.map(([key, value]) => `${key}=${shown(value)}`),
  ];
  const stack = line.err?.stack ? `\n${plain(line.err.stack, STACK_KEEPS)}` : '';
  return `${plain(said.filter((part) => part !== '').join(' '))}${stack}\n`;
}

// What was said may hold what a stranger sent: an end of line would begin one of his own, and an escape be obeyed by the terminal.
const CONTROLS = /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/gu;
const STACK_KEEPS = '\n';

function plain(text: string, kept = ''): string {
  const written = (sign: string) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return text.replace(CONTROLS, (sign) => (sign === kept ? sign : written(sign)));
}

function shown(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return /[\s"=]/.test(text) && typeof value === 'string' ? JSON.stringify(value) : text;
}
