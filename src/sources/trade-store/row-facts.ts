import type { TradeClosed, TradeOpened } from '../../ledger/facts.js';
import { Refusal } from '../../ledger/facts.js';
import { Decimal } from '../../shared/decimal.js';
import { checked } from '../../transport/wire/checked.js';
import type { WireMessage } from '../../transport/wire/envelope.js';
import { Fields } from '../../transport/wire/fields.js';
import { TradeClosedMessage } from '../../transport/wire/messages/trade-closed.message.js';
import { TradeOpenedMessage } from '../../transport/wire/messages/trade-opened.message.js';
import { shown } from '../../transport/wire/numbers.js';
import { readCategory } from './metadata.js';
import { plainTime, plainWord } from './python-text.js';
import type { RowValues, StoreRow } from './source.js';
import { isMissing, readStoreNumber, storeNumber } from './store-number.js';

/** Something about a row that a person should know although it was taken. */
export type Remark =
  | 'partial_size_unknown'
  | 'closed_at_by_updated_at'
  | 'opened_at_by_created_at'
  | 'metadata_unreadable'
  | `${Figure}_unreadable`;

/** Numbers that move no money: one that cannot be read costs the row that number, and not the trade. */
type Figure = (typeof OPEN_FIGURES)[number] | 'pnl_usd' | 'pnl_pct';

/** What a row says happened. */
export interface RowFacts {
  readonly opened: TradeOpened;
  /** null while it is open. */
  readonly closed: TradeClosed | null;
  readonly remarks: readonly Remark[];
}

/** A row of a trade that never came to be. */
export interface NothingHappened {
  readonly nothing: 'pending' | 'cancelled' | 'failed';
}

/** Who says it, into which account. */
export interface Telling {
  readonly accountId: string;
  readonly origin: string;
}

const OPEN_MONEY = ['quantity', 'entry_price', 'entry_fee_usd'];
const OPEN_FIGURES = ['leverage', 'sl_price', 'tp_price'] as const;
const OPEN_WORDS = ['trade_id', 'symbol', 'model'];
const CLOSE_MONEY = ['entry_price', 'exit_price'];

/**
 * What a row of a trade store says happened: its open and, when it is closed, its end, with our own PnL to be computed from the prices
 * and theirs as a claim. Throws Refusal for a row that cannot be booked as a whole: a closed trade without its close would stand open.
 */
export function factsOf({ values }: StoreRow, telling: Telling): RowFacts | NothingHappened {
  const status = required(values, 'status', plainWord).toUpperCase();
  switch (status) {
    case 'PENDING':
    case 'CANCELLED':
    case 'FAILED':
      return { nothing: status.toLowerCase() as NothingHappened['nothing'] };
    case 'OPEN':
      return { ...openedBy(values, telling), closed: null };
    case 'PARTIAL_TP': {
      const { opened, remarks } = openedBy(values, telling);
      return { opened, closed: null, remarks: [...remarks, 'partial_size_unknown'] };
    }
    case 'CLOSED':
      return closedBy(values, telling);
    default:
      throw new Refusal('status_unknown', `status is not one of a trade store: ${shown(status)}`);
  }
}

type Values = RowValues;

function openedBy(
  values: Values,
  telling: Telling,
): { readonly opened: TradeOpened; readonly remarks: readonly Remark[] } {
  const { category, unreadable } = readCategory(values);
  const since = toldTime(values, 'entry_time');
  const at = since ?? toldTime(values, 'created_at');
  if (at === null) throw new Refusal('entry_time_missing', 'neither entry_time nor created_at is told');
  const remarks: Remark[] = unreadable ? ['metadata_unreadable'] : [];
  const fields = new Map([...numbersOf(values, OPEN_MONEY), ...textsOf(values, OPEN_WORDS)]);
  for (const name of OPEN_FIGURES) setFigure(fields, name, figureOf(values, name, remarks));
  fields.set('side', required(values, 'side', plainWord));
  fields.set('timestamp', at);
  if (category !== null) fields.set('category', category);
  const opened: TradeOpened = {
    ...checked(new TradeOpenedMessage(message('trade.opened', fields, telling))),
  };
  if (since !== null) return { opened, remarks };
  return { opened: { ...opened, timeFrom: 'envelope' }, remarks: [...remarks, 'opened_at_by_created_at'] };
}

