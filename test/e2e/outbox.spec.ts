import { entryOf } from '../support/envelope.js';
import { eventually } from '../support/eventually.js';
import { opened, sent } from '../support/outbound.js';
import { startService } from '../support/service.js';
import { startStack, type Stack } from '../support/stack.js';
import { send, settled, streamOf } from '../support/streams.js';

const SNAPSHOTS = 'portfolio.snapshot_updated';
const MARKER = 'quantum:portfolio_intelligence:outbox_marker';

/** Neither an interval nor a heartbeat: what goes out was committed. */
const ENV = { PORTFOLIO_HEARTBEAT_SEC: '3600', PORTFOLIO_PUBLISH_INTERVAL_MS: '60000' };

describe('what was committed', () => {
  let stack: Stack;

  beforeEach(async () => {
    stack = await startStack({ env: ENV });
  });
  afterEach(() => stack.stop());

  const events = async () =>
    (await sent(stack, SNAPSHOTS)).map(({ payload }) => [payload['version'], payload['event_id']]);
  const versions = async () => (await events()).map(([version]) => version);

  const facts = async () =>
    Number((await stack.database.query('SELECT count(*)::int AS facts FROM ledger'))[0]!['facts']);

  async function trade(id: string): Promise<void> {
    await send(stack.redis, 'trade.opened', 'V1', opened(id, 'BTCUSDT'));
    await settled(stack.service, stack.redis);
  }

  /**
   * Waits until a version is out. Everything up to it went out once, each step beginning where the one before ended, and what went out between
   * (of a version that another replica committed) never went back behind it.
   */
  async function expectUnbroken(version: number): Promise<void> {
    await eventually(async () => {
      const told = (await sent(stack, SNAPSHOTS)).map(({ payload }) => payload);
      const steps = told.filter((one) => one['version'] !== one['previous_version']);
      const ends = steps.map((one) => one['version']);
      expect(steps.map((one) => one['previous_version'])).toEqual([0, ...ends.slice(0, -1)]);
      expect(ends.at(-1)).toBe(version);
      const all = told.map((one) => one['version'] as number);
      expect(all).toEqual(all.toSorted((a, b) => a - b));
    });
  }

  test('goes out once for each version, one behind the other', async () => {
    for (let i = 1; i <= 40; i += 1)
      await send(stack.redis, 'trade.opened', 'V1', opened(`t${i}`, 'BTCUSDT'));
    await expectUnbroken(40);
  });

  test('goes out in order also when two processes commit in turns', async () => {
    const urls = { databaseUrl: stack.database.url, redisUrl: stack.server.url };
    const another = await startService({ ...urls, env: { ...ENV, PORTFOLIO_REPLICA: 'another' } });
    try {
      for (let i = 1; i <= 80; i += 1) {
        await send(stack.redis, 'trade.opened', 'V1', opened(`t${i}`, 'BTCUSDT'));
        await eventually(async () => expect(await facts()).toBe(i));
      }
      await expectUnbroken(80);
    } finally {
      await another.stop();
    }
  });

  test('goes out again when Redis lost it, also where the next commit comes before anybody looked', async () => {
    for (const id of ['t1', 't2', 't3']) await trade(id);
    const before = await eventually(async () => {
      expect(await versions()).toEqual([1, 2, 3]);
      return events();
    });
    // In one go, so that the trade is there when the next look comes.
    const fields = Object.entries(entryOf('trade.opened', 'V1', opened('t4', 'BTCUSDT'))).flat();
    const lost = stack.redis.multi().del(MARKER, streamOf(SNAPSHOTS));
    await lost.xadd(streamOf('trade.opened'), '*', ...fields).exec();
    await eventually(async () => {
      const again = await events();
      expect(again.at(-1)?.[0]).toBe(4);
      expect(again).toEqual(expect.arrayContaining(before));
    });
  });

  test('goes out again when Redis lost only what left last, though its number is a lower one', async () => {
    for (const id of ['t1', 't2']) await trade(id);
    await eventually(async () => expect(await versions()).toEqual([1, 2]));
    const before = await eventually(async () => {
      expect(await stack.database.query('SELECT 1 FROM outbox WHERE published_at IS NULL')).toEqual([]);
      return stack.redis.get(MARKER);
    });
    // As another replica's does that was committed behind one with a higher number.
    await stack.database.query(
      `INSERT INTO outbox (id, account_id, version, event_type, event_id, payload) OVERRIDING SYSTEM VALUE
       VALUES (-5, 'other', 1, $1, gen_random_uuid(), '{"version":77,"previous_version":76}')`,
      [SNAPSHOTS],
    );
    await eventually(async () => expect(await versions()).toContain(77));
    await eventually(async () => expect(await stack.redis.get(MARKER)).toBe('-5'));
    // It comes back as it was before that.
    await stack.redis.multi().del(streamOf(SNAPSHOTS)).set(MARKER, before!).exec();
    await eventually(async () => expect(await versions()).toEqual([77]));
  });

  test('is read again when the group of its stream is set back', async () => {
    for (const id of ['t1', 't2']) await trade(id);
    const group = 'quantum:group:portfolio_intelligence:trade.opened';
    const lag = async () => {
      const [info] = (await stack.redis.call('XINFO', 'GROUPS', streamOf('trade.opened'))) as unknown[][];
      return [info![info!.indexOf('lag') + 1], info![info!.indexOf('pending') + 1]];
    };
    await eventually(async () => expect(await lag()).toEqual([0, 0]));
    await stack.redis.call('XGROUP', 'SETID', streamOf('trade.opened'), group, '0', 'ENTRIESREAD', '0');
    expect(await lag()).toEqual([2, 0]);
    await eventually(async () => expect(await lag()).toEqual([0, 0]));
    expect(await facts()).toBe(2);
  });

  test('is marked as sent before the end', async () => {
    for (const id of ['t1', 't2', 't3']) await trade(id);
    await eventually(async () => expect(await versions()).toEqual([1, 2, 3]));
    await trade('t4');
    await stack.service.stop();
    expect(await stack.database.query('SELECT id FROM outbox WHERE published_at IS NULL')).toEqual([]);
    expect(await versions()).toEqual([1, 2, 3, 4]);
  });
});
