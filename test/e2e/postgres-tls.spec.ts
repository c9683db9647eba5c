import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { type Certificates, makeCertificates } from '../support/certificates.js';
import { eventually } from '../support/eventually.js';
import { createDatabase, type TestDatabase } from '../support/postgres.js';
import { startRedis, type TestRedis } from '../support/redis.js';
import { runToEnd, startService } from '../support/service.js';
import { send } from '../support/streams.js';

const execute = promisify(execFile);

/**
 * Has the tests' own Postgres speak TLS with this certificate. Its account writes the files, because only it can; who asks for no TLS is
 * served as before, so that nothing else notices.
 */
async function certify(database: TestDatabase, { pem }: Certificates): Promise<void> {
  const [{ data_directory: folder } = { data_directory: '' }] = await database.query<{
    data_directory: string;
  }>('SHOW data_directory');
  const files = { ssl_cert_file: pem.cert, ssl_key_file: pem.key };
  for (const [setting, text] of Object.entries(files)) {
    const path = `${folder}/${setting}.pem`;
    await database.query(
      `COPY (SELECT unnest('{${text
        .trim()
        .split(/\r?\n/)
        .map((line) => `"${line}"`)
        .join()}}'::text[]))
       TO PROGRAM 'umask 077; cat > "${path}"'`,
    );
    await database.query(`ALTER SYSTEM SET ${setting} = '${path}'`);
  }
  await database.query('ALTER SYSTEM SET ssl = on');
  await database.query('SELECT pg_reload_conf()');
  await eventually(async () =>
    expect(await certificateOf(database)).toContain(pem.cert.trim().slice(30, 90)),
  );
}

/** The certificate that the server shows, once it speaks TLS at all; read from its file, as the server did. */
async function certificateOf(database: TestDatabase): Promise<string> {
  const [row] = await database.query<{ ssl: string; cert: string }>(
    "SELECT current_setting('ssl') AS ssl, pg_read_file(current_setting('ssl_cert_file')) AS cert",
  );
  return row!.ssl === 'on' ? row!.cert : '';
}

describe('a Postgres that speaks TLS itself', () => {
  let certificates: Certificates;
  let database: TestDatabase;
  let redis: TestRedis;

  beforeAll(async () => {
    [certificates, database, redis] = [await makeCertificates(), await createDatabase(), await startRedis()];
    await certify(database, certificates);
  });
  afterAll(async () => {
    for (const setting of ['ssl', 'ssl_cert_file', 'ssl_key_file'])
      await database.query(`ALTER SYSTEM RESET ${setting}`);
    await database.query('SELECT pg_reload_conf()');
    await redis.stop();
    await database.drop();
    certificates.remove();
  });

  const byMode = (mode: string, ca?: string) =>
    `${database.url}?sslmode=${mode}${ca ? `&sslrootcert=${encodeURIComponent(ca)}` : ''}`;
  const migrate = (settings: Record<string, string | undefined>) =>
    runToEnd({ PORTFOLIO_DATABASE_URL: database.url, ...settings }, 'dist/migrate.js');
  /** Of all connections of the service: whether each is encrypted. */
  const encrypted = () =>
    database.query<{ ssl: boolean }>(
      `SELECT DISTINCT ssl FROM pg_stat_ssl JOIN pg_stat_activity USING (pid)
       WHERE application_name = 'portfolio_intelligence' AND datname = current_database()`,
    );

  test.each([
    [
      'a CA of one’s own, whatever the URL says',
      () => ({ PORTFOLIO_DATABASE_CA_FILE: certificates.ca }),
      'disable',
    ],
    ['the URL’s own word', () => ({}), 'verify-full'],
  ])('has every connection of the service encrypted by %s', async (_what, env, mode) => {
    const databaseUrl = byMode(mode, mode === 'disable' ? undefined : certificates.ca);
    const service = await startService({ databaseUrl, redisUrl: redis.url, env: env() });
    try {
      const deposit = { event_id: mode, type: 'DEPOSIT', amount: '10', timestamp: '2026-02-15T00:00:00Z' };
      await send(redis.client(), 'account.cash_flow', 'V1', deposit);
      await eventually(async () =>
        expect(
          await database.query("SELECT FROM ledger_keys WHERE key LIKE '%' || $1 || '%'", [mode]),
        ).toHaveLength(1),
      );
      expect(await encrypted()).toEqual([{ ssl: true }]);
    } finally {
      await service.stop();
    }
  });

  test('is trusted by tools and the drill with the same settings', async () => {
    const settings = { PORTFOLIO_DATABASE_URL: database.url, PORTFOLIO_DATABASE_CA_FILE: certificates.ca };
    expect(await runToEnd(settings, 'dist/keys.js', ['list'])).toMatchObject({ code: 0 });
    const { PATH, HOME } = process.env;
    const { stdout } = await execute(process.execPath, ['scripts/drill.mjs'], {
      env: { PATH, HOME, ...settings },
    });
    expect(stdout).toContain('The backup is good');
    const other = await makeCertificates();
    const strange = { ...settings, PORTFOLIO_DATABASE_CA_FILE: other.ca };
    await expect(
      execute(process.execPath, ['scripts/drill.mjs'], { env: { PATH, HOME, ...strange } }),
    ).rejects.toMatchObject({
      stdout: expect.stringMatching(/certificate/),
    });
    other.remove();
  }, 60_000);

  test('is not spoken to when another authority vouches for it, or none', async () => {
    const other = await makeCertificates();
    for (const settings of [
      { PORTFOLIO_DATABASE_CA_FILE: other.ca },
      { PORTFOLIO_DATABASE_URL: byMode('verify-full', other.ca) },
      { PORTFOLIO_DATABASE_URL: byMode('verify-full') },
    ])
      expect(await migrate(settings)).toMatchObject({ code: 1, logs: expect.stringMatching(/certificate/) });
    other.remove();
  });

  test('is not spoken to when its certificate is another machine’s', async () => {
    const other = await makeCertificates('elsewhere.example');
    await certify(database, other);
    for (const settings of [
      { PORTFOLIO_DATABASE_CA_FILE: other.ca },
      { PORTFOLIO_DATABASE_URL: byMode('verify-full', other.ca) },
    ])
      expect(await migrate(settings)).toMatchObject({
        code: 1,
        logs: expect.stringMatching(/altnames|does not match/),
      });
    await certify(database, certificates);
    expect(await migrate({ PORTFOLIO_DATABASE_CA_FILE: certificates.ca })).toMatchObject({ code: 0 });
    other.remove();
  });
});
