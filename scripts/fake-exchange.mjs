/**
 * An exchange on loopback to try the service against: `npm run fake-exchange -- [--port N] [--wallet 10000] [--trade]`. It serves the shapes
 * of Binance USDT-M futures, prints the settings with which the service finds it, and is told what happens by POST under `/_fake/`.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { compile } from './lib/compile.mjs';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');

/** Beside the packages, so that what is compiled finds them. */
async function load() {
  const cache = join(root, 'node_modules', '.cache');
  mkdirSync(cache, { recursive: true });
  const target = mkdtempSync(join(cache, 'fake-exchange-'));
  try {
    writeFileSync(join(target, 'package.json'), '{"type":"module"}');
    const entry = 'test/support/fake-exchange/standalone';
    compile(join(root, `${entry}.ts`), root, target);
    return await import(pathToFileURL(join(target, `${entry}.js`)).href);
  } finally {
    rmSync(target, { recursive: true, force: true });
  }
}

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '0' },
    wallet: { type: 'string', default: '10000' },
    trade: { type: 'boolean', default: false },
  },
});
const { standAlone } = await load();
const { settings, stop } = await standAlone({
  port: Number(values.port),
  wallet: values.wallet,
  trade: values.trade,
});
for (const [name, value] of Object.entries(settings)) console.log(`export ${name}=${value}`);
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => void stop().then(() => process.exit(0)));
