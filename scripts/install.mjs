import { ensureInstalled, requireNode } from './lib/install.mjs';
import { explain, say } from './lib/say.mjs';

/** Installs the dependencies if they are missing or have changed; CI calls it before its checks. */
try {
  requireNode();
  await ensureInstalled();
} catch (error) {
  say(explain(error));
  process.exitCode = 1;
}
