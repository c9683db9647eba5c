import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of the project, wherever it was cloned to. */
export const projectRoot = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** What `npm start` keeps between runs: both databases, their passwords and where they listened. */
export const dataDirectory = join(projectRoot, '.data');

/** Where a running `npm start` says what it provides, so that `npm run replay` finds it. */
export const runFile = join(dataDirectory, 'run.json');
