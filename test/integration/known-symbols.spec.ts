import type { DataSource } from 'typeorm';
import { readConfig } from '../../src/config.js';
import { createDataSource } from '../../src/database/data-source.js';
import { Database } from '../../src/database/database.js';
import { IntegrityVerifier } from '../../src/integrity/integrity-verifier.js';
import type { VerifiedPart } from '../../src/integrity/verified-part.js';
import { LedgerAudit } from '../../src/ledger/ledger-audit.js';
import { Auditors } from '../../src/ledger/audit.js';
import { PnlAudit } from '../../src/pnl/pnl-audit.js';
import { PositionsAudit } from '../../src/positions/queries/positions-audit.js';
import { calendarOf } from '../../src/shared/periods.js';
import { tellFrom } from '../support/send-facts.js';
import { startStack, type Stack } from '../support/stack.js';
import { settled } from '../support/streams.js';

const NOW = Date.now();
const minutesAgo = (minutes: number) => new Date(NOW - minutes * 60_000).toISOString();

describe('what is known of a symbol', () => {
  let stack: Stack;
  let source: DataSource;
  let verifier: IntegrityVerifier;

  beforeAll(async () => {
    stack = await startStack();
    const config = readConfig({ databaseOnly: true }, { PORTFOLIO_DATABASE_URL: stack.database.url });
    source = await createDataSource(config).initialize();
    const auditors = new Auditors();
    new LedgerAudit(auditors);
    new PnlAudit(auditors, new PositionsAudit(auditors, config), calendarOf(config.TIMEZONE));
    verifier = new IntegrityVerifier(new Database(source), auditors);
  });
  afterAll(async () => {
    await source.destroy();
    await stack.stop();
  });

  async function trade(id: string, symbol: string, minutes: number): Promise<void> {
    const one = { trade_id: id, symbol, side: 'buy', quantity: '1' };
    await tellFrom(stack.redis, 'trade.opened', {
      ...one,
      ...{ entry_price: '100', timestamp: minutesAgo(minutes) },
    });
    await tellFrom(stack.redis, 'trade.closed', {
      ...one,
      ...{ exit_price: '107', timestamp: minutesAgo(minutes - 1) },
    });
  }

  async function report(balance: string, minutes: number): Promise<void> {
    await tellFrom(stack.redis, 'account.balance', { balance, timestamp: minutesAgo(minutes) });
    await settled(stack.service, stack.redis);
  }

  const differing = async (known: ReadonlyMap<string, VerifiedPart>) => {
    const { parts } = await verifier.verifyAccount('main', known);
    return [...parts].flatMap(([symbol, { differences }]) => differences.map(({ table }) => [symbol, table]));
  };
  const outdated = async (known: ReadonlyMap<string, VerifiedPart>) =>
    (await verifier.outdated('main', known)).map(({ symbol }) => symbol);

  test('serves the sums of the account until a wallet is adopted that is dated among what it did', async () => {
    await trade('a', 'BTCUSDT', 60);
    await trade('b', 'BTCUSDT', 40);
    await trade('c', 'ETHUSDT', 60);
    await report('1000', 90);
    const known = await verifier.verifySymbols('main', ['BTCUSDT', 'ETHUSDT']);
    expect([await outdated(known), await differing(known)]).toEqual([[], []]);

    // Between the two trades in BTCUSDT, and after all that happened in ETHUSDT.
    await report('1020', 50);
    expect([await outdated(known), await differing(known)]).toEqual([['BTCUSDT'], []]);

    const anew = new Map([...known, ...(await verifier.verifySymbols('main', ['BTCUSDT']))]);
    expect([await outdated(anew), await differing(anew)]).toEqual([[], []]);
    // After everything: nothing has to be told from anything.
    await report('1030', 10);
    expect([await outdated(anew), await differing(anew)]).toEqual([[], []]);
  });

  test('serves them no longer when the symbol moves on', async () => {
    const known = await verifier.verifySymbols('main', ['BTCUSDT', 'ETHUSDT']);
    await trade('d', 'ETHUSDT', 5);
    await settled(stack.service, stack.redis);
    expect([await outdated(known), await differing(known)]).toEqual([['ETHUSDT'], []]);
  });
});
