import { setTimeout as delay } from 'node:timers/promises';

/** What the account holds now, by the service's own answer; asked again until there is one. */
export async function currentAccount(serviceUrl, signal) {
  for (;;) {
    const snapshot = await ask(serviceUrl, signal);
    if (snapshot) {
      return {
        isEmpty: JSON.stringify(snapshot.warnings ?? []).includes('wallet_unknown'),
        positions: snapshot.positions ?? [],
      };
    }
    await delay(1000, undefined, { signal });
  }
}

async function ask(serviceUrl, signal) {
  try {
    const response = await fetch(`${serviceUrl}/api/portfolio/snapshot`, { signal });
    // No account yet: nobody has deposited anything.
    if (response.status === 404) return { warnings: ['wallet_unknown'] };
    return response.ok ? await response.json() : null;
  } catch (error) {
    // The service is busy or just restarting; the next question may be answered.
    if (signal.aborted) throw error;
    return null;
  }
}
