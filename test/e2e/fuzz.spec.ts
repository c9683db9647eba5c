import { request, type IncomingHttpHeaders } from 'node:http';
import { eventually } from '../support/eventually.js';
import { mutated, mutatedFields, noise, oddText } from '../support/fuzz-values.js';
import { Random } from '../support/generate-random.js';
import { metricsOf } from '../support/metrics.js';
import { readSamples } from '../support/samples.js';
import { startStack, type Stack } from '../support/stack.js';
import {
  GROUPED_TYPES,
  PRICE_TYPES,
  allAcknowledged,
  send,
  sendFields,
  streamOf,
} from '../support/streams.js';

/** `npm run fuzz -- --minutes N --seed N` sets these; without them a short form runs with all the other tests. */
const SECONDS = Number(process.env['PORTFOLIO_TEST_FUZZ_SECONDS'] ?? 20);
const SEED = Number(process.env['PORTFOLIO_TEST_FUZZ_SEED'] ?? 20_260_215);
/** What a process may grow by while it answers and books, beyond what its accounts and trades need. */
const GROWTH_BYTES = 200 * 2 ** 20;

interface Parameter {
  readonly name: string;
  readonly schema: { readonly enum?: string[]; readonly default?: unknown; readonly maximum?: number };
}
type Paths = Record<string, Record<string, { readonly parameters?: Parameter[] }>>;

interface Heard {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

function ask(
  port: number,
  path: string,
  method: string,
  headers: Record<string, string>,
  body?: Buffer,
): Promise<Heard | null> {
  return new Promise((resolve, reject) => {
    try {
      const call = request(
        { host: '127.0.0.1', port, path, method, headers, agent: false, timeout: 10_000 },
        (answer) => {
          let text = '';
          answer.on('data', (chunk: Buffer) => (text += chunk.toString()));
          answer.on('end', () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text }));
          answer.on('error', () => resolve(null));
        },
      );
      call.on('timeout', () => call.destroy(new Error(`${method} ${path}: no answer`)));
      // What the server cuts while a body is on its way is an answer, too.
      call.on('error', (error: Error & { code?: string }) => (error.code ? resolve(null) : reject(error)));
      call.end(body);
    } catch {
      // Node's own client refuses to send it: not every oddity can be asked.
      resolve(null);
    }
  });
}

