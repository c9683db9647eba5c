import { randomUUID } from 'node:crypto';

/** A JSON number by its exact digits: a double in between would change what is sent. */
export class Num {
  constructor(readonly text: string) {}
}

export type PayloadValue = string | boolean | null | Num | Payload;
export interface Payload {
  readonly [field: string]: PayloadValue;
}

/**
 * The forms in which producers put one message on a stream: V1 the full entry, V2 without ids and with `Z`, V4 the
 * payload alone, V5 without `event_type`, V6 `data` for `payload`, V8 flat fields that are all strings.
 */
export const VARIANTS = ['V1', 'V2', 'V4', 'V5', 'V6', 'V8'] as const;
export type Variant = (typeof VARIANTS)[number];

export type EntryFields = Record<string, string>;

const SOURCE = 'execution';

/** The fields of the stream entry that carries `payload` in this variant. */
export function entryOf(eventType: string, variant: Variant, payload: Payload): EntryFields {
  const text = jsonOf(payload);
  const zoneless = new Date().toISOString().slice(0, -1);
  switch (variant) {
    case 'V1':
      return {
        event_type: eventType,
        payload: text,
        trace_id: '',
        correlation_id: randomUUID(),
        timestamp: zoneless,
        source: SOURCE,
      };
    case 'V2':
      return { event_type: eventType, payload: text, timestamp: `${zoneless}Z`, source: SOURCE };
    case 'V4':
      return { payload: text };
    case 'V5':
      return { payload: text, trace_id: 'trace-1', source: SOURCE, timestamp: zoneless };
    case 'V6':
      return { data: text };
    case 'V8':
      return flatOf(payload);
  }
}

/** The payload as JSON text with every number as it was written. */
export function jsonOf(value: PayloadValue): string {
  if (value instanceof Num) return value.text;
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  const fields = Object.entries(value).map(([name, field]) => `${JSON.stringify(name)}: ${jsonOf(field)}`);
  return `{${fields.join(', ')}}`;
}

function flatOf(payload: Payload): EntryFields {
  return Object.fromEntries(Object.entries(payload).map(([name, value]) => [name, flatText(value)]));
}

/** Python's way of making strings: what the live flat producers do. */
function flatText(value: PayloadValue): string {
  if (value === null) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value === 'string') return value;
  return value instanceof Num ? value.text : jsonOf(value);
}
