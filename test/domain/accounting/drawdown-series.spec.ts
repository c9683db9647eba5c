import fc from 'fast-check';
import * as closed from '../../../src/drawdown/domain/series/closed-trades.js';
import * as drawdowns from '../../../src/drawdown/domain/series/drawdowns.js';
import * as giveBack from '../../../src/drawdown/domain/series/give-back.js';
import * as levels from '../../../src/drawdown/domain/series/levels.js';
import * as ratios from '../../../src/drawdown/domain/series/ratios.js';
import * as recoveries from '../../../src/drawdown/domain/series/recoveries.js';
import { Decimal } from '../../../src/shared/decimal.js';
import { amounts, d, ds, text } from './numbers.js';

describe('the drawdown of a series', () => {
  const balances = levels.balancesOf(d(1000), ds(0, -500, 500, 10000, -1000));

  it('is not the same by amount and by share', () => {
    expect(drawdowns.deepestAbsolute(balances)).toMatchObject({ peakIndex: 4, troughIndex: 5 });
    expect(text(drawdowns.absoluteDepth(drawdowns.deepestAbsolute(balances)))).toBe('1000');
    expect(drawdowns.relativeDepth(drawdowns.deepestAbsolute(balances)).toNumber()).toBeCloseTo(1 / 11, 12);
    expect(drawdowns.deepestRelative(balances)).toMatchObject({ peakIndex: 1, troughIndex: 2 });
    expect(text(drawdowns.maximumDrawdown(balances))).toBe('0.5');
  });

  it('counts an initial loss, from the balance or from 1', () => {
    expect(text(drawdowns.maximumDrawdown(levels.balancesOf(d(1000), ds(-100, -50, 20))))).toBe('0.15');
    expect(text(drawdowns.maximumDrawdown(levels.indexOfReturns([d('-0.2'), null, d('0.1')])))).toBe('0.2');
    expect(levels.indexOfCumulativeReturns(ds('0.1', '-0.1')).map(text)).toEqual(['1', '1.1', '0.9']);
    expect([0, 3].map(levels.tradeIndexOf)).toEqual([null, 2]);
  });

  it('is zero of a climb and nothing of nothing', () => {
    expect(text(drawdowns.maximumDrawdown(ds(50, 55, 60)))).toBe('0');
    expect(drawdowns.maximumDrawdown(levels.indexOfReturns([]))).toBeNull();
    expect(drawdowns.deepestAbsolute(ds(1, 2))).toBeNull();
    expect(text(drawdowns.absoluteDepth(null))).toBe('0');
    expect(drawdowns.currentDrawdown([])).toBeNull();
  });

  it('has an amount but no share below a peak that is not above zero', () => {
    const [, fall] = drawdowns.underwater(ds(-10, -30));
    expect([text(fall!.absolute), fall!.fraction]).toEqual(['20', null]);
    expect(drawdowns.deepestRelative(ds(-10, -30))).toBeNull();
  });

  it('ends where it ends', () => {
    expect(text(drawdowns.currentDrawdown(ds(100, 50, 75)))).toBe('0.25');
    expect(text(drawdowns.asFall(d('0.25')))).toBe('-0.25');
  });

  it('is never shallower than any pair of points shows', () => {
    fc.assert(
      fc.property(fc.array(amounts(1, 100_000), { minLength: 1, maxLength: 30 }), (series) => {
        const depth = drawdowns.maximumDrawdown(series)!;
        for (const [index, peak] of series.entries()) {
          for (const later of series.slice(index)) {
            expect(peak.minus(later).dividedBy(peak, 28).greaterThan(depth)).toBe(false);
          }
        }
      }),
    );
  });
});

describe('recoveries', () => {
  const days = (count: number) => levels.evenlySpaced(count, 1);

  it('run from the last touch of the peak until it is reached again', () => {
    expect(recoveries.longestRecovery(ds(100, 90, 95, 100), days(4))).toBe(3);
    expect(recoveries.longestRecovery(ds(100, 100, 90, 80, 85, 101), days(6))).toBe(4);
    expect(recoveries.longestRecovery(ds(100, 90, 80, 70), days(4))).toBe(0);
  });

  it('are told apart from what still runs', () => {
    const series = ds(100, 90, 100, 95, 90, 93);
    expect(recoveries.episodes(series)).toEqual([
      { peakIndex: 0, troughIndex: 1, recoveredIndex: 2 },
      { peakIndex: 2, troughIndex: 4, recoveredIndex: null },
    ]);
    expect(recoveries.longestUnderwater(series, days(6))).toBe(3);
    expect(recoveries.timeUnderwater(series, days(6))).toBe(3);
    expect(recoveries.timeUnderwater(ds(100, 90, 100), days(3))).toBe(0);
    expect(recoveries.timeUnderwater(ds(100), days(1))).toBe(0);
    expect(recoveries.longestUnderwater(ds(1, 2, 1, 2), levels.evenlySpaced(4, 7))).toBe(14);
  });
});

