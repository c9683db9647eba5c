import { eventually } from '../../support/eventually.js';
import type { Trial } from './experiment.js';
import type { Load } from './load.js';

/** Messages of a day that are in the book before anything is done to the service. */
const FIRST_PART = 60;

/** A day of which the first part is in the book, with a service that runs. */
export async function begun({ rig, load }: Trial, trades = 100): Promise<Load> {
  await rig.running();
  const day = load(trades);
  await day.send(rig.redis, FIRST_PART);
  await eventually(async () =>
    expect((await rig.service.get(`/api/portfolio/snapshot?account=${day.account}`)).status).toBe(200),
  );
  return day;
}
