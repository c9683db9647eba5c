import { Inject, Injectable } from '@nestjs/common';
import type { Config } from '../config.js';
import { CONFIG, SettingsError } from '../config.js';
import { looksLikeKey } from './api-key.js';
import type { Caller } from './caller.js';
import { KeyRing } from './key-ring.js';
import { isLoopback } from './loopback.js';
import { Tokens } from './tokens.js';

/** Why nobody could be told from what was shown. `unknown`: no key or token that holds; `unready`: keys are not known yet, or no longer. */
export type Unidentified = 'unknown' | 'unready';

/** Who somebody is, by what he shows. Every door asks here: HTTP, peers, and whatever opens one later. */
@Injectable()
export class Access {
  /** Whether somebody who shows nothing may read: on this machine's own address, or when the settings say so on purpose. */
  readonly isOpen: boolean;

  constructor(
    private readonly keys: KeyRing,
    private readonly tokens: Tokens,
    @Inject(CONFIG) private readonly config: Config,
  ) {
    this.isOpen = config.AUTH === 'none' || (config.AUTH === 'auto' && isLoopback(config.HOST));
  }

  /** Reads the keys. Throws SettingsError when nobody could ever come in, and TransientError or a driver's error when they cannot be read. */
  async start(): Promise<void> {
    await this.keys.start();
    if (this.isOpen || this.tokens.areAccepted || this.keys.size > 0) return;
    throw new SettingsError(
      `PORTFOLIO_AUTH: listening on ${this.config.HOST} needs a key, and there is none that holds: make one with ` +
        '`npm run keys -- create`, set PORTFOLIO_AUTH_JWKS_URL, or set PORTFOLIO_AUTH=none to let everybody read',
    );
  }

  /** Who this is, when that is known without asking anybody: no promise, no query, one hash. */
  recognize(credential: string): Caller | null {
    return looksLikeKey(credential) ? this.keys.find(credential) : this.tokens.remembered(credential);
  }

  /** Whether finding out who this is costs more than a hash, for somebody who never came in before. */
  isStranger(credential: string): boolean {
    return this.tokens.areAccepted && !looksLikeKey(credential) && !this.tokens.wasMet(credential);
  }

  /** Who this is. Throws TransientError when the identity provider does not answer. */
  async identify(credential: string): Promise<Caller | Unidentified> {
    const known = this.recognize(credential);
    if (known) return known;
    if (looksLikeKey(credential)) return this.keys.isCurrent ? 'unknown' : 'unready';
    return (await this.tokens.verify(credential)) ?? 'unknown';
  }
}