describe('the life of a trade', () => {
  it('gives back from its best, for both sides', () => {
    expect(text(giveBack.largestGiveBack('LONG', ds(100, 140, 120, 130, 110)))).toBe('30');
    expect(text(giveBack.largestGiveBack('SHORT', ds(100, 60, 80, 70, 90)))).toBe('30');
    expect(text(giveBack.largestGiveBack('LONG', ds(100, 80)))).toBe('20');
    expect(text(giveBack.largestGiveBack('LONG', []))).toBe('0');
  });

  it('goes against and for its owner', () => {
    expect(text(giveBack.adverseExcursion('LONG', ds(100, 90, 120)))).toBe('-10');
    expect(text(giveBack.favourableExcursion('LONG', ds(100, 90, 120)))).toBe('20');
    expect(text(giveBack.adverseExcursion('SHORT', ds(100, 90, 120)))).toBe('-20');
    expect(giveBack.openProfits('LONG', [])).toEqual([]);
  });
});

describe('the drawdown of closed trades', () => {
  const trade = (openedAt: number, closedAt: number, pnl: number, mae = 0, mfe = 0) => ({
    openedAt,
    closedAt,
    pnl: d(pnl),
    mae: d(mae),
    mfe: d(mfe),
  });

  it('falls by what was closed, and deeper inside the trades', () => {
    const trades = [
      trade(0, 1200, -20, -30, 5),
      trade(600, 2400, -20, -40, 30),
      trade(1800, 2400, -10, -30, 15),
    ];
    expect(text(closed.closedTradeDrawdown(trades.map(({ pnl }) => pnl)))).toBe('50');
    expect(text(closed.intraTradeDrawdown(trades))).toBe('80'); // from −20 + 30 down to −40 − 30
    expect(text(closed.closedTradeDrawdown(ds(1, 2)))).toBe('0');
  });

  it('compares the profit with the fall', () => {
    expect(text(closed.profitToDrawdown(ds(-20, 30)).value)).toBe('0.5');
    expect([closed.profitToDrawdown(ds(1)), closed.profitToDrawdown([])].map(({ reason }) => reason)).toEqual(
      ['no_drawdown', 'no_trades'],
    );
  });

  it('lasts from one high to the next above it', () => {
    expect(
      closed.longestClosedTradeDrawdown([trade(0, 1200, -20), trade(600, 1200, 20), trade(1800, 2400, 10)])
        .value,
    ).toBe(2400);
    const two = [trade(0, 10, 5), trade(10, 20, -1), trade(20, 30, 2), trade(30, 40, -1), trade(40, 45, 9)];
    expect(closed.longestClosedTradeDrawdown(two).value).toBe(20);
    expect(closed.longestClosedTradeDrawdown([trade(0, 10, -5), trade(10, 20, 2)]).reason).toBe(
      'no_drawdown',
    );
    expect(closed.longestClosedTradeDrawdown([]).reason).toBe('no_drawdown');
  });
});

describe('ratios to the drawdown', () => {
  const returns = [0.1, -0.5, 0.5];

  it('divide what was gained by what was suffered', () => {
    expect(ratios.deepestFall(returns)).toBeCloseTo(0.5, 12);
    expect(ratios.calmarRatio(returns, 3).value).toBeCloseTo((1.1 * 0.5 * 1.5 - 1) / 0.5, 10);
    expect(ratios.recoveryFactor(returns).value).toBeCloseTo((1.1 * 0.5 * 1.5 - 1) / 0.5, 10);
    expect(ratios.ulcerIndex(returns).value).toBeCloseTo(Math.sqrt((0.25 + 0.0625) / 3), 10);
    expect(ratios.ulcerIndex(returns, 1).value).toBeCloseTo(Math.sqrt((0.25 + 0.0625) / 2), 10);
    expect(ratios.painIndex(returns).value).toBeCloseTo(0.25, 10);
    expect(ratios.rewardToDrawdown(0.0025, 0.0015, -0.02).value).toBeCloseTo(0.05, 12);
  });

  it('are undefined without a fall, or of nothing', () => {
    expect(
      [
        ratios.calmarRatio([0.1], 1),
        ratios.calmarRatio([], 1),
        ratios.ulcerIndex([]),
        ratios.ulcerIndex([0.1], 1),
        ratios.painIndex([]),
        ratios.recoveryFactor([]),
      ].map(({ reason }) => reason),
    ).toEqual(['no_drawdown', 'no_returns', 'no_returns', 'too_few', 'no_returns', 'no_returns']);
  });

  it('agree with the exact drawdown', () => {
    fc.assert(
      fc.property(fc.array(amounts(-900, 900), { minLength: 1, maxLength: 40 }), (series) => {
        const exact = drawdowns.maximumDrawdown(levels.indexOfReturns(series))!;
        expect(ratios.deepestFall(series.map((value: Decimal) => value.toNumber()))).toBeCloseTo(
          exact.toNumber(),
          9,
        );
      }),
    );
  });
});
