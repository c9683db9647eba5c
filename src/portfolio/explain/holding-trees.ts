import type { ExplainedNode } from '../domain/explain/node.js';
import { minus, shownAs, total } from '../domain/explain/node.js';
import { positionNotional, unrealizedOf } from '../domain/explain/holding-tree.js';
import { UnknownMetricError } from '../domain/explain/metric.js';
import type { HeldPosition } from '../../positions/queries/held-position.js';
import type { Moment } from './moment.js';

/** Unrealized PnL: by symbol and side, by open trade. Where both sides are netted into one position, both are still here. */
export function unrealizedTree({ held, originOf, state }: Moment): ExplainedNode {
  const parts = held.map((side) => unrealizedOf(side, originOf));
  return shownAs(total('unrealized_pnl', 'Sum over open positions', parts), state.pnl.unrealized);
}

/** The unrealized PnL of one shown position. Throws UnknownMetricError when there is none. */
export function positionUnrealizedTree(moment: Moment, symbol: string, side: string): ExplainedNode {
  const position = positionOf(moment, symbol, side);
  const parts = sidesOf(moment, position).map((held) => unrealizedOf(held, moment.originOf));
  const name = `unrealized_pnl:${symbol}:${side}`;
  const node = parts.length === 1 ? parts[0]! : total(name, 'What its sides have on paper', parts);
  return shownAs(node, position.unrealizedPnl);
}

/** The notional of one shown position, ≥ 0. Throws UnknownMetricError when there is none. */
export function positionTree(moment: Moment, symbol: string, side: string): ExplainedNode {
  return notionalTree(moment, positionOf(moment, symbol, side));
}

/** The long or the short exposure, ≥ 0. */
export function sideTree(moment: Moment, side: 'LONG' | 'SHORT'): ExplainedNode {
  const { long, short } = moment.state.exposure();
  const word = side === 'LONG' ? 'long' : 'short';
  const parts = positions(moment, (position) => position.side === side);
  const node = total(`${word}_exposure`, `Sum of the notionals of ${word}s`, parts);
  return shownAs(node, side === 'LONG' ? long : short);
}

/** Long + short. */
export function grossTree(moment: Moment): ExplainedNode {
  const parts = [sideTree(moment, 'LONG'), sideTree(moment, 'SHORT')];
  return shownAs(total('total_exposure', 'Long + short', parts), moment.state.exposure().total);
}

/** Long − short. */
export function netTree(moment: Moment): ExplainedNode {
  const parts = [sideTree(moment, 'LONG'), minus(sideTree(moment, 'SHORT'))];
  return shownAs(total('net_exposure', 'Long − short', parts), moment.state.exposure().net);
}

/** Long − short of one symbol, or long + short of it. Throws UnknownMetricError when it is not held. */
export function symbolTree(
  moment: Moment,
  kind: 'exposure_by_symbol' | 'gross_by_symbol',
  symbol: string,
): ExplainedNode {
  const { bySymbol, grossBySymbol } = moment.state.exposure();
  const value = (kind === 'exposure_by_symbol' ? bySymbol : grossBySymbol).get(symbol);
  if (!value) throw new UnknownMetricError(`${kind}:${symbol}`, 'is of nothing that is held and has a price');
  const of = (position: HeldPosition) => position.symbol === symbol;
  const parts = kind === 'gross_by_symbol' ? positions(moment, of) : signedPositions(moment, of);
  const formula = kind === 'gross_by_symbol' ? 'Long + short of the symbol' : 'Long − short of the symbol';
  return shownAs(total(`${kind}:${symbol}`, formula, parts), value);
}

/** Long − short of one sector. Throws UnknownMetricError when nothing of it is held. */
export function sectorTree(moment: Moment, sector: string): ExplainedNode {
  const value = moment.state.exposure().bySector.get(sector);
  const name = `exposure_by_sector:${sector}`;
  if (!value) throw new UnknownMetricError(name, 'is of nothing that is held and has a price');
  const parts = signedPositions(moment, (position) => position.sector === sector);
  return shownAs(total(name, 'Long − short of the symbols of the sector', parts), value);
}

function positions(moment: Moment, chosen: (position: HeldPosition) => boolean): ExplainedNode[] {
  return moment.state.positions.filter(chosen).map((position) => notionalTree(moment, position));
}

function signedPositions(moment: Moment, chosen: (position: HeldPosition) => boolean): ExplainedNode[] {
  return moment.state.positions.filter(chosen).map((position) => {
    const node = notionalTree(moment, position);
    return position.side === 'LONG' ? node : minus(node);
  });
}

function notionalTree(moment: Moment, position: HeldPosition): ExplainedNode {
  const node = positionNotional(position, sidesOf(moment, position), moment.originOf);
  return shownAs(node, position.exposure);
}

/** The sides a shown position is made of: its own; both where they are netted into it. */
function sidesOf({ held, state }: Moment, { symbol, side }: HeldPosition) {
  const shown = state.positions.filter((position) => position.symbol === symbol);
  return held.filter((one) => one.symbol === symbol && (shown.length === 1 || one.side === side));
}

function positionOf({ state }: Moment, symbol: string, side: string): HeldPosition {
  const found = state.positions.find((position) => position.symbol === symbol && position.side === side);
  if (!found) throw new UnknownMetricError(`position ${symbol}:${side}`, 'is not held');
  return found;
}
