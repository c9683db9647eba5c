import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '../support/eventually.js';
import { opened } from '../support/outbound.js';
import { runToEnd } from '../support/service.js';
import { startStack, type Stack } from '../support/stack.js';
import { send, settled } from '../support/streams.js';

describe('sectors and categories', () => {
  let stack: Stack;
  let folder: string;
  let file: string;

  const classify = (...args: string[]) =>
    runToEnd({ PORTFOLIO_DATABASE_URL: stack.database.url }, 'dist/classify.js', args);
  const write = (map: unknown): Promise<void> => writeFile(file, JSON.stringify(map));

  async function expectPlace(symbol: string, sector: string, category: string): Promise<void> {
    await eventually(async () => {
      const { positions } = (await stack.service.get('/positions')).json<{
        positions: { symbol: string }[];
      }>();
      expect(positions.find((one) => one.symbol === symbol)).toMatchObject({ sector, category });
    });
  }

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'portfolio-classify-'));
    file = join(folder, 'map.json');
    stack = await startStack();
    await send(stack.redis, 'trade.opened', 'V1', opened('t1', 'BTCUSDT'));
    await send(stack.redis, 'trade.opened', 'V1', opened('t2', '1000PEPEUSDT'));
    await send(stack.redis, 'trade.opened', 'V1', opened('t3', 'ETHUSDT', { category: 'TOXIC' }));
    await settled(stack.service, stack.redis);
  });
  afterAll(async () => {
    await stack.stop();
    await rm(folder, { recursive: true });
  });

  test('come from the default map, a multiplier by its base, and a told category wins', async () => {
    await expectPlace('BTCUSDT', 'L1', 'CORE');
    await expectPlace('1000PEPEUSDT', 'MEME', 'TOXIC');
    await expectPlace('ETHUSDT', 'L1', 'TOXIC');
  });

  test('are set by a command, which a running service follows', async () => {
    const { code, logs } = await classify('set', 'btc', '--sector', 'gold', '--category', 'monitoring');
    expect([code, logs]).toEqual([
      0,
      expect.stringMatching(/^map: default \+ changes, .*\nBTC +GOLD +MONITORING\n$/),
    ]);
    await expectPlace('BTCUSDT', 'GOLD', 'MONITORING');
    expect((await stack.service.get('/exposure')).json()['exposure_by_sector']).toHaveProperty('GOLD');
    expect((await classify('show', 'BTCUSDT', 'NEWUSDT')).logs).toMatch(
      /\nBTCUSDT +GOLD +MONITORING\nNEWUSDT +OTHER +EXPANSION\n$/,
    );
  });

  test('one of the two may be set alone', async () => {
    await classify('set', 'BTC', '--sector', 'L1');
    await expectPlace('BTCUSDT', 'L1', 'MONITORING');
  });

  test('are replaced by a file', async () => {
    await write({ sectors: { btc: 'store', PEPE: 'frogs' }, categories: { '1000PEPE': 'core' } });
    const { code, logs } = await classify('load', file);
    expect([code, logs]).toEqual([0, 'loaded 2 sectors and 1 categories\n']);
    await expectPlace('1000PEPEUSDT', 'FROGS', 'CORE');
    await expectPlace('BTCUSDT', 'STORE', 'EXPANSION');
    await expectPlace('ETHUSDT', 'OTHER', 'TOXIC');
  });

  test('are what they were after a reset', async () => {
    expect(await classify('reset')).toMatchObject({ code: 0, logs: 'the default map is back\n' });
    await expectPlace('BTCUSDT', 'L1', 'CORE');
    expect((await classify('show')).logs).toMatch(/^map: default, revision \d+, \d{2,} bases\n/);
  });

  test.each<[args: string[], code: number, says: RegExp]>([
    [[], 2, /say what to do\nusage:/],
    [['forget'], 2, /usage:/],
    [['set'], 2, /one base/],
    [['set', 'BTC'], 2, /a sector or a category/],
    [['set', 'BTC', '--colour', 'red'], 2, /usage:/],
    [['set', 'BTC', '--category', 'BEST'], 1, /"BEST" is not a category: CORE, EXPANSION/],
    [['set', 'B T C', '--sector', 'L1'], 1, /"B T C" is not a base/],
    [['load'], 2, /one file/],
    [['load', '/nowhere/map.json'], 1, /cannot be read: ENOENT/],
  ])('%j is refused with the reason', async (args, code, says) => {
    const exit = await classify(...args);
    expect(exit.code).toBe(code);
    expect(exit.logs).toMatch(says);
    expect(exit.logs).not.toMatch(/^\s+at /m);
  });

  test.each<[what: string, text: string, says: RegExp]>([
    ['no JSON', '{', /is not JSON/],
    ['a list', '[]', /is not a JSON object/],
    ['one map only', '{"sectors": {}}', /categories is missing/],
    ['another member', '{"sectors": {}, "categories": {}, "colours": {}}', /"colours" is neither/],
    ['a wrong category', '{"sectors": {}, "categories": {"BTC": "BEST"}}', /"BEST" is not a category/],
    ['a base twice', '{"sectors": {"BTC": "A", "btc": "B"}, "categories": {}}', /BTC is there twice/],
    ['a number', '{"sectors": {"BTC": 1}, "categories": {}}', /BTC is not a text/],
  ])('a file with %s stops the start with the reason, and changes nothing', async (_what, text, says) => {
    await writeFile(file, text);
    const { code, logs } = await runToEnd({
      PORTFOLIO_DATABASE_URL: stack.database.url,
      PORTFOLIO_REDIS_URL: stack.server.url,
      PORTFOLIO_PORT: '0',
      PORTFOLIO_SECTORS_FILE: file,
    });
    expect(code).toBe(1);
    expect(logs).toContain('PORTFOLIO_SECTORS_FILE: ');
    expect(logs).toMatch(says);
    await expectPlace('BTCUSDT', 'L1', 'CORE');
  });

  test('the file of the settings is taken when it is new, and what was set since outlives a restart', async () => {
    await write({ sectors: { BTC: 'ONE' }, categories: {} });
    await stack.service.stop();
    await stack.startAgain({ PORTFOLIO_SECTORS_FILE: file });
    await expectPlace('BTCUSDT', 'ONE', 'EXPANSION');
    await classify('set', 'BTC', '--sector', 'TWO');
    await stack.service.stop();
    await stack.startAgain({ PORTFOLIO_SECTORS_FILE: file });
    await expectPlace('BTCUSDT', 'TWO', 'EXPANSION');
    await write({ sectors: { BTC: 'THREE' }, categories: {} });
    await stack.service.stop();
    await stack.startAgain({ PORTFOLIO_SECTORS_FILE: file });
    await expectPlace('BTCUSDT', 'THREE', 'EXPANSION');
  });
});
