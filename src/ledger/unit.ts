import type { Transaction } from '../database/database.js';
import type { Json } from '../shared/json-text.js';
import { MICROS_PER_SECOND } from '../shared/periods.js';
import type { Account } from './account.js';
import type { Fact, LedgerEntry, Micros, OrderExecuted, TradeOpened } from './facts.js';
import { Refusal } from './facts.js';
import type { Foresight } from './foresight.js';
import { orderSlot, ordersToldTwice } from './told-twice.js';
import { keysOf, knownBy, relate, supplementKey, supplemented } from './identity.js';
import type { ClaimedKey } from './ledger-store.js';
import {
  appendEntries,
  claimKeys,
  executionsOf,
  findEntry,
  findKeys,
  supplementsOf,
} from './ledger-store.js';

/** A fact's clock may run ahead of ours by this much; later than that it cannot be true yet. */
const MAX_AHEAD = 300 * MICROS_PER_SECOND;

/** So many entries leave for the database while the next are being handled. */
const WRITTEN_AT_ONCE = 250;

/** What became of a fact: `accepted` and `supplement` have a place in the ledger, the others changed nothing. */
export type Acceptance =
  | {
      readonly outcome: 'accepted' | 'supplement';
      readonly entry: LedgerEntry;
      readonly first: LedgerEntry | null;
    }
  | { readonly outcome: 'duplicate'; readonly differs: boolean; readonly firstVersion: number }
  | { readonly outcome: 'conflict'; readonly firstVersion: number };

type Supplementable = TradeOpened | OrderExecuted;

/** An event of an account that is published when, and only when, the unit commits. */
export interface Announcement {
  readonly accountId: string;
  readonly event: { readonly type: string; readonly body: { readonly [key: string]: Json } };
}

const slot = (accountId: string, key: string) => `${accountId} ${key}`;

/**
 * One unit of work in progress: the locked accounts, forked, and what was accepted so far. Handlers reach it through
 * `UnitOfWork.current()`; nothing of it is visible to anyone else before COMMIT.
 */
export class Unit {
  /** Accounts that accepted at least one fact. */
  readonly changed = new Set<Account>();
  /** Set while the ledger is replayed: facts keep the place they have, and nothing is recorded that was seen at the time. */
  replayed: LedgerEntry | null = null;
  /** Set while what is applied happened before we watched: it is no performance of today, see TrackEquity. */
  inHindsight = false;
  /** Set while very many facts are taken at once: rows that are new are written without looking whether they are there. */
  inBulk = false;
  /** Further events that leave with this unit, in order. */
  readonly announced: Announcement[] = [];
  /** Called after COMMIT, before the book shows it; must not throw. */
  readonly onCommitted: (() => void)[] = [];
  private readonly taken = new Map<string, { readonly version: number; entry: LedgerEntry | null }>();
  private readonly toldTwice = new Set<string>();
  private entries: LedgerEntry[] = [];
  private claims: ClaimedKey[] = [];

  constructor(
    readonly tx: Transaction,
    readonly now: Micros,
    private readonly accounts: Map<string, Account>,
  ) {}

  /** The staged account. Throws when the unit was not opened for it. */
  account(accountId: string): Account {
    const account = this.accounts.get(accountId);
    if (!account) throw new Error(`the unit of work holds no lock on account ${accountId}`);
    return account;
  }

  /** Puts another state in an account's place, as a rebuild does with an empty one. */
  replace(account: Account): void {
    this.accounts.set(account.accountId, account);
    this.changed.add(account);
  }

  /** Has an event published with this unit; a replay announces nothing. */
  announce(accountId: string, event: Announcement['event']): void {
    if (!this.replayed) this.announced.push({ accountId, event });
  }

  allAccounts(): Iterable<Account> {
    return this.accounts.values();
  }

  /** Takes in what the ledger knows of facts that are about to come. */
  expect({ keys, toldTwice }: Foresight): void {
    for (const { accountId, key, version } of keys)
      this.taken.set(slot(accountId, key), { version, entry: null });
    for (const name of toldTwice) this.toldTwice.add(name);
  }

  /** Learns which orders of these executions are told both as a whole and fill by fill, here or in the ledger. */
  async foreseeOrders(facts: readonly Fact[]): Promise<void> {
    for (const name of await ordersToldTwice(this.tx, facts)) this.toldTwice.add(name);
  }

  /** Whether an execution's order is told both as a whole and fill by fill. Known of foreseen facts only. */
  isToldTwice(fact: OrderExecuted): boolean {
    return this.toldTwice.has(orderSlot(fact));
  }

  /**
   * The inbox rule: a fact whose keys are all free gets the account's next version and its keys for ever; otherwise it is a
   * duplicate, a supplement or a conflict. Throws Refusal `dated_ahead` for a fact dated more than 5 minutes ahead of our clock.
   */
  async accept(fact: Fact): Promise<Acceptance> {
    if (this.replayed) return this.acceptAgain(this.replayed);
    this.refuseAhead(fact);
    const keys = keysOf(fact);
    const first = await this.firstHolder(fact.accountId, knownBy(fact));
    if (!first) {
      const entry = this.append(fact, keys, 'fact');
      if (this.entries.length >= WRITTEN_AT_ONCE) await this.write();
      return { outcome: 'accepted', entry, first: null };
    }
    const related = relate(first.fact, fact);
    if (related.relation === 'conflict') return { outcome: 'conflict', firstVersion: first.version };
    if (related.relation === 'supplement') return this.supplement(fact as Supplementable, first);
    this.claim(fact.accountId, keys, first);
    return { outcome: 'duplicate', differs: related.differs, firstVersion: first.version };
  }

