import { baseOf, tickerOf } from '../../shared/symbols.js';

export const CATEGORIES = ['CORE', 'EXPANSION', 'MONITORING', 'TOXIC'] as const;
export type Category = (typeof CATEGORIES)[number];

/** Which sector and category each base asset is in. Keys are bases (`PEPE`) or tickers (`1000PEPE`); the ticker wins. */
export interface ClassificationMap {
  readonly sectors: ReadonlyMap<string, string>;
  readonly categories: ReadonlyMap<string, string>;
}

/** The sector of a symbol; OTHER when the map does not name it. */
export function sectorOf(map: ClassificationMap, symbol: string): string {
  return map.sectors.get(tickerOf(symbol)) ?? map.sectors.get(baseOf(symbol)) ?? 'OTHER';
}

/** The category of a symbol; EXPANSION when the map does not name it. A category told by a trade wins over this. */
export function categoryOf(map: ClassificationMap, symbol: string): string {
  return map.categories.get(tickerOf(symbol)) ?? map.categories.get(baseOf(symbol)) ?? 'EXPANSION';
}
