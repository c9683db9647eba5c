import { eventually } from '../../support/eventually.js';
import type { ExchangeDesk } from '../../support/exchange-desk.js';
import { startExchangeDesk } from '../../support/exchange-desk.js';

const CHINESE = '币安人生USDT';
const NAME = 'U:5E01:5B89:4EBA:751FUSDT';
/** Written out it is longer than a symbol may be. */
const UNNAMED = '币安人生币安人生币安USDT';

describe('an account that holds what is not written in Latin letters', () => {
  let desk: ExchangeDesk;
  beforeAll(async () => {
    desk = await startExchangeDesk({ wallet: '1000' }, {}, ({ ledger }) => {
      ledger.fill({ symbol: 'BTCUSDT', side: 'BUY', qty: '0.01', price: '68000' });
      ledger.fill({ symbol: CHINESE, side: 'BUY', qty: '100', price: '0.5' });
    });
  });
  afterAll(() => desk?.stop());

  const symbols = async () => (await desk.snapshot()).positions.map(({ symbol, size }) => [symbol, size]);

  test('is read whole, under names that every message can carry', async () => {
    await eventually(async () =>
      expect(await symbols()).toEqual([
        ['BTCUSDT', '0.01'],
        [NAME, '100'],
      ]),
    );
    await eventually(async () => expect((await desk.health()).status).toBe('healthy'));
  });

  test('has its fills live, from history, and valued at its marks', async () => {
    const { exchange } = desk;
    exchange.fill({ symbol: CHINESE, side: 'SELL', qty: '40', price: '0.6', fee: '0.01' });
    await eventually(async () => expect((await symbols())[1]).toEqual([NAME, '60']));
    exchange.streams.delivery = 'lost';
    exchange.fill({ symbol: CHINESE, side: 'SELL', qty: '10', price: '0.7', fee: '0.01' });
    exchange.streams.delivery = 'normal';
    await eventually(async () => expect((await symbols())[1]).toEqual([NAME, '50']));
    exchange.price(CHINESE, '0.81');
    await eventually(async () =>
      expect((await desk.snapshot()).positions[1]).toMatchObject({ current_price: '0.81' }),
    );
    // 40 × 0.1 − 0.01 + 10 × 0.2 − 0.01.
    expect((await desk.snapshot()).cash_balance).toBe('1005.98');
  });

  test('is read but for a symbol that is too long to be named, and that is told', async () => {
    desk.exchange.ledger.fill({ symbol: UNNAMED, side: 'BUY', qty: '7', price: '1', fee: '0.25' });
    await eventually(async () =>
      expect(await desk.health()).toMatchObject({
        status: 'degraded',
        message: expect.stringContaining('positions left out because of their symbols: 1') as unknown,
      }),
    );
    expect((await desk.snapshot()).warnings).toContain('exchange_positions_left_out:1');
    desk.exchange.fill({ symbol: 'BTCUSDT', side: 'BUY', qty: '0.01', price: '68000' });
    await eventually(async () => expect((await symbols())[0]).toEqual(['BTCUSDT', '0.02']));
    // What it costs shows in the wallet, and is adopted from there.
    await eventually(async () => expect((await desk.snapshot()).cash_balance).toBe('1005.73'));
    desk.exchange.ledger.fill({ symbol: UNNAMED, side: 'SELL', qty: '7', price: '1' });
    await eventually(async () => expect((await desk.health()).status).toBe('healthy'));
    expect((await desk.snapshot()).warnings).not.toContain('exchange_positions_left_out:1');
  });
});
