import { Injectable } from '@nestjs/common';
import { TradeStoreSync } from '../sources/trade-store/trade-store-sync.js';
import type { ComponentBody } from './health.body.js';

/** How the import of the trade store fares: shown, and no reason to send no traffic here. Nothing where none is set. */
@Injectable()
export class TradeStoreComponent {
  constructor(private readonly tradeStore: TradeStoreSync) {}

  components(): ComponentBody[] {
    const { status, message } = this.tradeStore.state;
    if (status === 'off') return [];
    return [{ name: 'trade_store', status: status === 'failed' ? 'unhealthy' : 'healthy', message }];
  }
}
