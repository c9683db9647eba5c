import type { ArgumentsHost, CanActivate, ExecutionContext, RpcExceptionFilter } from '@nestjs/common';
import { Catch, Inject, Injectable, Logger } from '@nestjs/common';
import type { RedisContext } from '@nestjs/microservices';
import { RpcException } from '@nestjs/microservices';
import type { Observable } from 'rxjs';
import { EMPTY, throwError } from 'rxjs';
import { Access } from '../access/access.js';
import type { Caller } from '../access/caller.js';
import { mayDo, maySee } from '../access/caller.js';
import type { Config } from '../config.js';
import { CONFIG } from '../config.js';
import { Metrics } from '../ledger/metrics.js';
import { PeerRates } from './peer-rates.js';

/** Questions begin so; everything else that a peer sends is an event. */
const QUESTION = 'portfolio.get_';

/** A peer's message that was not let in. */
export class PeerRefusal extends RpcException {}

/** Answers a question that was turned away; an event has nobody to answer, and must not fill the log. */
@Catch(PeerRefusal)
export class PeerRefusalFilter implements RpcExceptionFilter<PeerRefusal> {
  catch(refusal: PeerRefusal, host: ArgumentsHost): Observable<never> {
    const channel = host.switchToRpc().getContext<RedisContext>().getChannel();
    return channel.startsWith(QUESTION) ? throwError(() => refusal.getError()) : EMPTY;
  }
}

/**
 * The door for peers. With `PORTFOLIO_PEER_AUTH=redis` whoever Redis lets publish to these channels comes in, and Redis' own users and
 * rules decide that. With `key` a message carries `api_key`: a question is answered as over HTTP, an event needs the scope admin and every
 * account. The key is taken out of the message here, so that nothing behind can keep it. Questions are counted by their pattern, because
 * Redis does not tell who sends, and by key where there is one. Events are not: nobody would send again what was refused; PeerEvents bounds
 * what of them may wait.
 */
@Injectable()
export class PeerGuard implements CanActivate {
  private readonly logger = new Logger('Peers');
  private readonly rates: PeerRates;
  private readonly strangers: PeerRates;

  constructor(
    private readonly access: Access,
    private readonly metrics: Metrics,
    @Inject(CONFIG) private readonly config: Config,
  ) {
    this.rates = new PeerRates(config.PEER_RATE_LIMIT);
    this.strangers = new PeerRates(config.RATE_LIMIT_REFUSED);
  }

  canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    const rpc = context.switchToRpc();
    const message: unknown = rpc.getData();
    const key = takeKey(message);
    const channel = rpc.getContext<RedisContext>().getChannel();
    if (this.config.PEER_AUTH === 'redis')
      return channel.startsWith(QUESTION) ? this.counted(channel, channel) : true;
    return this.check(key, message, channel);
  }

  private async check(key: string | null, message: unknown, channel: string): Promise<true> {
    if (key !== null && this.access.isStranger(key)) this.countStranger(channel);
    const found = key === null ? 'unknown' : await this.access.identify(key);
    if (typeof found === 'string')
      throw this.refusal(channel, 'credentials_invalid', 'api_key lets nobody in');
    if (!channel.startsWith(QUESTION)) return this.checkEvent(found, channel);
    if (!mayDo(found, 'read')) throw this.refusal(channel, 'scope_missing', 'this key may not read');
    const { account_id: asked } = (message ?? {}) as { account_id?: unknown };
    const accountId = typeof asked === 'string' ? asked : 'main';
    if (!maySee(found, accountId)) throw this.refusal(channel, 'account_unknown', `no account ${accountId}`);
    return this.counted(channel, `${channel} ${found.id}`);
  }

  /** To check a token costs what a thousand keys do. Those that held before are not counted: strangers cannot keep them out. */
  private countStranger(channel: string): void {
    if (this.strangers.count('') !== null)
      throw this.refusal(channel, 'too_many_requests', 'too many unknown tokens');
  }

  private counted(channel: string, name: string): true {
    const seconds = this.rates.count(name);
    if (seconds === null) return true;
    throw this.refusal(channel, 'too_many_requests', `asked too often; again in ${seconds} s`);
  }

  private checkEvent(caller: Caller, channel: string): true {
    if (mayDo(caller, 'admin') && caller.accounts === 'all') return true;
    throw this.refusal(channel, 'scope_missing', 'an event needs the scope admin and every account');
  }

  /** Nobody reads an answer to an event, so every refusal is counted, and told at debug. */
  private refusal(channel: string, code: string, message: string): PeerRefusal {
    this.metrics.turnedAway.inc({ door: 'peers', code });
    this.logger.debug(`${channel} from a peer was turned away: ${code}`);
    return new PeerRefusal({ code, message });
  }
}

function takeKey(message: unknown): string | null {
  if (typeof message !== 'object' || message === null || !('api_key' in message)) return null;
  const { api_key: key } = message;
  delete message.api_key;
  return typeof key === 'string' ? key : null;
}
