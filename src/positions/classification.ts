import { Inject, Injectable, Logger } from '@nestjs/common';
import type { Config } from '../config.js';
import { CONFIG, SettingsError } from '../config.js';
import { Database } from '../database/database.js';
import type { ClassificationFile } from './classification-file.js';
import { ClassificationError, readClassificationFile } from './classification-file.js';
import { lockState, markChanged, readMap, readState, replaceMap } from './classification-tables.js';
import type { ClassificationMap } from './domain/classification.js';
import { categoryOf, sectorOf } from './domain/classification.js';

/**
 * Sectors and categories as the tables hold them. A file named in the settings takes the tables' place at start, when it is another than
 * the one that was taken last: what was set by hand since then outlives a restart.
 */
@Injectable()
export class Classification {
  private readonly logger = new Logger('Classification');
  /** Another object whenever the map is another. */
  map: ClassificationMap = { sectors: new Map(), categories: new Map() };
  private revision: string | null = null;

  constructor(
    private readonly database: Database,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** Takes the settings' file, and reads the tables. Throws SettingsError for a bad file: then nothing was changed. */
  async load(): Promise<void> {
    if (this.config.SECTORS_FILE) await this.take(await readSettingsFile(this.config.SECTORS_FILE));
    await this.follow();
  }

  /** Reads the tables anew when somebody changed them. */
  async follow(): Promise<void> {
    const { revision, origin } = await readState(this.database);
    if (revision === this.revision) return;
    // A change between the two reads has a revision of its own, and is seen at the next look.
    this.map = await readMap(this.database);
    if (this.revision !== null)
      this.logger.log(`sectors and categories changed: ${origin}, revision ${revision}`);
    this.revision = revision;
  }

  sectorOf(symbol: string): string {
    return sectorOf(this.map, symbol);
  }

  categoryOf(symbol: string): string {
    return categoryOf(this.map, symbol);
  }

  private async take(file: ClassificationFile): Promise<void> {
    await this.database.transaction(async (tx) => {
      const { fileDigest } = await lockState(tx);
      if (fileDigest === file.digest) return;
      await replaceMap(tx, file);
      await markChanged(tx, { origin: 'file', fileDigest: file.digest });
    });
  }
}

async function readSettingsFile(path: string): Promise<ClassificationFile> {
  try {
    return await readClassificationFile(path);
  } catch (error) {
    if (error instanceof ClassificationError)
      throw new SettingsError(`PORTFOLIO_SECTORS_FILE: ${error.message}`);
    throw error;
  }
}
