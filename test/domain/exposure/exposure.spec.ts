import fc from 'fast-check';
import type { ExposedHolding } from '../../../src/exposure/domain/exposure.js';
import { exposureFigures } from '../../../src/exposure/domain/exposure.js';
import { Decimal } from '../../../src/shared/decimal.js';

const d = (value: string | number) => Decimal.stored(String(value));
const held = (
  symbol: string,
  side: 'LONG' | 'SHORT',
  notional: number | null,
  sector = 'L1',
): ExposedHolding => ({
  symbol,
  side,
  sector,
  notional: notional === null ? null : d(notional),
});
const shown = (holdings: ExposedHolding[], equity: string | number): unknown =>
  JSON.parse(
    JSON.stringify(exposureFigures(holdings, d(equity)), (_, value: unknown) =>
      value instanceof Map ? Object.fromEntries<unknown>(value as Map<string, unknown>) : value,
    ),
  );

describe('exposure', () => {
  it('is gross, net, and signed by symbol and sector; two sides of one symbol are summed', () => {
    const holdings = [
      held('BTCUSDT', 'LONG', 800),
      held('BTCUSDT', 'SHORT', 300),
      held('ETHUSDT', 'SHORT', 500),
      held('DOGEUSDT', 'LONG', 100, 'MEME'),
    ];
    expect(shown(holdings, 2000)).toEqual({
      total: '1700',
      long: '900',
      short: '800',
      net: '100',
      bySymbol: { BTCUSDT: '500', ETHUSDT: '-500', DOGEUSDT: '100' },
      grossBySymbol: { BTCUSDT: '1100', ETHUSDT: '500', DOGEUSDT: '100' },
      bySector: { L1: '0', MEME: '100' },
      pctOfEquity: '85',
      effectiveLeverage: '0.85',
    });
  });

  it('cannot count what has no price', () => {
    expect(shown([held('BTCUSDT', 'LONG', null), held('ETHUSDT', 'LONG', 5)], 10)).toMatchObject({
      total: '5',
      bySymbol: { ETHUSDT: '5' },
    });
  });

  it.each(['0', '-1'])('has no share of an equity of %s', (equity) => {
    expect(shown([held('BTCUSDT', 'LONG', 5)], equity)).toMatchObject({
      total: '5',
      pctOfEquity: null,
      effectiveLeverage: null,
    });
  });

  it('is nothing when nothing is held', () => {
    expect(shown([], 7)).toMatchObject({
      total: '0',
      net: '0',
      bySymbol: {},
      bySector: {},
      pctOfEquity: '0',
      effectiveLeverage: '0',
    });
  });

  it('rounds each share once', () => {
    expect(shown([held('BTCUSDT', 'LONG', 2)], 3)).toMatchObject({
      pctOfEquity: '66.666666666666666667',
      effectiveLeverage: '0.666666666666666667',
    });
  });

  it('adds up: gross = long + short, net = long − short, and the parts to the whole', () => {
    const holding = fc
      .tuple(
        fc.constantFrom('A', 'B', 'C'),
        fc.constantFrom<'LONG' | 'SHORT'>('LONG', 'SHORT'),
        fc.option(fc.nat(9_999)),
        fc.constantFrom('X', 'Y'),
      )
      .map((row) => held(...row));
    fc.assert(
      fc.property(fc.array(holding, { maxLength: 12 }), (holdings) => {
        const figures = exposureFigures(holdings, d(1));
        const sum = (parts: ReadonlyMap<string, Decimal>) => Decimal.sum(parts.values()).toString();
        expect(figures.total.toString()).toBe(figures.long.plus(figures.short).toString());
        expect([sum(figures.bySymbol), sum(figures.bySector)]).toEqual([
          figures.net.toString(),
          figures.net.toString(),
        ]);
        expect(sum(figures.grossBySymbol)).toBe(figures.total.toString());
        expect([...figures.bySymbol.keys()]).toEqual([...figures.grossBySymbol.keys()]);
      }),
      { numRuns: 300 },
    );
  });
});
