import { Injectable, Logger } from '@nestjs/common';
import { FactFlow } from '../../flow/fact-flow.js';
import { encodeFact } from '../../ledger/fact-codec.js';
import type { Fact } from '../../ledger/facts.js';
import { Refusal } from '../../ledger/facts.js';
import { contentHash, keysOf } from '../../ledger/identity.js';
import { Metrics } from '../../ledger/metrics.js';
import { setAside } from '../../ledger/quarantine.js';
import type { Acceptance, Unit } from '../../ledger/unit.js';
import { UnitOfWork } from '../../ledger/unit-of-work.js';
import { isTransient, messageOf } from '../../shared/errors.js';

const BATCH = 500;

/** Done in the transaction of the last facts of a list, such as saving how far they reach. */
export type WithFacts = (unit: Unit) => Promise<void>;

interface SetAsideFact {
  readonly fact: Fact;
  readonly code: string;
  readonly message: string;
}

/** The way of the exchange's facts into the ledger: the same as that of every other fact, in batches, each in one transaction. */
@Injectable()
export class ExchangeIntake {
  private readonly logger = new Logger('Exchange');

  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly flow: FactFlow,
    private readonly metrics: Metrics,
  ) {}

  /**
   * Resolves when all is committed. Throws what is transient: then some batches may be in, and the same facts may simply come again. A fact
   * that can never be taken is set aside in the quarantine and does not hold up the rest.
   */
  async take(
    accountId: string,
    facts: readonly Fact[],
    last: WithFacts = () => Promise.resolve(),
  ): Promise<void> {
    const inOrder = [...facts].sort((a, b) => a.occurredAt - b.occurredAt);
    for (let at = 0; at < inOrder.length || at === 0; at += BATCH) {
      const isLast = at + BATCH >= inOrder.length;
      await this.batch(accountId, inOrder.slice(at, at + BATCH), isLast ? last : () => Promise.resolve());
    }
  }

  private async batch(accountId: string, facts: readonly Fact[], last: WithFacts): Promise<void> {
    try {
      await this.commit(accountId, facts, last, (fact) => this.flow.apply(fact));
    } catch (error) {
      if (isTransient(error) || facts.length === 0) throw error;
      // One of them fails by itself: each alone, and the one that does is set aside.
      for (const fact of facts) await this.alone(accountId, fact);
      await this.commit(accountId, [], last, (fact) => this.flow.apply(fact));
    }
  }

  private async alone(accountId: string, fact: Fact): Promise<void> {
    const nothing = () => Promise.resolve();
    try {
      await this.commit(accountId, [fact], nothing, (one) => this.flow.apply(one));
    } catch (error) {
      if (isTransient(error)) throw error;
      this.logger.error(`a fact of the exchange could not be booked: ${messageOf(error)}`);
      const refusal = new Refusal('internal_error', messageOf(error));
      await this.commit(accountId, [fact], nothing, () => Promise.reject(refusal));
    }
  }

  private async commit(
    accountId: string,
    facts: readonly Fact[],
    last: WithFacts,
    apply: (fact: Fact) => Promise<Acceptance>,
  ): Promise<void> {
    const counted: [string, string, string?][] = [];
    await this.unitOfWork.run({ facts, accountIds: [accountId] }, async (unit) => {
      const aside: SetAsideFact[] = [];
      for (const fact of facts) counted.push([fact.kind, ...(await outcomeOf(fact, apply, aside))]);
      await this.flow.restate(unit);
      await keepAside(unit, aside);
      await last(unit);
    });
    for (const [kind, outcome, code] of counted) this.metrics.counted(kind, outcome, code);
  }
}

async function outcomeOf(
  fact: Fact,
  apply: (fact: Fact) => Promise<Acceptance>,
  aside: SetAsideFact[],
): Promise<[string, string?]> {
  try {
    const acceptance = await apply(fact);
    if (acceptance.outcome !== 'conflict') return [acceptance.outcome];
    const message = `contradicts the fact of version ${acceptance.firstVersion}`;
    aside.push({ fact, code: 'conflict', message });
    return ['conflict', 'conflict'];
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    aside.push({ fact, code: error.code, message: error.message });
    return ['refused', error.code];
  }
}

async function keepAside(unit: Unit, aside: readonly SetAsideFact[]): Promise<void> {
  await setAside(
    unit.tx,
    aside.map(({ fact, code, message }) => ({
      accountId: fact.accountId,
      code,
      message,
      stream: 'exchange:binance',
      entryId: `${keysOf(fact)[0]!}:${contentHash(fact)}`,
      fields: Buffer.from(encodeFact(fact)),
      firstVersion: Number(/version (\d+)/.exec(message)?.[1] ?? 0) || null,
      receivedAt: unit.now,
    })),
  );
}
