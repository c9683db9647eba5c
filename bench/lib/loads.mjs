import { join } from 'node:path';
import { GIVES_BACK, ROOM_FOR_THE_YOUNG } from '../../scripts/lib/node-flags.mjs';
import { startChild } from './children.mjs';

/** The generator of HTTP requests, ready to be asked. */
export function httpLoad({ folder, started }) {
  return started.add(
    'the HTTP load',
    startChild('bench/load/http.mjs', { log: join(folder, 'http-load.log') }),
  );
}

/** The generator of ticks; `ask` it with a rate to start, with nothing to stop. */
export function tickLoad({ folder, started }) {
  return started.add(
    'the tick load',
    startChild('bench/load/ticks.mjs', { log: join(folder, 'tick-load.log') }),
  );
}

/** A bare baseline with a database, a Redis or neither; started as the service is. */
export function bare({ folder, started }, name, env = {}) {
  const log = join(folder, `bare-${name}.log`);
  return started.add(
    `the bare ${name}`,
    startChild(`bench/bare/${name}.mjs`, {
      env: { ...GIVES_BACK, ...env },
      log,
      nodeFlags: [ROOM_FOR_THE_YOUNG],
    }),
  );
}
