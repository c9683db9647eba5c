import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { GIVES_BACK, ROOM_FOR_THE_YOUNG } from './node-flags.mjs';
import { isPortFree } from './ports.mjs';
import { projectRoot } from './paths.mjs';
import { startServer, stopServer } from './processes.mjs';
import { say, Sentence } from './say.mjs';
import { setting } from './settings.mjs';

const LOOPBACK = '127.0.0.1';
/** Longer than the service may take to finish what it has in hand. */
const DRAIN_MS = 30_000;
const PATIENCE_MS = 60_000;

/** Where the service will answer, by its own settings. */
export function serviceAddress() {
  const port = Number(setting('PORT') ?? 8004);
  const host = setting('HOST') ?? LOOPBACK;
  const reached = ['0.0.0.0', '::', 'localhost'].includes(host) ? LOOPBACK : host;
  return { port, host, url: `http://${reached.includes(':') ? `[${reached}]` : reached}:${port}` };
}

/** Starts the built service with what was provided for it; settings that are already there win. */
export async function startService(provided) {
  const { host, port, url } = serviceAddress();
  if (!(await isPortFree(port, host))) {
    throw new Sentence(
      `Port ${port} of ${host} is taken: stop what listens there, or set PORTFOLIO_PORT to another one.`,
    );
  }
  const server = startServer(process.execPath, [ROOM_FOR_THE_YOUNG, join(projectRoot, 'dist', 'main.js')], {
    cwd: projectRoot,
    env: {
      ...GIVES_BACK,
      ...process.env,
      PORTFOLIO_LOG_FORMAT: setting('LOG_FORMAT') ?? 'text',
      ...provided,
    },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  return { url, server, stop: () => stopServer(server, 'SIGTERM', DRAIN_MS) };
}

/** Waits until the service is ready; resolves to false when it ended or the wait was given up. */
export async function untilReady({ url, server }, signal) {
  let over = false;
  void server.exited.then(() => (over = true));
  let complainAt = Date.now() + PATIENCE_MS;
  for (let answer; !over && !signal.aborted; await delay(100)) {
    answer = await readiness(url);
    if (answer === 'ready') return true;
    if (Date.now() < complainAt) continue;
    say(`Still waiting for ${url}/health/ready: ${answer}`);
    complainAt += PATIENCE_MS;
  }
  return false;
}

/** 'ready', or what stands in the way. */
async function readiness(url) {
  try {
    const response = await fetch(`${url}/health/ready`, { signal: AbortSignal.timeout(5000) });
    return response.status === 200 ? 'ready' : `${response.status} ${await response.text()}`;
  } catch (error) {
    return String(error.cause?.message ?? error.message);
  }
}
