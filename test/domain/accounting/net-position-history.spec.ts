import { feeValue, heldFill, splitFee } from '../../../src/positions/domain/net-position-fees.js';
import { LINEAR } from '../../../src/positions/domain/net-position-contract.js';
import { newCycle } from '../../../src/positions/domain/net-position-cycle.js';
import {
  HOUSE_RULES,
  NEVER_TRADED,
  bookFill,
  foldFills,
  realizedOf,
} from '../../../src/positions/domain/net-position-history.js';
import { inVenueOrder, placeFill } from '../../../src/positions/domain/net-position-order.js';
import * as report from '../../../src/positions/domain/net-position-report.js';
import { FLAT, applyFill } from '../../../src/positions/domain/net-position.js';
import { CAPITALISED, EXCLUDED, EXPENSED, d, fill, text } from './numbers.js';

describe('the history of a position', () => {
  it('closes one cycle and opens the next when one fill reverses, the fee split pro rata', () => {
    // 100 @ 10 fee 1; sells 150 @ 12 fee 3: closes 100 (fee 2) and opens −50 (fee 1)
    const { state, cycles, steps } = foldFills([fill(100, 10, 1), fill(-150, 12, 3)]);
    expect(cycles.map((cycle) => text(realizedOf(cycle)))).toEqual(['197', '-1']); // 200 − 1 − 2
    expect(text(state.current!.position.quantity)).toBe('-50');
    expect(text(report.averageOpen(state.current!))).toBe('12');
    expect(text(steps[1]!.realized)).toBe('197'); // +200 − 2 − 1
    expect(text(state.realizedGross)).toBe('200');
    expect(state.lastClosed).toBe(cycles[0]);
  });

  it('restarts peak, fees and realized with every cycle, and keeps the sum', () => {
    const { state, cycles } = foldFills([fill(5, 10, 1), fill(-5, 12, 1), fill(2, 20, 1)]);
    expect(cycles).toHaveLength(2);
    expect(text(state.current!.peakQuantity)).toBe('2');
    expect([text(realizedOf(state.current!)), text(state.realized)]).toEqual(['-1', '7']);
    expect(text(state.current!.feesPaid.get('USDT'))).toBe('1');
  });

  it('recognises a capitalised entry fee as the position closes', () => {
    const { steps, state } = foldFills(
      [fill(100, 3, '0.75'), fill(100, 7, '1.75'), fill(-100, 11, '2.75')],
      CAPITALISED,
    );
    expect(steps.map((step) => text(step.realized))).toEqual(['0', '0', '596']); // 600 − 1.25 − 2.75
    expect(text(report.entryCost(state.current!))).toBe('1002.5');
    expect(report.returnOnEntryCost(state.current!)!.toNumber()).toBeCloseTo(0.5945137, 6);
    expect(text(report.cashFlowOf(state.current!))).toBe('94.75'); // −1000 + 1100 − all 5.25 of fees
  });

  it('recognises all of a carried fee, also where it has more places than a division keeps', () => {
    const fee = { amount: d('0.0000000000001'), currency: 'ETH', paidIn: 'base' as const };
    const { state } = foldFills(
      [{ ...fill(1, '0.0000000000003'), fee }, fill('-0.9999999999999', 1)],
      CAPITALISED,
    );
    expect(state.lastClosed!.feesCarried.isZero()).toBe(true);
  });

  it('leaves excluded fees out and still knows them', () => {
    const { state } = foldFills([fill(1, 10, 1), fill(-1, 12, 1)], EXCLUDED);
    expect(text(state.realized)).toBe('2');
    expect(text(state.lastClosed!.feesPaid.get('USDT'))).toBe('2');
  });

  it('takes a base fee from the holding and shows it in the PnL', () => {
    const paid = { ...fill(1, 2000), fee: { amount: d('0.001'), currency: 'ETH', paidIn: 'base' as const } };
    const { state } = foldFills([paid, fill('-0.999', 2100, 2)]);
    expect(state.current).toBeNull();
    expect(text(state.realized)).toBe('95.9'); // −2000 + 0.999 × 2100 − 2
    expect(heldFill(fill(1, 1), null).quantity.toString()).toBe('1');
  });

  it('keeps a fee of a third currency apart from the money', () => {
    const paid = { ...fill(1, 10), fee: { amount: d(3), currency: 'BNB', paidIn: 'other' as const } };
    const { state } = foldFills([paid]);
    expect(text(state.realized)).toBe('0');
    expect(text(state.current!.feesPaid.get('BNB'))).toBe('3');
    expect(text(feeValue(null, d(3), d(1), LINEAR))).toBe('0');
  });

  it('books fills without a fee, and a fill of nothing changes nothing', () => {
    const opened = bookFill(NEVER_TRADED, { ...fill(1, 10), fee: null }).state;
    const after = bookFill(opened, fill(0, 99, 5)).state;
    expect(after).toEqual(opened);
    expect(bookFill(NEVER_TRADED, fill(0, 99, 5)).state).toEqual(NEVER_TRADED);
    const closed = bookFill(opened, { ...fill(-1, 12), fee: null });
    expect(text(closed.realized)).toBe('2');
    expect(closed.closedCycle!.feesPaid.size).toBe(0);
  });

  it('has a house rule: linear, fees expensed', () => {
    expect(HOUSE_RULES).toEqual(EXPENSED);
  });

  it('splits the fee of a fill that does neither to the closing side', () => {
    expect(splitFee(d(4), applyFill(FLAT, fill(0, 1)))).toEqual({ closing: d(4), opening: d(0) });
  });
});

