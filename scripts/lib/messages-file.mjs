import { createReadStream } from 'node:fs';
import { open, readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { Sentence } from './say.mjs';

/**
 * The messages of a file, one after the other: JSON lines, or one JSON array. Each comes as
 * `{ message, bytes, line }`; what is not a message comes as `{ problem, bytes, line }`.
 */
export async function* messagesOf(path) {
  if (await beginsWithBracket(path)) {
    const text = await readFile(path, 'utf8');
    const values = arrayOf(text, path);
    const bytes = Buffer.byteLength(text) / values.length;
    for (const [index, value] of values.entries()) yield { ...checked(value), bytes, line: index + 1 };
    return;
  }
  let line = 0;
  for await (const text of createInterface({ input: createReadStream(path), crlfDelay: Infinity })) {
    line += 1;
    const bytes = Buffer.byteLength(text) + 1;
    if (text.trim() !== '') yield { ...parsed(text), bytes, line };
  }
}

async function beginsWithBracket(path) {
  const file = await open(path).catch((error) => {
    throw new Sentence(`${path} cannot be read: ${error.message}`);
  });
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(256), 0, 256, 0);
    return buffer.toString('utf8', 0, bytesRead).trimStart().startsWith('[');
  } finally {
    await file.close();
  }
}

function arrayOf(text, path) {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Sentence(`${path} is not a JSON array: ${error.message}`);
  }
}

function parsed(text) {
  try {
    return checked(JSON.parse(text));
  } catch (error) {
    return { problem: error.message };
  }
}

function checked(value) {
  const isMessage =
    typeof value?.stream === 'string' && typeof value.fields === 'object' && value.fields !== null;
  if (!isMessage || Object.keys(value.fields).length === 0)
    return { problem: 'it needs a stream and fields' };
  return { message: value };
}

const SECONDS = /^\d{9,10}(\.\d+)?$/;
const MILLISECONDS = /^\d{12,13}(\.\d+)?$/;

/** When a message was sent, in ms since 1970: by its entry id, else by a time it carries; null when it has none. */
export function sentAt({ stream_id, fields }) {
  if (/^\d+-\d+$/.test(stream_id ?? '')) return Number(stream_id.split('-')[0]);
  const carried = fields.timestamp ?? fields.ts ?? fields.ts_utc ?? fields.ts_epoch ?? fields.close_ts;
  return (
    moment(carried) ?? moment(/"timestamp":\s*"?([^",}]+)/.exec(fields.payload ?? fields.data ?? '')?.[1])
  );
}

function moment(value) {
  const text = String(value ?? '').trim();
  if (SECONDS.test(text)) return Number(text) * 1000;
  if (MILLISECONDS.test(text)) return Number(text);
  const hasZone = /(Z|[+-]\d\d:?\d\d)$/i.test(text);
  const time = Date.parse(hasZone ? text : `${text}Z`);
  return Number.isNaN(time) ? null : time;
}
