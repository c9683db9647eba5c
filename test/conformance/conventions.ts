import { type ConformanceCase, type Json, NotOffered, isObject, plainName, textOf } from './outcome.js';
import type { Settings } from './settings.js';
import { formula } from './readers.js';
import { READERS } from './wordings.js';

/** Reads a convention that stands outside `convention` and `params`; false when it is none. */
export function readSetting(key: string, value: Json, settings: Settings): boolean {
  return READERS[plainName(key)]?.(value, settings) ?? false;
}

/** Reads `convention` and `params`. What is not in the table, or not in a wording we know, is not offered. */
export function settingsOf(test: ConformanceCase): Settings {
  const settings: Settings = {};
  for (const section of ['convention', 'conventions', 'params'] as const) {
    const named = test[section];
    if (!isObject(named)) continue;
    for (const [key, value] of Object.entries(named)) readOne(section, key, value, settings, test.expect);
  }
  return settings;
}

function readOne(section: string, key: string, value: Json, settings: Settings, expected: Json): void {
  const read = READERS[plainName(key)];
  if (read?.(value, settings)) return;
  const explains =
    isObject(expected) && Object.keys(expected).some((name) => plainName(name) === plainName(key));
  if (explains && formula(value, settings)) return;
  throw new NotOffered(read || explains ? `${section}.${key} "${textOf(value)}"` : `${section}.${key}`);
}
