import { Injectable, Logger } from '@nestjs/common';
import { Database } from '../database/database.js';
import type { Difference } from './domain/differences.js';
import { placeOf } from './domain/differences.js';
import type { VerifiedAccount } from './integrity-verifier.js';
import type { VerifiedPart } from './verified-part.js';

/** So many differences of a part are kept by name, and so many are logged at once; the others are counted. */
const MOST_KEPT = 100;
const MOST_LOGGED = 20;

/** A part of an account, by its name. */
export interface PartName {
  readonly accountId: string;
  readonly symbol: string;
}

const nameOf = ({ accountId, symbol }: PartName) => `${accountId}\t${symbol}`;

/** What the leading replica found, written down for all replicas, and said once in the log. */
@Injectable()
export class IntegrityFindings {
  private readonly logger = new Logger('Integrity');
  /** What is written down, as its text; null = not read yet. */
  private known: Map<string, { readonly name: PartName; readonly text: string }> | null = null;

  constructor(private readonly database: Database) {}

  /** Forgets what is known: another replica may have written since. */
  forget(): void {
    this.known = null;
  }

  /** The parts in which something differed when they were looked at last. */
  async differing(): Promise<PartName[]> {
    return [...(await this.load()).values()].map(({ name }) => name);
  }

  async keep(name: PartName, { differences }: Pick<VerifiedPart, 'differences'>): Promise<void> {
    const known = await this.load();
    const before = known.get(nameOf(name))?.text;
    if (differences.length === 0) {
      if (before === undefined) return;
      await this.database.query('DELETE FROM integrity_findings WHERE account_id = $1 AND symbol = $2', [
        name.accountId,
        name.symbol,
      ]);
      known.delete(nameOf(name));
      this.logger.log(`${spoken(name)} is what the ledger says again`);
      return;
    }
    const text = JSON.stringify(differences.slice(0, MOST_KEPT));
    if (text === before) return;
    await this.database.query(
      `INSERT INTO integrity_findings AS f (account_id, symbol, total, differences, found_at) VALUES ($1, $2, $3, $4, now())
       ON CONFLICT (account_id, symbol) DO UPDATE SET total = EXCLUDED.total, differences = EXCLUDED.differences`,
      [name.accountId, name.symbol, differences.length, text],
    );
    known.set(nameOf(name), { name, text });
    this.say(name, differences, before);
  }

  /** Writes down that all of an account was verified, at one version; a digest of null = at several. */
  async keepAccount({ accountId, version, digest, parts }: AccountReport): Promise<void> {
    await this.database.query(
      `INSERT INTO integrity_accounts (account_id, version, digest, verified_at, slices) VALUES ($1, $2, $3, clock_timestamp(), $4)
       ON CONFLICT (account_id) DO UPDATE SET version = EXCLUDED.version, digest = EXCLUDED.digest,
         verified_at = EXCLUDED.verified_at, slices = EXCLUDED.slices`,
      [accountId, version, digest, parts.size],
    );
  }

  /** Forgets parts that are gone, such as a symbol of which neither facts nor rows are left. */
  async keepOnly(accountId: string, symbols: ReadonlyMap<string, unknown>): Promise<void> {
    for (const { name } of (await this.load()).values())
      if (name.accountId === accountId && !symbols.has(name.symbol))
        await this.keep(name, { differences: [] });
  }

  private async load() {
    if (this.known) return this.known;
    const rows = await this.database.query<{ account_id: string; symbol: string; differences: string }>(
      'SELECT account_id, symbol, differences FROM integrity_findings',
    );
    this.known = new Map(
      rows.map(({ account_id: accountId, symbol, differences: text }) => [
        nameOf({ accountId, symbol }),
        { name: { accountId, symbol }, text },
      ]),
    );
    return this.known;
  }

  private say(name: PartName, differences: readonly Difference[], before: string | undefined): void {
    const said = new Set(before ? (JSON.parse(before) as Difference[]).map(placeOf) : []);
    const unsaid = differences.filter((difference) => !said.has(placeOf(difference)));
    for (const { table, key, kind, stored, expected } of unsaid.slice(0, MOST_LOGGED))
      this.logger.error(
        `${spoken(name)}: ${table} ${key} ${kind}: stored ${JSON.stringify(stored)}, the ledger says ${JSON.stringify(expected)}`,
      );
    if (unsaid.length > MOST_LOGGED)
      this.logger.error(`${spoken(name)}: ${unsaid.length - MOST_LOGGED} further rows differ`);
  }
}

/** What is written down of a whole account. */
export type AccountReport = Omit<VerifiedAccount, 'digest'> & { readonly digest: string | null };

const spoken = ({ accountId, symbol }: PartName) => (symbol === '' ? accountId : `${accountId} ${symbol}`);
