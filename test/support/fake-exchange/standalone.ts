import { tradeOnce } from './an-hour.js';
import { startFakeExchange } from './fake-exchange.js';

const EVERY_MS = 1_000;

/** One that runs by itself, and trades once a second when it is asked to. */
export async function standAlone({ port, wallet, trade }: { port: number; wallet: string; trade: boolean }) {
  const exchange = await startFakeExchange({ port, wallet });
  const timer = trade ? setInterval(() => tradeOnce(exchange, Math.random), EVERY_MS) : undefined;
  const stop = (): Promise<void> => {
    clearInterval(timer);
    return exchange.stop();
  };
  return { settings: exchange.settings(), exchange, stop };
}
