import { createServer, connect, type Server, type Socket } from 'node:net';
import { once } from 'node:events';
import type { DataSource } from 'typeorm';
import { readConfig } from '../../src/config.js';
import { createDataSource } from '../../src/database/data-source.js';
import { CommitUnknownError, Database, type Transaction } from '../../src/database/database.js';
import { createDatabase, type TestDatabase } from '../support/postgres.js';

/** Passes bytes on to a server until it is told to cut all connections as soon as COMMIT was passed on. */
async function startCutter(target: URL): Promise<{ server: Server; port: number; cutAtCommit(): void }> {
  let cuts = false;
  const server = createServer((client: Socket) => {
    const upstream = connect(Number(target.port), target.hostname);
    for (const socket of [client, upstream]) {
      socket.on('error', () => socket.destroy());
      socket.on('close', () => [client, upstream].forEach((one) => one.destroy()));
    }
    upstream.on('data', (chunk) => client.write(chunk));
    client.on('data', (chunk) => {
      upstream.write(chunk, () => {
        if (cuts && chunk.includes('COMMIT')) client.destroy();
      });
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  return { server, port, cutAtCommit: () => (cuts = true) };
}

const WRITE = {
  name: 'words-write',
  text: 'INSERT INTO words SELECT * FROM unnest($1::bigint[], $2::text[], $3::boolean[])',
};
const words = (...rows: [id: number, word: string | null, flag?: boolean | null][]) => ({
  ...WRITE,
  values: [rows.map(([id]) => id), rows.map(([, word]) => word), rows.map(([, , flag = null]) => flag)],
});

describe('a transaction', () => {
  let postgres: TestDatabase;
  let source: DataSource;
  let database: Database;

  async function open(url: string): Promise<void> {
    const env = { PORTFOLIO_DATABASE_URL: url, PORTFOLIO_DATABASE_POOL: '2' };
    source = await createDataSource(readConfig({ databaseOnly: true }, env)).initialize();
    database = new Database(source);
  }

  /** From here on the one connection knows the statement and is told to execute it by name. */
  const prepare = () => database.transaction((tx) => tx.send(words([0, 'first'])));
  const ids = async () =>
    (await postgres.query<{ id: string }>('SELECT id FROM words ORDER BY id')).map(({ id }) => Number(id));
  const failing = (work: (tx: Transaction) => Promise<void>) =>
    database.transaction(work).then(
      () => null,
      (error: unknown) => error as Error & { code?: string },
    );

  beforeEach(async () => {
    postgres = await createDatabase();
    await postgres.query('CREATE TABLE words (id bigint PRIMARY KEY, word text, flag boolean)');
    await open(postgres.url);
    await prepare();
  });
  afterEach(async () => {
    if (source.isInitialized) await source.destroy();
    await postgres.drop();
  });

  test('writes what is held back with its COMMIT to the last letter', async () => {
    const texts = [
      "it's",
      '\\',
      "\\'; DROP TABLE words; --",
      '"{},',
      'Ä 中 \u{1f600}',
      '',
      'NULL',
      '$1',
      'a\nb\tc',
    ];
    await database.transaction((tx) =>
      tx.send(
        words(...texts.map((text, i): [number, string, boolean] => [i + 1, text, i % 2 === 0]), [99, null]),
      ),
    );
    const rows = await postgres.query('SELECT word, flag FROM words WHERE id > 0 ORDER BY id');
    expect(rows).toEqual([
      ...texts.map((word, i) => ({ word, flag: i % 2 === 0 })),
      { word: null, flag: null },
    ]);
  });

  test('has what was sent done before what is asked behind it, and all in the order in which it was sent', async () => {
    const seen = await database.transaction(async (tx) => {
      await tx.send(words([1, 'one']));
      await tx.send({ text: 'UPDATE words SET word = word || $1', values: ['!'] });
      await tx.send(words([2, 'two']));
      await tx.append('words', '3\tthree\tt\n');
      await tx.send(words([4, 'four']));
      return tx.query<{ word: string }>('SELECT word FROM words ORDER BY id');
    });
    expect(seen.map(({ word }) => word)).toEqual(['first!', 'one!', 'two', 'three', 'four']);
    expect(await ids()).toEqual([0, 1, 2, 3, 4]);
  });

  test('tells what each write returned, whether it left by itself or with COMMIT', async () => {
    const told: string[] = [];
    const counted = (...rows: [id: number, word: string][]) => ({
      ...words(...rows),
      name: 'words-counted',
      text: `${WRITE.text} RETURNING id::text`,
    });
    const tell = (rows: { id: string }[]) => told.push(rows.map(({ id }) => id).join());
    for (const first of [10, 20])
      await database.transaction(async (tx) => {
        await tx.send(counted([first, 'a'], [first + 1, 'b']), tell);
        await tx.send(words([first + 2, 'untold']));
        await tx.send(counted([first + 3, 'c']), tell);
      });
    expect(told).toEqual(['10,11', '13', '20,21', '23']);
  });

  test.each([
    ['the last of all', [[1, 0]]],
    ['among others', [[0], [1], [2]]],
  ])('commits nothing when a write fails, %s, and says which', async (_where, lots) => {
    const error = await failing(async (tx) => {
      for (const lot of lots) await tx.send(words(...lot.map((id): [number, string] => [id, 'again'])));
    });
    expect(error).toMatchObject({ code: '23505' });
    expect(error).not.toBeInstanceOf(CommitUnknownError);
    expect(await ids()).toEqual([0]);
    await database.transaction((tx) => tx.send(words([5, 'the connection goes on'])));
    expect(await ids()).toEqual([0, 5]);
  });

  test('does nothing of what was held when its work fails', async () => {
    const error = await failing(async (tx) => {
      // With nothing left to wait for, what is held would leave behind the ROLLBACK.
      await tx.query('SELECT 1');
      await tx.send(words([1, 'held']));
      throw new Error('changed its mind');
    });
    expect(error?.message).toBe('changed its mind');
    await database.query('SELECT 1');
    expect(await ids()).toEqual([0]);
  });

  test('says that nobody knows when the connection breaks at COMMIT', async () => {
    await source.destroy();
    const cutter = await startCutter(new URL(postgres.url));
    try {
      const url = new URL(postgres.url);
      url.port = String(cutter.port);
      await open(url.href);
      await database.transaction((tx) => tx.send(words([1, 'prepared'])));
      cutter.cutAtCommit();
      expect(await failing((tx) => tx.send(words([2, 'perhaps'])))).toBeInstanceOf(CommitUnknownError);
      await source.destroy();
    } finally {
      cutter.server.close();
    }
  });
});