describe('the report of a cycle', () => {
  const closed = foldFills([
    { ...fill(150, '1.00001', 3), occurredAt: 1000 },
    { ...fill(-150, '1.00011'), occurredAt: 2500 },
  ]).state.lastClosed!;
  const short = foldFills([fill(-2, 110), fill(1, 100)]).state.current!;

  it('knows averages, return and duration of what is closed', () => {
    expect([text(report.averageOpen(closed)), text(report.averageClose(closed))]).toEqual([
      '1.00001',
      '1.00011',
    ]);
    expect(report.realizedReturn(closed)!.toNumber()).toBeCloseTo(9.9999e-5, 9);
    expect(report.cycleDuration(closed)).toBe(1500);
    expect(text(report.realizedReturn(short))).toBe('0.090909090909090909'); // (110 − 100) ÷ 110
  });

  it('has nothing to say of what never was', () => {
    const empty = newCycle(null);
    expect([report.averageOpen(empty), report.averageClose(empty), report.realizedReturn(empty)]).toEqual([
      null,
      null,
      null,
    ]);
    expect([report.returnOnEntryCost(empty), report.cycleDuration(empty)]).toEqual([null, null]);
    expect(text(report.estimatedExitFee(empty))).toBe('0');
    expect(report.cycleDuration({ ...closed, openedAt: null })).toBeNull();
    expect(report.realizedReturn(foldFills([fill(1, 0), fill(-1, 5)]).state.lastClosed!)).toBeNull();
    expect(text(report.realizedReturn(foldFills([fill(1, 7)]).state.current!))).toBe('0');
  });

  it('values what is open, with the exit fee that is likely', () => {
    const open = foldFills([fill(-1, 100, 10), fill(-1, 80, 10)]).state.current!;
    expect(text(report.estimatedExitFee(open))).toBe('20');
    expect(text(report.unrealizedAfterExitFee(open, d(80)))).toBe('0'); // 20 − 20
    expect(text(report.totalPnlAt(open, d(80)))).toBe('0'); // −20 + 20
  });
});

describe('the place of a fill', () => {
  const at = (id: string | null, occurredAt: number | null) => ({ id, occurredAt });

  it('is by venue time, then by id, and every id counts once', () => {
    const order = inVenueOrder([
      at('T10', 2),
      at('T9', 2),
      at('T1', 1),
      at('T9', 2),
      at(null, 2),
      at('T8', 2),
    ]);
    expect(order.map(({ id }) => id)).toEqual(['T1', null, 'T8', 'T9', 'T10']);
    expect(inVenueOrder([at('T8', 2), at('T9', 2)]).map(({ id }) => id)).toEqual(['T8', 'T9']);
    expect(inVenueOrder([at(null, 2), at('T1', 2), at(null, 2)]).map(({ id }) => id)).toEqual([
      null,
      null,
      'T1',
    ]);
  });

  it('is the order of arrival when a time is missing', () => {
    expect(inVenueOrder([at('b', 2), at('a', null), at(null, 1), at(null, 1)])).toHaveLength(4);
    expect(inVenueOrder([at('b', 2), at('a', null)]).map(({ id }) => id)).toEqual(['b', 'a']);
  });

  it('is late before fills already booked, and nowhere for a repeat', () => {
    const booked = [at('T1', 1), at('T3', 3)];
    expect(placeFill(booked, at('T2', 2))).toMatchObject({ index: 1, late: true });
    expect(placeFill(booked, at('T4', 4))).toMatchObject({ index: 2, late: false });
    expect(placeFill(booked, at('T3', 3))).toMatchObject({ index: -1, late: false, fills: booked });
  });

  it('restates what a late fill changes', () => {
    const [t1, t2, t3] = [
      { ...fill(1, 100), id: 'T1', occurredAt: 1 },
      { ...fill(1, 110), id: 'T2', occurredAt: 2 },
      { ...fill(-1, 120), id: 'T3', occurredAt: 3 },
    ];
    expect(text(foldFills([t1, t3], EXPENSED).state.realized)).toBe('20');
    expect(text(foldFills([t1, t3, t2], EXPENSED).state.realized)).toBe('15'); // 120 − 105
  });
});
