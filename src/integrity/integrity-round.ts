import { Injectable } from '@nestjs/common';
import { Database } from '../database/database.js';
import type { AccountReport, PartName } from './integrity-findings.js';
import { IntegrityFindings } from './integrity-findings.js';
import { IntegrityProgress } from './integrity-progress.js';
import type { VerifiedPart } from './verified-part.js';
import { IntegrityVerifier, NO_SYMBOL } from './integrity-verifier.js';
import { SMALL, inLooks } from './looks.js';

/** The last look of a large account folds the symbols that moved on meanwhile, if they have so many facts or fewer. */
const MOST_AT_ONCE = 50_000;
/** Rounds over those that moved on, before the account is left as one that never stands still. */
const MOST_CATCHING_UP = 3;

/** One look after the other, each small, so that who runs them can rest in between. */
export type Looks = AsyncGenerator<void, void>;

/** What is looked at, in which order: what something else wrote to, what differed, and everything else in rounds. */
@Injectable()
export class IntegrityRound {
  /** What is known of the symbols of large accounts: the account's sums need it, and it costs much to find out. */
  private readonly large = new Map<string, Map<string, VerifiedPart>>();

  constructor(
    private readonly database: Database,
    private readonly verifier: IntegrityVerifier,
    private readonly findings: IntegrityFindings,
    private readonly progress: IntegrityProgress,
  ) {}

  /** Forgets everything, because another replica led meanwhile. */
  forget(): void {
    this.large.clear();
    this.findings.forget();
  }

  /** Every account once. */
  async *everything(): Looks {
    const accountIds = await this.accountIds();
    this.progress.begin(accountIds.length);
    for (const accountId of accountIds) {
      for await (const _look of this.account(accountId)) {
        this.progress.step();
        yield;
      }
      this.progress.account();
    }
    this.progress.end();
  }

  /** These parts, ahead of their turn. */
  async *parts(names: readonly PartName[]): Looks {
    for (const accountId of new Set(names.map((name) => name.accountId))) {
      const symbols = new Set(names.flatMap((name) => (name.accountId === accountId ? [name.symbol] : [])));
      const { facts } = await this.verifier.plan(accountId);
      const known = this.large.get(accountId);
      if (facts > SMALL) {
        for (const symbol of symbols) {
          if (symbol !== NO_SYMBOL)
            await this.look(accountId, [symbol], known ?? new Map<string, VerifiedPart>());
          yield;
        }
      }
      // The sums of a large account are for its first round to verify: they need to know all of its symbols.
      if (facts <= SMALL || known) await this.conclude(accountId, known ?? new Map<string, VerifiedPart>());
      yield;
    }
  }

  private async *account(accountId: string): Looks {
    const { symbols, facts } = await this.verifier.plan(accountId);
    if (facts <= SMALL) {
      this.large.delete(accountId);
      await this.conclude(accountId, new Map());
      yield;
      return;
    }
    const known = new Map<string, VerifiedPart>();
    for (const look of inLooks(symbols)) {
      await this.look(accountId, look, known);
      yield;
    }
    yield* this.catchUp(accountId, known);
  }

  /** Large symbols move on while others are looked at: they are looked at again, until what moved is little enough for one look. */
  private async *catchUp(accountId: string, known: Map<string, VerifiedPart>): Looks {
    this.large.set(accountId, known);
    for (let attempt = 0; attempt < MOST_CATCHING_UP; attempt += 1) {
      const outdated = await this.verifier.outdated(accountId, known);
      if (outdated.reduce((sum, { facts }) => sum + facts, 0) <= MOST_AT_ONCE) {
        await this.conclude(accountId, known);
        yield;
        return;
      }
      for (const look of inLooks(outdated)) {
        await this.look(accountId, look, known);
        yield;
      }
    }
    const version = Math.min(...[...known.values()].map((part) => part.version));
    await this.report({ accountId, version, digest: null, parts: known });
  }

  /** Only what is whole was verified. */
  private async report(account: AccountReport): Promise<void> {
    if ([...account.parts.values()].every(({ differences }) => differences.length === 0))
      await this.findings.keepAccount(account);
  }

  private async look(
    accountId: string,
    symbols: readonly string[],
    known: Map<string, VerifiedPart>,
  ): Promise<void> {
    for (const [symbol, part] of await this.verifier.verifySymbols(accountId, symbols)) {
      known.set(symbol, part);
      await this.findings.keep({ accountId, symbol }, part);
    }
  }

  private async conclude(accountId: string, known: Map<string, VerifiedPart>): Promise<void> {
    const account = await this.verifier.verifyAccount(accountId, known);
    for (const [symbol, part] of account.parts) {
      if (known.get(symbol) !== part) await this.findings.keep({ accountId, symbol }, part);
      if (this.large.has(accountId) && symbol !== NO_SYMBOL) known.set(symbol, part);
    }
    await this.findings.keepOnly(accountId, account.parts);
    await this.report(account);
  }

  /** Accounts by their rows and by their facts: an account's row may be what is missing. */
  private async accountIds(): Promise<string[]> {
    const rows = await this.database.query<{ account_id: string }>(
      `WITH RECURSIVE told AS (
         (SELECT account_id FROM ledger ORDER BY account_id LIMIT 1)
         UNION ALL SELECT (SELECT min(l.account_id) FROM ledger l WHERE l.account_id > told.account_id) FROM told WHERE told.account_id IS NOT NULL)
       SELECT account_id FROM accounts UNION SELECT account_id FROM told WHERE account_id IS NOT NULL ORDER BY 1`,
    );
    return rows.map((row) => row.account_id);
  }
}
