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
  const stack = line.err?.stack ? `\n${line.err.stack}` : '';
  return `${said.filter((part) => part !== '').join(' ')}${stack}\n`;
}

function shown(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return /[\s"=]/.test(text) && typeof value === 'string' ? JSON.stringify(value) : text;
}
