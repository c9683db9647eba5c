import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { METHOD_METADATA, PATH_METADATA } from '@nestjs/common/constants.js';
import { readConfig } from '../src/config.js';
import { DISCREPANCY_KINDS } from '../src/positions/domain/discrepancy-kinds.js';
import { ACCOUNT_EXAMPLES } from './support/accounting-account.js';
import { TRADE_EXAMPLES } from './support/accounting-trades.js';

const root = join(__dirname, '..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');

function filesIn(folder: string, ending: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(ending))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
    .sort();
}

const PAGES = ['README.md', 'CHANGELOG.md', ...filesIn('docs', '.md')];
const SOURCES = filesIn('src', '.ts').map(read).join('\n');
const readme = read('README.md');
const operations = read('docs/operations.md');

/** The first group of every match of a pattern, each once. */
function named(text: string, pattern: RegExp): string[] {
  return [...new Set([...text.matchAll(pattern)].map((match) => match[1]!))];
}

/** Those that a page does not have in code font, alone or with something behind it such as a label. */
const missingIn = (page: string, names: readonly string[]) =>
  names.filter((name) => !page.includes(`\`${name}\``) && !page.includes(`\`${name}{`));

describe('the README', () => {
  const settings = named(read('src/config.ts'), /^ {2}([A-Z][A-Z_]+): /gm);

  test('lists every setting of the service', () => {
    expect(settings).toContain('DATABASE_URL');
    expect(
      missingIn(
        readme,
        settings.map((name) => `PORTFOLIO_${name}`),
      ),
    ).toEqual([]);
  });

  test('says the defaults that hold', () => {
    const config = readConfig({}, { DATABASE_URL: 'postgres://h/d', REDIS_URL: 'redis://h' });
    const wrong = Object.entries(config).flatMap(([name, value]) => {
      if (
        value === undefined ||
        String(value) === '' ||
        ['DATABASE_URL', 'REDIS_URL', 'REPLICA'].includes(name)
      )
        return [];
      const told = new RegExp(`\\| \`PORTFOLIO_${name}\` *\\| \`([^\`]*)\``).exec(readme)?.[1];
      const holds = typeof value === 'boolean' ? (value ? 'on' : 'off') : String(value);
      return told === holds ? [] : [`${name}: ${told} is told, ${holds} holds`];
    });
    expect(wrong).toEqual([]);
  });

  test('lists every setting of the scripts', () => {
    const scripts = filesIn('scripts', '.mjs').map(read).join('\n');
    const names = named(scripts, /process\.env\.(PORTFOLIO_[A-Z_]+)/g);
    expect(names).toContain('PORTFOLIO_DEMO');
    expect(missingIn(readme, names)).toEqual([]);
  });

  test('lists every route', async () => {
    const routes = await routesOfControllers();
    expect(routes).toContain('GET /api/portfolio/snapshot');
    expect(missingIn(readme, routes)).toEqual([]);
  });

  test('names every command', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: object };
    const told = (name: string) => readme.includes(`npm ${name}`) || readme.includes(`npm run ${name}`);
    expect(Object.keys(scripts).filter((name) => !told(name))).toEqual([]);
  });

  test('links every decision', () => {
    const decisions = filesIn('docs/decisions', '.md');
    expect(decisions.filter((path) => !readme.includes(`](${path})`))).toEqual([]);
  });
});

