/** Thrown when a case names something this product does not offer; the message says what. The case is skipped. */
export class NotOffered extends Error {}

/** A case as it stands in its file. What is inside is judged by shape, never by name. */
export interface ConformanceCase {
  readonly id: string;
  readonly source?: { readonly repo?: string };
  readonly params?: Json;
  readonly convention?: Json;
  readonly tags?: readonly string[];
  readonly note?: string;
  readonly tolerance?: string | number;
  readonly expect: Json;
  readonly [key: string]: unknown;
}

/** Parsed JSON. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

export type JsonObject = { readonly [key: string]: Json };

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A value as text: strings as they are, everything else as JSON. */
export function textOf(value: Json | undefined): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
}

/** Names are compared by their letters and digits only: `avgOpen`, `avg_open` and `AvgOpen` are one name. */
export function plainName(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, '');
}
