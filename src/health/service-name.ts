import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PROJECT_FOLDER } from '../shared/project-folder.js';

/** The name that neighbours know the service by. */
export const SERVICE_NAME = 'portfolio-intelligence';

/** As package.json says. */
export const SERVICE_VERSION = (
  JSON.parse(readFileSync(join(PROJECT_FOLDER, 'package.json'), 'utf8')) as { version: string }
).version;
