import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { fillBook } from '../support/sample-book.js';
import { startStack, type Stack } from '../support/stack.js';
import { settled } from '../support/streams.js';

const execute = promisify(execFile);

describe('the drill', () => {
  let stack: Stack;
  beforeAll(async () => {
    stack = await startStack();
    await fillBook(stack);
    await settled(stack.service, stack.redis);
  });
  afterAll(() => stack.stop());

  const drill = () =>
    execute(process.execPath, ['scripts/drill.mjs'], {
      env: {
        PATH: process.env['PATH'],
        HOME: process.env['HOME'],
        PORTFOLIO_DATABASE_URL: stack.database.url,
      },
    });
  const databases = async () =>
    stack.database.query("SELECT datname FROM pg_database WHERE datname LIKE 'drill_%'");

  test('brings a running service’s database back, replays it, finds it equal and leaves nothing', async () => {
    const [{ facts } = { facts: 0 }] = await stack.database.query<{ facts: number }>(
      'SELECT count(*)::int AS facts FROM ledger',
    );
    const { stdout } = await drill();
    expect(stdout).toContain(`${facts} facts and`);
    expect(stdout).toContain('all projections are equal to the ledger');
    expect(stdout).toContain('The backup is good');
    expect(await databases()).toEqual([]);
  }, 120_000);

  test('fails on a database whose projections are not what its ledger says', async () => {
    await stack.database.query("UPDATE trades SET realized_pnl = realized_pnl + 1 WHERE trade_id = 'win'");
    await expect(drill()).rejects.toMatchObject({ code: 1, stdout: expect.stringContaining('trades') });
    expect(await databases()).toEqual([]);
  }, 120_000);
});
