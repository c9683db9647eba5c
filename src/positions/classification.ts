import { readFile } from 'node:fs/promises';
import { Inject, Injectable } from '@nestjs/common';
import type { Config } from '../config.js';
import { CONFIG, SettingsError } from '../config.js';
import { Database } from '../database/database.js';
import { messageOf } from '../shared/errors.js';
import type { ClassificationMap } from './domain/classification.js';
import { categoryOf, sectorOf } from './domain/classification.js';

/** A replacement map as `PORTFOLIO_SECTORS_FILE` holds it. */
interface ClassificationFile {
  readonly sectors: Readonly<Record<string, string>>;
  readonly categories: Readonly<Record<string, string>>;
}

/** Sectors and categories as the tables hold them; a file named in the settings replaces the tables at start. */
@Injectable()
export class Classification {
  /** Another object whenever the map is another. */
  map: ClassificationMap = { sectors: new Map(), categories: new Map() };

  constructor(
    private readonly database: Database,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** Reads the tables, after putting the file's map into them when one is set. Throws SettingsError for a bad file. */
  async load(): Promise<void> {
    if (this.config.SECTORS_FILE) await this.replace(await readMapFile(this.config.SECTORS_FILE));
    const sectors = await this.database.query<{ base: string; sector: string }>(
      'SELECT base, sector FROM sectors',
    );
    const categories = await this.database.query<{ base: string; category: string }>(
      'SELECT base, category FROM categories',
    );
    this.map = {
      sectors: new Map(sectors.map((row) => [row.base, row.sector])),
      categories: new Map(categories.map((row) => [row.base, row.category])),
    };
  }

  sectorOf(symbol: string): string {
    return sectorOf(this.map, symbol);
  }

  categoryOf(symbol: string): string {
    return categoryOf(this.map, symbol);
  }

  private async replace({ sectors, categories }: ClassificationFile): Promise<void> {
    await this.database.transaction(async (tx) => {
      await tx.query('DELETE FROM sectors');
      await tx.query('DELETE FROM categories');
      await tx.query('INSERT INTO sectors SELECT * FROM unnest($1::text[], $2::text[])', columnsOf(sectors));
      await tx.query(
        'INSERT INTO categories SELECT * FROM unnest($1::text[], $2::text[])',
        columnsOf(categories),
      );
    });
  }
}

function columnsOf(entries: Readonly<Record<string, string>>): [string[], string[]] {
  return [Object.keys(entries).map((base) => base.toUpperCase()), Object.values(entries)];
}

async function readMapFile(path: string): Promise<ClassificationFile> {
  try {
    const { sectors, categories } = JSON.parse(await readFile(path, 'utf8')) as Partial<ClassificationFile>;
    const isMap = (map: unknown) =>
      typeof map === 'object' &&
      map !== null &&
      Object.values(map).every((value) => typeof value === 'string');
    if (!isMap(sectors) || !isMap(categories))
      throw new Error('must hold {"sectors": {BASE: SECTOR}, "categories": {BASE: CATEGORY}}');
    return { sectors: sectors!, categories: categories! };
  } catch (error) {
    throw new SettingsError(`PORTFOLIO_SECTORS_FILE: ${messageOf(error)}`);
  }
}
