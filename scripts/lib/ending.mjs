import { killAllServers } from './processes.mjs';
import { say } from './say.mjs';

/** npm passes on the signal that the terminal has already sent to all of us: that is one Ctrl-C, not two. */
const SAME_KEYPRESS_MS = 500;

/**
 * Turns the first Ctrl-C (or SIGTERM, or a closed terminal) into an aborted signal, and a second one into the end of
 * everything at once.
 */
export function endingSignal() {
  const controller = new AbortController();
  let first = 0;
  const onSignal = () => {
    if (!first) {
      first = Date.now();
      say('\nStopping …');
      return controller.abort();
    }
    if (Date.now() - first < SAME_KEYPRESS_MS) return;
    say('Stopped by force.');
    killAllServers();
    process.exit(130);
  };
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(name, onSignal);
  return controller.signal;
}

/** Resolves when the signal is aborted. */
export function aborted(signal) {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}

/** What was started, to be stopped in the opposite order. */
export class Started {
  #stops = [];
  /** True from the moment that servers end because we end them. */
  stopping = false;

  /** Notes how to stop what `thing` is, and hands it back. */
  add(name, thing) {
    this.#stops.push({ name, stop: () => thing.stop() });
    return thing;
  }

  async stopAll() {
    this.stopping = true;
    for (const { name, stop } of this.#stops.splice(0).reverse()) {
      try {
        await stop();
      } catch (error) {
        say(`${name} did not stop cleanly: ${error.message}`);
      }
    }
  }
}