function closedBy(values: Values, telling: Telling): RowFacts {
  const { opened, remarks: ofOpen } = openedBy(values, telling);
  const remarks = [...ofOpen];
  if (opened.entryPrice === null)
    throw new Refusal('entry_price_missing', 'a closed trade without its entry price has no PnL');
  const until = toldTime(values, 'exit_time');
  const at = until ?? toldTime(values, 'updated_at');
  if (at === null) throw new Refusal('exit_time_missing', 'neither exit_time nor updated_at is told');
  const fields = new Map([...numbersOf(values, CLOSE_MONEY), ...textsOf(values, OPEN_WORDS)]);
  setFigure(fields, 'leverage', opened.leverage);
  fields.set('side', opened.side);
  fields.set('timestamp', at);
  const reason = told(values, 'close_reason');
  if (reason !== null) fields.set('reason', plainWord(reason));
  const closed: TradeClosed = {
    ...checked(new TradeClosedMessage(message('trade.closed', fields, telling))),
  };
  if (closed.exitPrice === null)
    throw new Refusal('exit_price_missing', 'a closed trade without its exit price has no PnL');
  const end = { ...closed, fee: costOfClosing(values), claimedPnl: claimedPnl(values, remarks), whole: true };
  if (until !== null) return { opened, closed: end, remarks };
  return {
    opened,
    closed: { ...end, timeFrom: 'envelope' },
    remarks: [...remarks, 'closed_at_by_updated_at'],
  };
}

/** Exit fee and all funding: the store tells funding as one sum, so it counts at the close. null when neither is told. */
function costOfClosing(values: Values): Decimal | null {
  const fee = readStoreNumber(values, 'exit_fee_usd');
  if (fee?.isNegative()) throw new Refusal('exit_fee_usd_invalid', 'exit_fee_usd is negative');
  const funding = readStoreNumber(values, 'funding_fees_usd');
  return fee === null && funding === null ? null : (fee ?? Decimal.ZERO).plus(funding ?? Decimal.ZERO);
}

/** Their own PnL, which leverage multiplies. A zero next to a percent that is not zero is a placeholder. */
function claimedPnl(values: Values, remarks: Remark[]): Decimal | null {
  const pnl = readFigure(values, 'pnl_usd', remarks);
  const isPlaceholder = pnl?.isZero() === true && readFigure(values, 'pnl_pct', remarks)?.isZero() === false;
  return isPlaceholder ? null : pnl;
}

/** A figure that is told and can be read; null otherwise, with a remark where it is told and cannot be. */
function readFigure(values: Values, name: Figure, remarks: Remark[]): Decimal | null {
  try {
    return readStoreNumber(values, name);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    remarks.push(`${name}_unreadable`);
    return null;
  }
}

/** The same of one that cannot be negative: the store writes −1 for a stop that it does not have. */
function figureOf(values: Values, name: Figure, remarks: Remark[]): Decimal | null {
  const figure = readFigure(values, name, remarks);
  if (!figure?.isNegative()) return figure;
  remarks.push(`${name}_unreadable`);
  return null;
}

function setFigure(fields: Map<string, string>, name: Figure, figure: Decimal | null): void {
  if (figure !== null) fields.set(name, figure.toString());
}

function message(
  eventType: string,
  fields: Map<string, string>,
  { accountId, origin }: Telling,
): WireMessage {
  fields.set('account_id', accountId);
  fields.set('source', origin);
  return { eventType, body: new Fields(fields), envelope: null, fallbackTime: null, isMarker: false };
}

function* numbersOf(values: Values, names: readonly string[]): Generator<[string, string]> {
  for (const name of names) {
    const text = told(values, name);
    const number = text === null ? null : storeNumber(text);
    if (number !== null) yield [name, number];
  }
}

function* textsOf(values: Values, names: readonly string[]): Generator<[string, string]> {
  for (const name of names) {
    const text = told(values, name);
    if (text !== null) yield [name, text];
  }
}

function told(values: Values, name: string): string | null {
  const text = values.get(name);
  return text === undefined || isMissing(text) ? null : text;
}

function toldTime(values: Values, name: string): string | null {
  const text = told(values, name);
  return text === null ? null : plainTime(text);
}

function required(values: Values, name: string, read: (text: string) => string): string {
  const text = told(values, name);
  if (text === null) throw new Refusal(`${name}_missing`, `${name} is missing`);
  return read(text.trim());
}