describe('the pages', () => {
  test('link to what is there', () => {
    const broken = PAGES.flatMap((page) =>
      named(read(page), /\]\(([^)#\s]+)(?:#[^)]*)?\)/g)
        .filter((link) => !link.includes('://') && !existsSync(join(root, dirname(page), link)))
        .map((link) => `${page}: ${link}`),
    );
    expect(broken).toEqual([]);
  });

  test('hold no picture and no emoji', () => {
    expect(PAGES.filter((page) => /!\[|\p{Emoji_Presentation}/u.test(read(page)))).toEqual([]);
  });
});

describe('the page on faults', () => {
  test('names every experiment', () => {
    const specs = filesIn('test/faults', '.spec.ts').map(read).join('\n');
    const made = /^(?:experiment|redisOutage|postgresOutage|loss|locked|wrongType)\(\s*'([^']+)'/gm;
    const names = named(specs, made);
    expect(names).toContain('kill -9 at random moments under load');
    const page = read('docs/faults.md');
    expect(names.filter((name) => !page.includes(name))).toEqual([]);
  });
});

describe('the operations page', () => {
  test('explains every warning', () => {
    const source = read('src/portfolio/warnings.ts');
    const names = named(source, /(?:\[|about\(held, |counted\()'([a-z_]+)'/g);
    expect(names).toContain('wallet_unknown');
    expect(missingIn(operations, names)).toEqual([]);
  });

  test('explains every code of refusal', () => {
    const codes = named(SOURCES, /new Refusal\(\s*'([a-z_]+)'/g);
    expect(codes).toContain('dated_ahead');
    expect(
      missingIn(
        operations,
        codes.filter((code) => !/_(missing|invalid)$/.test(code)),
      ),
    ).toEqual([]);
  });

  test('explains what is ignored, and every kind of discrepancy', () => {
    const reasons = /readonly reason: ((?:'[a-z_]+'[ |]*)+)/.exec(read('src/ledger/facts.ts'))![1]!;
    const names = [...named(reasons, /'([a-z_]+)'/g), ...DISCREPANCY_KINDS];
    expect(names).toContain('paper_trade');
    expect(missingIn(operations, names)).toEqual([]);
  });

  test('explains every metric of ours', () => {
    const names = named(SOURCES, /(?:counter\(|gauge\(|name:)\s*'((?:portfolio|positions)_[a-z_]+)'/g);
    expect(names).toContain('portfolio_value_usd');
    expect(names).toContain('portfolio_batch_size');
    expect(missingIn(operations, names)).toEqual([]);
  });
});

describe('the page about HTTP', () => {
  const api = read('docs/api.md');

  test('lists every code of a problem', () => {
    const titles = /const TITLES = \{([^}]+)\}/.exec(read('src/http/problem.ts'))![1]!;
    expect(missingIn(api, named(titles, /^ {2}([a-z_]+):/gm))).toEqual([]);
  });

  test('lists every parameter', () => {
    const names = named(read('src/portfolio/asked.ts'), /^ {2}readonly (\w+)[?:]/gm);
    expect(names).toContain('numbers');
    expect(missingIn(api, names)).toEqual([]);
  });

  test('lists every number that can be explained', () => {
    const lists = named(SOURCES, /export const (?:FIGURES|FORMS) = \[([^\]]+)\]/g).join();
    expect(named(lists, /'([^']+)'/g)).toContain('total_equity');
    expect(missingIn(api, named(lists, /'([^']+)'/g))).toEqual([]);
  });
});

test('the page about messages lists every event that comes in', () => {
  const types = named(read('src/transport/wire/decode.ts'), /\[\s*'([a-z]+\.[a-z_.]+)',/g);
  expect(types).toContain('trade.corrected');
  expect(missingIn(read('docs/messages.md'), types)).toEqual([]);
});

describe('the page about accounting', () => {
  const examples = { ...TRADE_EXAMPLES, ...ACCOUNT_EXAMPLES };
  const blocks = new Map(
    [...read('docs/accounting.md').matchAll(/^```text ([a-z-]+)\n([\s\S]*?)^```$/gm)].map(
      ([, name, lines]) => [name!, lines!.trimEnd().split('\n')] as const,
    ),
  );

  test('has an example of everything that is computed here, and no other', () => {
    expect([...blocks.keys()].sort()).toEqual(Object.keys(examples).sort());
  });

  test.each(Object.entries(examples))('computes the example %s to the digit', (name, compute) => {
    const lines = Object.entries(compute()).map(([label, value]) => `${label} = ${String(value)}`);
    expect(blocks.get(name)).toEqual(lines);
  });
});

/** `GET /path` of every method of every controller, as their decorators say; the copies for the stripping proxy left out. */
async function routesOfControllers(): Promise<string[]> {
  const routes: string[] = [];
  for (const file of filesIn('src', '.controller.ts')) {
    const module = (await import(join(root, file))) as Record<string, { prototype: object }>;
    for (const controller of Object.values(module)) routes.push(...routesOf(controller));
  }
  return routes;
}

function routesOf(controller: { prototype: object }): string[] {
  const prefix: unknown = Reflect.getMetadata(PATH_METADATA, controller);
  const base = String(Array.isArray(prefix) ? prefix[0] : prefix);
  return Object.values(Object.getOwnPropertyDescriptors(controller.prototype)).flatMap(({ value }) => {
    if (typeof value !== 'function' || Reflect.getMetadata(METHOD_METADATA, value) === undefined) return [];
    const path = `/${base}/${String(Reflect.getMetadata(PATH_METADATA, value))}`;
    return [`GET ${path.replace(/\/+/g, '/').replace(/(?<=.)\/$/, '')}`];
  });
}
