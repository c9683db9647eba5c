import { eventually } from '../../support/eventually.js';
import { openDesk, type Desk } from './desk.js';

describe('what a trade was seen to be worth while it was open', () => {
  let desk: Desk;
  beforeEach(async () => {
    desk = await openDesk();
    await desk.deposit('1000');
  });
  afterEach(() => desk.stop());

  test('is the worst and the best mark between its open and its close, the last moment included', async () => {
    await desk.open('long', { quantity: '2' });
    for (const price of ['104', '97', '101', '93']) await desk.mark(price);
    await desk.close('long', '99', { quantity: '2' });
    // (93 − 100) × 2 and (104 − 100) × 2.
    const seen = { mae: '-14', mfe: '8', mae_per_unit: '-7', mfe_per_unit: '4' };
    expect(await desk.trade('long')).toMatchObject({ status: 'CLOSED', ...seen });
    await desk.open('other');
    await desk.mark('1');
    expect(await desk.trade('long')).toMatchObject(seen);
  });

  test('of a short is worst where the price is highest', async () => {
    await desk.open('short', { side: 'sell' });
    for (const price of ['104', '97']) await desk.mark(price);
    await desk.close('short', '98', { quantity: '1' });
    expect(await desk.trade('short')).toMatchObject({
      mae: '-4',
      mfe: '3',
      mae_per_unit: '-4',
      mfe_per_unit: '3',
    });
  });

  test('scales with what was open at the moment', async () => {
    await desk.open('parts', { quantity: '2' });
    await desk.mark('90');
    await desk.close('parts', '95', { quantity: '1' });
    await desk.mark('85');
    await desk.mark('106');
    await desk.close('parts', '104', { quantity: '1' });
    // Worst: −10 × 2 and then −15 × 1; best: +6 × 1. One unit went from −15 to +6.
    expect(await desk.trade('parts')).toMatchObject({
      ...{ status: 'CLOSED', mae: '-20', mfe: '6', mae_per_unit: '-15', mfe_per_unit: '6' },
    });
  });

  test('begins with the trade: what others saw before it was there is not its own', async () => {
    await desk.open('first');
    await desk.mark('50');
    await desk.mark('100');
    await desk.open('second');
    await desk.mark('101');
    await desk.close('second', '101', { quantity: '1' });
    expect(await desk.trade('second')).toMatchObject({ mae: '0', mfe: '1' });
    await desk.close('first', '101', { quantity: '1' });
    expect(await desk.trade('first')).toMatchObject({ mae: '-50', mfe: '1' });
  });

  test('includes the price it was closed at', async () => {
    await desk.open('slipped');
    await desk.mark('99');
    await desk.close('slipped', '95', { quantity: '1' });
    expect(await desk.trade('slipped')).toMatchObject({ mae: '-5', mae_per_unit: '-5', mfe: '0' });
  });

  test('is not known of a trade that saw no mark', async () => {
    await desk.open('blind');
    await desk.close('blind', '95', { quantity: '1' });
    expect(await desk.trade('blind')).toMatchObject({ mae: null, mfe: null, mae_per_unit: null });
  });

  test('follows an entry price that is told later', async () => {
    await desk.open('market', { entry_price: '0.0' });
    await desk.mark('100');
    await desk.mark('95');
    await desk.open('market', { entry_price: '98' });
    await desk.mark('97');
    await desk.close('market', '97', { quantity: '1' });
    expect(await desk.trade('market')).toMatchObject({ entry_price: '98', mae: '-3', mfe: '2' });
  });

  test('is written every second and never shrinks when marks come back', async () => {
    await desk.open('open');
    await desk.mark('80');
    await desk.mark('120');
    await desk.mark('100');
    await eventually(async () =>
      expect(await desk.trade('open')).toMatchObject({ status: 'OPEN', mae: '-20', mfe: '20' }),
    );
  });
});