describe(`${SECONDS} s of generated requests and messages, seed ${SEED}`, () => {
  let stack: Stack;
  let paths: Paths;
  const random = new Random(SEED);
  const samples = readSamples();

  beforeAll(async () => {
    stack = await startStack({ env: { PORTFOLIO_RATE_LIMIT: '0' } });
    paths = (await stack.service.get('/openapi.json')).json<{ paths: Paths }>().paths;
    for (const { stream, fields } of samples) await sendFields(stack.redis, stream, fields);
    await eventually(() => allAcknowledged(stack.redis), { timeoutMs: 30_000 });
  }, 90_000);
  afterAll(() => stack.stop());

  function query(parameters: readonly Parameter[]): string {
    const chosen = parameters.filter(() => random.chance(0.5));
    const pairs = chosen.map(({ name, schema }) => {
      const good = random.pick(schema.enum ?? [`${(schema.default ?? 'main') as string}`]);
      const value = random.chance(0.3) ? good : oddText(random, good);
      return `${random.chance(0.05) ? encoded(oddText(random, name)) : name}=${random.chance(0.9) ? encoded(value) : encodeURI(wellFormed(value))}`;
    });
    if (random.chance(0.1) && pairs.length > 0) pairs.push(random.pick(pairs));
    return pairs.length > 0 ? `?${pairs.join(random.chance(0.95) ? '&' : ';')}` : '';
  }

  function headers(): Record<string, string> {
    const names = [
      'accept',
      'if-none-match',
      'authorization',
      'x-api-key',
      'origin',
      'content-type',
      'range',
      'x-forwarded-for',
      'expect',
      'cookie',
      'accept-encoding',
    ];
    const chosen = names.filter(() => random.chance(0.15));
    return Object.fromEntries(
      chosen.map((name) => [name, oddText(random, 'Bearer pis_x').replace(/[^\t\x20-\x7e]/g, '?')]),
    );
  }

  async function askOne(): Promise<string | null> {
    const [route, methods] = random.pick(Object.entries(paths));
    const { parameters = [] } = methods['get'] ?? {};
    const path =
      (random.chance(0.1) ? `/${encodeURI(wellFormed(mutated(random, route.slice(1))))}` : route) +
      query(parameters);
    const method = random.chance(0.9)
      ? 'GET'
      : random.pick(['HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'QUERY']);
    const body = random.chance(0.1) ? noise(random, random.integer(0, 40_000)) : undefined;
    const heard = await ask(stack.service.port, path, method, headers(), body);
    if (heard === null || method === 'HEAD') return null;
    const said = `${method} ${path} → ${heard.status} ${heard.text.slice(0, 200)}`;
    if (heard.status >= 500) return said;
    if (heard.status >= 400 && !/^application\/problem\+json/.test(heard.headers['content-type'] ?? ''))
      return said;
    return heard.status >= 400 && /node_modules|\\n\s+at /.test(heard.text) ? said : null;
  }

  async function sendOne(): Promise<void> {
    const { stream, fields } = random.pick(samples);
    const target = random.chance(0.8) ? stream : streamOf(random.pick([...GROUPED_TYPES, ...PRICE_TYPES]));
    await sendFields(stack.redis, target, mutatedFields(random, fields)).catch((error: Error) => {
      // Redis itself refuses an empty entry.
      if (!/wrong number/.test(error.message)) throw error;
    });
  }

  async function memory(): Promise<number> {
    const lines = await metricsOf(stack.service);
    return lines.find(({ name }) => name === 'process_resident_memory_bytes')!.value;
  }

  test(
    'no answer is an error of ours, nothing ends, nothing grows, and good messages still count',
    async () => {
      const failures: string[] = [];
      let [asked, sent, warm] = [0, 0, 0];
      const started = Date.now();
      while (Date.now() - started < SECONDS * 1000) {
        const [found] = await Promise.all([
          Promise.all([1, 2, 3, 4].map(askOne)),
          Promise.all([1, 2, 3, 4, 5, 6].map(sendOne)),
        ]);
        failures.push(...found.filter((one) => one !== null));
        [asked, sent] = [asked + 4, sent + 6];
        // Code that was compiled and buffers that were made on the way up are no growth.
        if (warm === 0 && Date.now() - started > SECONDS * 250) warm = await memory();
      }
      expect(failures.slice(0, 10)).toEqual([]);
      expect([asked, sent].every((count) => count > 10 * SECONDS)).toBe(true);
      const money = {
        event_id: `after-${SEED}`,
        type: 'DEPOSIT',
        amount: '1',
        timestamp: '2026-02-15T00:00:00Z',
        account_id: 'after-fuzz',
      };
      await send(stack.redis, 'account.cash_flow', 'V1', money);
      await eventually(
        async () => expect((await stack.service.get('/pnl?account=after-fuzz')).status).toBe(200),
        { timeoutMs: 60_000 },
      );
      await eventually(() => allAcknowledged(stack.redis), { timeoutMs: 60_000 });
      expect((await stack.service.get('/health')).json()).toMatchObject({ status: 'healthy' });
      expect((await memory()) - warm).toBeLessThan(GROWTH_BYTES);
      expect(
        stack.service
          .logs()
          .split('\n')
          .filter((line) => /"level":"(error|fatal)"/.test(line)),
      ).toEqual([]);
    },
    SECONDS * 1000 + 180_000,
  );
});

/** Half a surrogate pair cannot be encoded: it becomes the sign that stands for it. */
function wellFormed(text: string): string {
  return Buffer.from(text, 'utf8').toString();
}

function encoded(text: string): string {
  return encodeURIComponent(wellFormed(text));
}
