import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import {
  arrows,
  environmentInOnePlace,
  exactMoney,
  fileSize,
  functionSize,
  importCycles,
  pureDomain,
  pureImports,
  type Rule,
} from './support/tidy-rules.js';
import type { SourceFile } from './support/tidy-syntax.js';

const root = join(__dirname, '..');

function filesOfSrc(): SourceFile[] {
  return readdirSync(join(root, 'src'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => ({ path: relative(root, path).split(sep).join('/'), text: readFileSync(path, 'utf8') }));
}

const files = filesOfSrc();

function broken(rule: Rule): string[] {
  return files.flatMap(rule).map(({ path, line, message }) => `${path}:${line} ${message}`);
}

describe('the house', () => {
  test('has files to look at', () => expect(files.length).toBeGreaterThan(5));
  test('lets modules import along the arrows only, and by the face', () =>
    expect(broken(arrows)).toEqual([]));
  test('has no circles of imports', () => expect(importCycles(files)).toEqual([]));
  test('keeps frameworks out of its domains', () => expect(broken(pureImports)).toEqual([]));
  test('keeps clock, chance and the outside out of its domains', () =>
    expect(broken(pureDomain)).toEqual([]));
  test('reads the environment in one place', () => expect(broken(environmentInOnePlace)).toEqual([]));
  test('never makes a binary float of money', () => expect(broken(exactMoney)).toEqual([]));
  test('has no file that is too long', () => expect(broken(fileSize)).toEqual([]));
  test('has no function that is too long', () => expect(broken(functionSize)).toEqual([]));
});

type Case = readonly [what: string, rule: Rule, path: string, text: string];

const lines = (count: number): string => 'const x = 1;\n'.repeat(count);

const REFUSED: readonly Case[] = [
  [
    'an import against the arrows',
    arrows,
    'src/positions/domain/a.ts',
    `import { x } from '../../pnl/domain/b.js';`,
  ],
  [
    'a type imported against the arrows',
    arrows,
    'src/ledger/a.ts',
    `import type { X } from '../pnl/domain/b.js';`,
  ],
  [
    'an import between equals',
    arrows,
    'src/exposure/queries/a.ts',
    `import { x } from '../../drawdown/domain/b.js';`,
  ],
  ['a re-export against the arrows', arrows, 'src/shared/a.ts', `export * from '../ledger/facts.js';`],
  [
    'a dynamic import against the arrows',
    arrows,
    'src/database/a.ts',
    `const x = await import('../ledger/facts.js');`,
  ],
  ['an import type expression', arrows, 'src/database/a.ts', `let x: import('../ledger/facts.js').Fact;`],
  [
    'shared things that read the settings',
    arrows,
    'src/shared/a.ts',
    `import { CONFIG } from '../config.js';`,
  ],
  ['a module that reads the root', arrows, 'src/pnl/a.ts', `import { AppModule } from '../app.module.js';`],
  ['a module that reads http', arrows, 'src/pnl/a.ts', `import { x } from '../http/problem.js';`],
  [
    'a look inside a neighbour',
    arrows,
    'src/pnl/a.ts',
    `import { x } from '../positions/projection/trade.js';`,
  ],
  ['a folder that is no module', arrows, 'src/helpers/a.ts', ''],
  ['Nest in a domain', pureImports, 'src/pnl/domain/a.ts', `import { Injectable } from '@nestjs/common';`],
  ['TypeORM in a domain', pureImports, 'src/pnl/domain/a.ts', `import { Column } from 'typeorm';`],
  ['ioredis in a domain', pureImports, 'src/pnl/domain/a.ts', `import { Redis } from 'ioredis';`],
  ['randomness in a domain', pureImports, 'src/pnl/domain/a.ts', `import { randomUUID } from 'node:crypto';`],
  [
    'the ledger in a domain',
    pureImports,
    'src/pnl/domain/a.ts',
    `import { unit } from '../../ledger/unit.js';`,
  ],
  ['the clock in a domain', pureDomain, 'src/pnl/domain/a.ts', 'const now = new Date();'],
  ['Date.now in a domain', pureDomain, 'src/pnl/domain/a.ts', 'const now = Date.now();'],
  ['chance in a domain', pureDomain, 'src/pnl/domain/a.ts', 'const x = Math.random();'],
  ['a uuid in a domain', pureDomain, 'src/pnl/domain/a.ts', 'const x = crypto.randomUUID();'],
  ['the environment elsewhere', environmentInOnePlace, 'src/main.ts', `const port = process.env['PORT'];`],
  ['the environment by index', environmentInOnePlace, 'src/main.ts', `const all = process['env'];`],
  ['the environment unpacked', environmentInOnePlace, 'src/main.ts', 'const { env } = process;'],
  ['Number in a domain', exactMoney, 'src/pnl/domain/a.ts', 'const x = Number(text);'],
  ['Number.parseFloat in a domain', exactMoney, 'src/pnl/domain/a.ts', 'const x = Number.parseFloat(text);'],
  [
    'money as a float elsewhere',
    exactMoney,
    'src/pnl/queries/a.ts',
    'const x = parseFloat(row.realizedPnl);',
  ],
  ['a long file', fileSize, 'src/pnl/a.ts', lines(251)],
  ['a long function', functionSize, 'src/pnl/a.ts', `function f() {\n${lines(39)}}`],
  ['a long method', functionSize, 'src/pnl/a.ts', `class A {\n  m() {\n${lines(39)}}\n}`],
  ['a long arrow function', functionSize, 'src/pnl/a.ts', `const f = () => {\n${lines(39)}};`],
];

const ALLOWED: readonly Case[] = [
  [
    'an import along the arrows',
    arrows,
    'src/pnl/commands/a.ts',
    `import { x } from '../../positions/domain/b.js';`,
  ],
  [
    'a neighbour by its module',
    arrows,
    'src/pnl/pnl.module.ts',
    `import { x } from '../positions/positions.module.js';`,
  ],
  [
    'the four read by the portfolio',
    arrows,
    'src/portfolio/a.ts',
    `import { x } from '../drawdown/queries/b.js';`,
  ],
  ['settings in a module', arrows, 'src/transport/a.ts', `import { CONFIG } from '../config.js';`],
  ['everything in health', arrows, 'src/health/a.ts', `import { x } from '../transport/redis.js';`],
  ['packages outside a domain', arrows, 'src/pnl/a.ts', `import { Injectable } from '@nestjs/common';`],
  [
    'the facts in a domain',
    pureImports,
    'src/pnl/domain/a.ts',
    `import type { Fact } from '../../ledger/facts.js';`,
  ],
  ['a given time in a domain', pureDomain, 'src/pnl/domain/a.ts', 'const day = new Date(at);'],
  ['the word in a comment', pureDomain, 'src/pnl/domain/a.ts', '/** Never Date.now() nor Math.random(). */'],
  ['the environment in config', environmentInOnePlace, 'src/config.ts', 'const x = process.env;'],
  ['a count as a number', exactMoney, 'src/pnl/queries/a.ts', 'const count = Number(row.count);'],
  [
    'doubles in statistics over returns',
    exactMoney,
    'src/pnl/domain/statistics/a.ts',
    'const x = Number(text);',
  ],
  ['digits in the wire', exactMoney, 'src/transport/wire/a.ts', 'const x = Number(price);'],
  ['a file at the limit', fileSize, 'src/pnl/a.ts', lines(250)],
  ['a function at the limit', functionSize, 'src/pnl/a.ts', `function f() {\n${lines(38)}}`],
];

describe('the rules', () => {
  test.each(REFUSED)('refuse %s', (_what, rule, path, text) => expect(rule({ path, text })).toHaveLength(1));
  test.each(ALLOWED)('allow %s', (_what, rule, path, text) => expect(rule({ path, text })).toEqual([]));

  test('refuse a circle of imports', () => {
    const circle = [
      { path: 'src/pnl/a.ts', text: `import { b } from './b.js';` },
      { path: 'src/pnl/b.ts', text: `import { c } from './c.js';` },
      { path: 'src/pnl/c.ts', text: `import { a } from './a.js';` },
    ];
    expect(importCycles(circle)).toEqual([['src/pnl/a.ts', 'src/pnl/b.ts', 'src/pnl/c.ts', 'src/pnl/a.ts']]);
  });

  test('allow a circle of types, which is gone at run time', () => {
    const circle = [
      { path: 'src/pnl/a.ts', text: `import type { B } from './b.js';` },
      { path: 'src/pnl/b.ts', text: `import { type A } from './a.js';` },
    ];
    expect(importCycles(circle)).toEqual([]);
  });
});
