/** Quote currencies a symbol may end in, longest first. */
const QUOTES = ['FDUSD', 'USDT', 'USDC', 'BUSD', 'TUSD', 'USD'];
/** Tickers that count in thousands or millions of the base asset, as venues write them. */
const MULTIPLIER = /^(?:1000000|100000|10000|1000|1M)(?=[A-Z])/;

/** The ticker of a symbol without its quote currency: `1000PEPEUSDT` → `1000PEPE`. */
export function tickerOf(symbol: string): string {
  const quote = QUOTES.find((candidate) => symbol.length > candidate.length && symbol.endsWith(candidate));
  return quote ? symbol.slice(0, -quote.length).replace(/[-_/:]$/, '') : symbol;
}

/** The base asset of a symbol, multipliers resolved: `1000PEPEUSDT` → `PEPE`, `1INCHUSDT` → `1INCH`. */
export function baseOf(symbol: string): string {
  return tickerOf(symbol).replace(MULTIPLIER, '');
}