  /** Whether one of the keys by which a foreseen fact may have been seen before is taken. */
  isKnown(fact: Fact): boolean {
    return knownBy(fact).some((key) => this.taken.has(slot(fact.accountId, key)));
  }

  /** What `accept` does with a foreseen fact of which no key is taken (see isKnown), without asking again. Throws Refusal `dated_ahead`. */
  acceptNew(fact: Fact): LedgerEntry {
    this.refuseAhead(fact);
    return this.append(fact, keysOf(fact), 'fact');
  }

  /** Throws Refusal `dated_ahead` for a fact dated more than 5 minutes ahead of our clock. */
  refuseAhead(fact: Fact): void {
    if (fact.occurredAt <= this.now + MAX_AHEAD) return;
    throw new Refusal('dated_ahead', 'timestamp: lies more than 5 minutes ahead of our clock');
  }

  /**
   * Takes a fact for a repeat of the one that has this version, although they share no key: what it tells is known from there. Its keys
   * point at that fact from now on.
   */
  async recognise(fact: Fact, version: number): Promise<Acceptance> {
    const first = await this.loadFirst(fact.accountId, version);
    this.claim(fact.accountId, keysOf(fact), first);
    return { outcome: 'duplicate', differs: relate(first.fact, fact).differs, firstVersion: version };
  }

  /** Executions that name this trade, or whose order it is: written ones and those of this unit. */
  async executionsOf(accountId: string, tradeId: string): Promise<LedgerEntry<OrderExecuted>[]> {
    const written = await executionsOf(this.tx, accountId, tradeId, this.account(accountId).version);
    return [...written, ...this.entries].filter(
      (entry): entry is LedgerEntry<OrderExecuted> =>
        entry.fact.kind === 'order.executed' && entry.fact.accountId === accountId,
    );
  }

  /** Writes what was accepted since the last write. Projections are written by the unit of work, after this. */
  async write(): Promise<void> {
    const { entries, claims } = this;
    this.entries = [];
    this.claims = [];
    // Asked one after another on one connection: the second is put together while Postgres is at the first.
    await Promise.all([appendEntries(this.tx, entries), claimKeys(this.tx, claims)]);
  }

  private acceptAgain(entry: LedgerEntry): Acceptance {
    const account = this.account(entry.fact.accountId);
    account.version = entry.version;
    this.changed.add(account);
    return { outcome: entry.role === 'supplement' ? 'supplement' : 'accepted', entry, first: null };
  }

  private async supplement(fact: Supplementable, first: LedgerEntry): Promise<Acceptance> {
    const key = supplementKey(fact, first.fact);
    await this.lookUp(fact.accountId, [key]);
    if (this.taken.has(slot(fact.accountId, key)))
      return { outcome: 'duplicate', differs: false, firstVersion: first.version };
    const entry = this.append(fact, [key], 'supplement');
    const merged = { ...first, fact: supplemented(first.fact, fact) };
    for (const taken of this.taken.values()) if (taken.entry === first) taken.entry = merged;
    return { outcome: 'supplement', entry, first };
  }

  private append(fact: Fact, keys: readonly string[], role: LedgerEntry['role']): LedgerEntry {
    const account = this.account(fact.accountId);
    account.version += 1;
    this.changed.add(account);
    const entry: LedgerEntry = { version: account.version, role, receivedAt: this.now, fact };
    this.entries.push(entry);
    this.claim(fact.accountId, keys, entry);
    return entry;
  }

  /** A duplicate's other keys point at the first fact too, so that its own repeats are known by any of them. */
  private claim(accountId: string, keys: readonly string[], entry: LedgerEntry): void {
    for (const key of keys) {
      const name = slot(accountId, key);
      if (this.taken.has(name)) continue;
      this.taken.set(name, { version: entry.version, entry });
      this.claims.push({ accountId, key, version: entry.version });
    }
  }

  private async firstHolder(accountId: string, keys: readonly string[]): Promise<LedgerEntry | null> {
    for (const key of keys) {
      const taken = this.taken.get(slot(accountId, key));
      if (!taken) continue;
      taken.entry ??= await this.loadFirst(accountId, taken.version);
      return taken.entry;
    }
    return null;
  }

  /** The first fact with what supplemented it since: a later message is held against all that is known. */
  private async loadFirst(accountId: string, version: number): Promise<LedgerEntry> {
    const first = await findEntry(this.tx, accountId, version);
    if (first.fact.kind !== 'trade.opened' && first.fact.kind !== 'order.executed') return first;
    const supplements = await supplementsOf(this.tx, accountId, keysOf(first.fact).at(-1)!);
    const fact = supplements.reduce(
      (merged, { fact: more }) => supplemented(merged, more),
      first.fact as Fact,
    );
    return { ...first, fact };
  }

  private async lookUp(accountId: string, keys: string[]): Promise<void> {
    const found = await findKeys(
      this.tx,
      keys.map(() => accountId),
      keys,
    );
    for (const { key, version } of found) this.taken.set(slot(accountId, key), { version, entry: null });
  }
}
