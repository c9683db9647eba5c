import type { Json } from '../../transport/wire/json.js';

const TOKEN =
  /\s*(?:([{}[\](),:=])|(None|True|False)\b|([+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?|[+-]?(?:nan|inf)\b)|'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"|<([A-Za-z_][\w.]*):[^>]*>|([A-Za-z_][\w.]*))/y;
const ENUM = /^<?(?:[A-Za-z_]\w*\.)+(\w+)(?::[^>]*>)?$/;
const DATETIME =
  /^(?:datetime\.)?datetime\((\d+(?:,\s*\d+){2,6})(?:,\s*tzinfo=([\w.]+|[\w.]+\([\w.]+\([^()]*\)\)))?\)$/;
const OFFSET =
  /^(?:datetime\.)?timezone\((?:datetime\.)?timedelta\((?:days=(-?\d+))?(?:,\s*)?(?:seconds=(\d+))?\)\)$/;
const NUMBER = /^(?:[A-Za-z_]\w*\.)*[A-Za-z_]\w*\(\s*'?([^'()]+?)'?\s*\)$/;
const DEEPEST = 32;

/** What an enum's repr means: `TradeStatus.CLOSED`, `store.TradeStatus.CLOSED` and `<TradeStatus.CLOSED: 'closed'>` are CLOSED; any other text is itself. */
export function plainWord(text: string): string {
  return ENUM.exec(text.trim())?.[1] ?? text;
}

/**
 * What a moment's repr means: `datetime.datetime(2026, 1, 10, 8, 0, tzinfo=datetime.timezone.utc)` is 2026-01-10T08:00:00+00:00, without
 * `tzinfo` it has no zone; any other text is itself, also one whose zone is only a name.
 */
export function plainTime(text: string): string {
  const [, numbers, zone] = DATETIME.exec(text.trim()) ?? [];
  if (numbers === undefined) return text;
  const [year = '', month = '', day = '', ...clock] = numbers.split(/,\s*/);
  const [hour = '0', minute = '0', second = '0', micros = '0'] = clock;
  const two = (part: string) => part.padStart(2, '0');
  const offset = zone === undefined ? '' : offsetOf(zone);
  if (offset === null) return text;
  const date = `${year.padStart(4, '0')}-${two(month)}-${two(day)}`;
  return `${date}T${two(hour)}:${two(minute)}:${two(second)}.${micros.padStart(6, '0')}${offset}`;
}

function offsetOf(zone: string): string | null {
  if (/(?:^|\.)(?:utc|UTC)$/.test(zone)) return '+00:00';
  const [match, days = '0', seconds = '0'] = OFFSET.exec(zone) ?? [];
  const minutes = (Number(days) * 86_400 + Number(seconds)) / 60;
  if (match === undefined || !Number.isInteger(minutes)) return null;
  const [hours, rest] = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60];
  return `${minutes < 0 ? '-' : '+'}${String(hours).padStart(2, '0')}:${String(rest).padStart(2, '0')}`;
}

/** What a number's repr means: `Decimal('0.5')` and `np.float64(0.5)` are 0.5; any other text is itself. */
export function plainNumber(text: string): string {
  return NUMBER.exec(text.trim())?.[1] ?? text;
}

/**
 * Reads the repr of a Python dict: None, True, quotes of either kind, tuples, enum members as their names. Null when the text is none.
 * Numbers stay exact texts, as with JSON.
 */
export function parsePythonDict(text: string): ReadonlyMap<string, Json> | null {
  if (!text.trimStart().startsWith('{')) return null;
  const reader = new PythonReader(text);
  try {
    const value = reader.document();
    return value instanceof Map ? (value as ReadonlyMap<string, Json>) : null;
  } catch (error) {
    if (error instanceof NotPython) return null;
    throw error;
  }
}

class NotPython extends Error {}

class PythonReader {
  private at = 0;

  constructor(private readonly text: string) {}

  document(): Json {
    const value = this.value(0);
    if (this.text.slice(this.at).trim() !== '') throw new NotPython();
    return value;
  }

  private value(depth: number): Json {
    if (depth > DEEPEST) throw new NotPython();
    const [, mark, word, number, single, double, member, name] = this.next();
    if (mark === '{') return this.dict(depth + 1);
    if (mark === '[') return this.list(']', depth + 1);
    if (mark === '(') return this.list(')', depth + 1);
    if (word !== undefined) return word === 'None' ? null : word === 'True';
    if (number !== undefined) return number;
    if (member !== undefined) return lastPart(member);
    if (name !== undefined) return this.named(name, depth);
    const quoted = single ?? double;
    if (quoted === undefined) throw new NotPython();
    return quoted.replace(/\\(.)/g, '$1');
  }

  /** An enum member is its name; a call such as `Decimal('1')` is its first argument. */
  private named(name: string, depth: number): Json {
    if (!this.takes('(')) return lastPart(name);
    const [first] = this.list(')', depth + 1) as readonly Json[];
    return first ?? null;
  }

  /** A set stands in the same brackets: its members are names that tell nothing. */
  private dict(depth: number): Json {
    const members = new Map<string, Json>();
    while (!this.takes('}')) {
      const key = this.value(depth);
      const value = this.takes(':') ? this.value(depth) : null;
      members.set(typeof key === 'string' ? key : JSON.stringify(key), value);
      if (!this.takes(',') && !this.peeks('}')) throw new NotPython();
    }
    return members;
  }

  private list(end: string, depth: number): Json {
    const values: Json[] = [];
    while (!this.takes(end)) {
      const value = this.value(depth);
      // A call may name its arguments: `datetime(2026, 1, 1, tzinfo=utc)`.
      values.push(this.takes('=') ? this.value(depth) : value);
      if (!this.takes(',') && !this.peeks(end)) throw new NotPython();
    }
    return values;
  }

  private next(): RegExpExecArray {
    TOKEN.lastIndex = this.at;
    const match = TOKEN.exec(this.text);
    if (!match) throw new NotPython();
    this.at += match[0].length;
    return match;
  }

  private peeks(mark: string): boolean {
    TOKEN.lastIndex = this.at;
    return TOKEN.exec(this.text)?.[1] === mark;
  }

  private takes(mark: string): boolean {
    if (!this.peeks(mark)) return false;
    this.next();
    return true;
  }
}

const lastPart = (name: string) => name.slice(name.lastIndexOf('.') + 1);
