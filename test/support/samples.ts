import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { EntryFields } from './envelope.js';

/** One message as it lay, or would lie, on the live streams. */
export interface Sample {
  readonly stream: string;
  readonly event: string;
  readonly variant: string;
  readonly fields: EntryFields;
}

/** The recorded and reconstructed messages of test/fixtures, in the order of the file. */
export function readSamples(): Sample[] {
  return JSON.parse(readFileSync(resolve('test/fixtures/inbound.json'), 'utf8')) as Sample[];
}
