import { readFile, writeFile } from 'node:fs/promises';
import { explain, say } from './lib/say.mjs';
import { licencesPage } from './lib/licences.mjs';

/** `npm run licences`: writes docs/licences.md anew from the lock file; a test holds it to be current. */
try {
  const root = new URL('..', import.meta.url);
  const lock = JSON.parse(await readFile(new URL('package-lock.json', root), 'utf8'));
  await writeFile(new URL('docs/licences.md', root), licencesPage(lock));
  say('docs/licences.md is written.');
} catch (error) {
  say(explain(error));
  process.exitCode = 1;
}
