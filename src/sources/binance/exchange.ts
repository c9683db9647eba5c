import { Inject, Injectable, Logger } from '@nestjs/common';
import type { Config } from '../../config.js';
import { CONFIG } from '../../config.js';
import { FactFlow } from '../../flow/fact-flow.js';
import { PriceFlow } from '../../flow/price-flow.js';
import { Book } from '../../ledger/book.js';
import { Leadership } from '../../ledger/leadership.js';
import { UnitOfWork } from '../../ledger/unit-of-work.js';
import { WalletAt } from '../../pnl/queries/wallet-at.js';
import { PositionsProjection } from '../../positions/positions-projection.js';
import { messageOf } from '../../shared/errors.js';
import { AccountSync } from './account-sync.js';
import { AwaitedMoney } from './awaited-money.js';
import { CatchUp } from './catch-up.js';
import type { Closing } from './closings.js';
import { Closings } from './closings.js';
import { Cursors } from './cursors.js';
import { ExchangeIntake } from './exchange-intake.js';
import { ExchangeMetrics } from './exchange-metrics.js';
import { ExchangeSession } from './exchange-session.js';
import { ExchangeState } from './exchange-state.js';
import { History } from './history.js';
import { Movements } from './movements.js';
import { Pause } from './pause.js';
import { BinanceRest } from './rest.js';
import type { BinanceSettings } from './settings.js';
import { binanceSettings } from './settings.js';

const LEADERSHIP_MS = 1_000;

/** The connection to the exchange: of all replicas only the one that leads has it, so that limits are used and listen keys held once. */
@Injectable()
export class Exchange {
  private readonly logger = new Logger('Exchange');
  private readonly settings: BinanceSettings | null;
  private readonly pause = new Pause();
  private session: ExchangeSession | null = null;
  private running: Promise<void> = Promise.resolve();
  private stopping = false;

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly leadership: Leadership,
    private readonly state: ExchangeState,
    private readonly metrics: ExchangeMetrics,
    private readonly cursors: Cursors,
    private readonly closings: Closings,
    private readonly intake: ExchangeIntake,
    private readonly flow: FactFlow,
    private readonly prices: PriceFlow,
    private readonly unitOfWork: UnitOfWork,
    private readonly book: Book,
    private readonly positions: PositionsProjection,
    private readonly wallet: WalletAt,
  ) {
    this.settings = binanceSettings(config);
  }

  /** Does nothing without keys. */
  start(): void {
    if (this.settings && !this.stopping) this.running = this.follow(this.settings);
  }

  /** Leaves the exchange; what is being committed is finished. */
  async stop(): Promise<void> {
    this.stopping = true;
    this.pause.end();
    await this.running;
    await this.leave();
  }

  private async follow(settings: BinanceSettings): Promise<void> {
    while (!this.stopping) {
      const leads = await this.leads();
      if (this.stopping) return;
      if (leads) this.session ??= await this.enter(settings);
      else await this.leave();
      await this.pause.rest(LEADERSHIP_MS);
    }
  }

  /** Without an answer nobody knows who leads: then it is not us. */
  private async leads(): Promise<boolean> {
    try {
      return await this.leadership.isMine();
    } catch (error) {
      if (this.session) this.logger.warn(`leaves the exchange: ${messageOf(error)}`);
      return false;
    }
  }

  private async leave(): Promise<void> {
    const session = this.session;
    this.session = null;
    if (!session) return;
    await session.stop();
    this.state.leading(false);
  }

  private async enter(settings: BinanceSettings): Promise<ExchangeSession | null> {
    const closing = await this.closingOf(settings.venue);
    if (closing === undefined || this.stopping) return null;
    const session = this.sessionOf(settings, closing);
    this.state.leading(true);
    this.logger.log(
      `reads ${settings.testnet ? 'the testnet' : 'the live exchange'} for account ${settings.accountId}`,
    );
    session.start();
    return session;
  }

  /** What the one that led before was told; undefined = nobody knows, because the database does not answer. */
  private async closingOf(venue: string): Promise<Closing | null | undefined> {
    try {
      return await this.closings.find(venue);
    } catch (error) {
      this.logger.warn(`does not ask the exchange yet: ${messageOf(error)}`);
      return undefined;
    }
  }

  private keepClosing(venue: string, closing: Closing): void {
    this.closings.save(venue, closing).catch((error: unknown) => {
      this.logger.warn(`another replica may ask the exchange too early: ${messageOf(error)}`);
    });
  }

  private sessionOf(settings: BinanceSettings, closing: Closing | null): ExchangeSession {
    const { cursors, flow, prices, unitOfWork, state, metrics } = this;
    const currency = this.config.BASE_CURRENCY;
    const abort = new AbortController();
    const closed = (told: Closing) => this.keepClosing(settings.venue, told);
    const rest = new BinanceRest(settings, metrics, abort.signal, closed);
    if (closing) rest.gate.close(closing.kind, closing.leftMs);
    const history = new History(rest, settings.accountId);
    const catchUp = new CatchUp(settings, currency, rest, history, cursors, this.intake);
    const awaited = new AwaitedMoney();
    const movements = new Movements();
    const sync = new AccountSync(settings, currency, {
      ...{ rest, catchUp, cursors, flow, prices, unitOfWork, awaited, movements },
      held: () => this.heldSymbols(settings.accountId),
      unnamed: (count) => state.unnamed(count),
      wallet: this.wallet,
    });
    const observe = async (marks: Parameters<PriceFlow['share']>[0]) => void (await prices.share(marks));
    const parts = { settings, currency, rest, sync, catchUp, awaited, movements, state, metrics, observe };
    return new ExchangeSession(parts, abort);
  }

  private *heldSymbols(accountId: string): IterableIterator<string> {
    const account = this.book.find(accountId);
    if (account) for (const { symbol } of account.of(this.positions).held()) yield symbol;
  }
}
