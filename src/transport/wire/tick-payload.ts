import type { MarkObserved, Micros } from '../../ledger/facts.js';
import { Decimal } from '../../shared/decimal.js';
import { MARK_PRICE_SOURCE } from './marks.js';
import { symbolOfBytes } from './symbol-bytes.js';
import { parseTime } from './times.js';

const [SPACE, QUOTE, MINUS, POINT, ZERO] = [32, 34, 45, 46, 48];
/** So many digits fit a safe integer, with or without a point among them. */
const MOST_DIGITS = 15;
/** What a byte may be part of: a symbol, its beginning, the name of a member, a text without escapes, a number. */
const [SYMBOL, FIRST, NAME, TEXT, DIGIT] = [1, 2, 4, 8, 16];
const MAY_BE = Uint8Array.from({ length: 256 }, (_, code) => {
  const is = (pattern: RegExp, bit: number) => (pattern.test(String.fromCharCode(code)) ? bit : 0);
  const inSymbol = is(/[A-Za-z0-9_.\-/:]/, SYMBOL) | is(/[A-Za-z0-9]/, FIRST);
  return inSymbol | is(/[a-z_]/, NAME) | is(/[ !#-[\]-~]/, TEXT) | is(/[0-9]/, DIGIT);
});
const BEGIN = Buffer.from('{"symbol":');
const SYMBOL_AGAIN = BEGIN.subarray(1);
const [PRICE, SOURCE, TIME] = [
  Buffer.from('"price":'),
  Buffer.from('"source":'),
  Buffer.from('"timestamp":'),
];
const [QUOTE_COLON, COMMA, END] = [Buffer.from('":'), Buffer.from(','), Buffer.from('}')];
const MARK_PRICE = Buffer.from(`"${MARK_PRICE_SOURCE}"`);
const WORDS = [Buffer.from('true'), Buffer.from('false'), Buffer.from('null')];

/**
 * Reads the payload of a tick as all producers write it: one flat object of plain ASCII, its members `symbol`, `price`, any others,
 * `timestamp`. null for any other form, which the full decoder reads. Byte by byte, because at 100 000 a second a pattern over a
 * text, and the texts that it cuts out, take twice as long. Behind a payload an answer has a line's end, which is part of nothing here:
 * nothing reads beyond it.
 */
export class TickPayload {
  private at: number;
  private hasSource = false;

  constructor(
    private readonly bytes: Buffer,
    start: number,
    private readonly end: number,
    private isMarkPrice: boolean,
  ) {
    this.at = start;
  }

  mark(): MarkObserved | null {
    const symbol = this.passes(BEGIN) ? this.symbol() : null;
    const price = symbol && this.passes(COMMA) && this.passes(PRICE) ? this.price() : null;
    const at = price && this.passes(COMMA) && this.others() ? this.time() : null;
    if (!symbol || !price || !at || !this.passes(END) || this.at !== this.end) return null;
    return { kind: 'mark', symbol, price, at, source: this.isMarkPrice ? 'mark_price' : 'market.tick' };
  }

  /** One of up to four letters may be a word for "missing". */
  private symbol(): string | null {
    const start = this.at + 1;
    if (!this.quoted(SYMBOL) || !(MAY_BE[this.bytes[start]!]! & FIRST)) return null;
    const length = this.at - 1 - start;
    return length > 4 && length <= 40 ? symbolOfBytes(this.bytes, start, this.at - 1) : null;
  }

  /** Above zero. */
  private price(): Decimal | null {
    const { at: start } = this;
    if (this.bytes[start] === MINUS || !this.number() || this.at - start > MOST_DIGITS) return null;
    let [units, scale] = [0, 0];
    for (let at = start; at < this.at; at += 1) {
      if (this.bytes[at] === POINT) scale = this.at - at - 1;
      else units = units * 10 + this.bytes[at]! - ZERO;
    }
    return units > 0 ? Decimal.ofUnits(units, scale) : null;
  }

  /** Passes members that say nothing here, up to the time. A second `symbol`, `price` or `source` would make it a question of which one counts. */
  private others(): boolean {
    while (!this.passes(TIME)) {
      const isSource = this.passes(SOURCE);
      if (isSource ? this.hasSource : this.passes(PRICE) || this.passes(SYMBOL_AGAIN) || !this.name())
        return false;
      if (isSource) this.hasSource = true;
      if (isSource && this.passes(MARK_PRICE)) this.isMarkPrice = true;
      else if (!this.scalar()) return false;
      if (!this.passes(COMMA)) return false;
    }
    return true;
  }

  private time(): Micros | null {
    const { at: start } = this;
    if (this.bytes[start] === QUOTE)
      return this.quoted(TEXT) ? parseTime(this.bytes.toString('latin1', start + 1, this.at - 1)) : null;
    if (this.bytes[start] === MINUS || !this.number()) return null;
    return this.seconds(start) ?? parseTime(this.bytes.toString('latin1', start, this.at));
  }

  /** Of ten digits before the point, as all are from 2001 to 2286. What is behind the microseconds is cut. */
  private seconds(start: number): Micros | null {
    const point = start + 10;
    if (point > this.at || (point < this.at && this.bytes[point] !== POINT)) return null;
    let micros = 0;
    for (let at = start; at < point + 7; at += 1)
      if (at !== point) micros = micros * 10 + (at < this.at ? this.bytes[at]! - ZERO : 0);
    return Number.isSafeInteger(micros) ? micros : null;
  }

  private name(): boolean {
    if (this.bytes[this.at] !== QUOTE) return false;
    const start = (this.at += 1);
    this.run(NAME);
    return this.at > start && this.passes(QUOTE_COLON);
  }

  /** What begins as a text or a number is no other thing: where one of them breaks off, nothing else may go on. */
  private scalar(): boolean {
    if (this.bytes[this.at] === QUOTE) return this.quoted(TEXT);
    for (const word of WORDS) if (this.passes(word)) return true;
    return this.number();
  }

  /** Passes a text and its quotes. */
  private quoted(kind: number): boolean {
    if (this.bytes[this.at] !== QUOTE) return false;
    this.at += 1;
    this.run(kind);
    this.at += 1;
    return this.bytes[this.at - 1] === QUOTE;
  }

  /** Passes a number without an exponent. */
  private number(): boolean {
    if (this.bytes[this.at] === MINUS) this.at += 1;
    const start = this.at;
    const digits = this.run(DIGIT);
    if (digits === 0 || (digits > 1 && this.bytes[start] === ZERO)) return false;
    if (this.bytes[this.at] !== POINT) return true;
    this.at += 1;
    return this.run(DIGIT) > 0;
  }

  /** Passes bytes of one kind. Returns how many. */
  private run(kind: number): number {
    const { bytes, at: start } = this;
    let at = start;
    while (MAY_BE[bytes[at]!]! & kind) at += 1;
    this.at = at;
    return at - start;
  }

  /** Passes these very bytes and a space behind them. */
  private passes(text: Buffer): boolean {
    const { bytes, at } = this;
    for (let index = 0; index < text.length; index += 1) if (bytes[at + index] !== text[index]) return false;
    this.at = at + text.length;
    if (bytes[this.at] === SPACE) this.at += 1;
    return true;
  }
}
