import { listen, type RunningApp } from './app.js';

interface Operation {
  readonly parameters?: { name: string; description?: string }[];
  readonly responses: Record<string, { content?: Record<string, { schema: { $ref?: string } }> }>;
}

interface Schema {
  readonly properties?: Record<string, { description?: string; nullable?: boolean }>;
}

interface Document {
  readonly openapi: string;
  readonly paths: Record<string, Record<string, Operation>>;
  readonly components: { schemas: Record<string, Schema> };
}

const HISTORY = ['statistics', 'returns', 'equity', 'drawdowns'];
const REPORTS = ['snapshot', 'pnl', 'exposure', 'drawdown', 'positions'];

describe('the documentation', () => {
  let running: RunningApp;
  let document: Document;

  beforeAll(async () => {
    running = await listen();
    await running.start();
    document = (await running.get('/openapi.json')).json<Document>();
  });
  afterAll(() => running.stop());

  test('names every route once and knows no other', async () => {
    const names = [
      ...REPORTS,
      'trades',
      'accounts',
      'explain',
      'discrepancies',
      'integrity',
      'limits',
      'reconciliation',
      ...HISTORY,
    ];
    const expected = names.flatMap((name) => [`/${name}`, `/api/portfolio/${name}`]);
    const others = ['/', '/health', '/health/live', '/health/ready', '/api/portfolio/health', '/metrics'];
    expect(Object.keys(document.paths).sort()).toEqual([...expected, ...others].sort());
    for (const path of Object.keys(document.paths))
      expect([path, (await running.get(path)).status]).toEqual([path, 200]);
  });

  test.each(REPORTS)('of /api/portfolio/%s describes parameters, answer and problems', (name) => {
    const { parameters = [], responses } = document.paths[`/api/portfolio/${name}`]!['get']!;
    expect(parameters.map((parameter) => parameter.name).sort()).toEqual(['account', 'compat', 'numbers']);
    expect(parameters.every(({ description }) => description)).toBe(true);
    expect(responses['200']!.content!['application/json']!.schema.$ref).toBeDefined();
    for (const status of ['400', '404', '503']) {
      expect(responses[status]!.content!['application/problem+json']!.schema.$ref).toBe(
        '#/components/schemas/ProblemBody',
      );
    }
  });

  test.each(REPORTS)('of /api/portfolio/%s names exactly the members of its answer', async (name) => {
    const body = (await running.get(`/api/portfolio/${name}`)).json();
    const { $ref } =
      document.paths[`/api/portfolio/${name}`]!['get']!.responses['200']!.content!['application/json']!
        .schema;
    const { properties } = document.components.schemas[$ref!.split('/').at(-1)!]!;
    expect(Object.keys(properties!).sort()).toEqual(Object.keys(body).sort());
    // What can be null is said to be.
    const nulls = Object.keys(body).filter((member) => body[member] === null);
    expect(nulls.filter((member) => properties![member]!.nullable !== true)).toEqual([]);
  });

  test('describes every member of every body', () => {
    const bare = Object.entries(document.components.schemas)
      .filter(([name]) => !/^(Service|Health|PortfolioHealth|Component)Body$/.test(name))
      .flatMap(([name, { properties = {} }]) =>
        Object.entries(properties).map(([member, said]) => [`${name}.${member}`, said] as const),
      )
      .filter(([, { description }]) => !description)
      .map(([member]) => member);
    expect(bare).toEqual([]);
  });

  test('is a page that its own security policy lets work', async () => {
    const page = await running.get('/docs');
    expect([page.status, page.headers['content-type']]).toEqual([200, expect.stringContaining('text/html')]);
    expect(page.text).not.toMatch(/<script(?![^>]*\ssrc=)/);
    const scripts = [...page.text.matchAll(/src="([^"]+\.js)"/g)].map(
      ([, source]) => new URL(source!, `${running.url}/docs`),
    );
    expect(scripts).toHaveLength(3);
    for (const { pathname } of scripts)
      expect([pathname, (await running.get(pathname)).status]).toEqual([pathname, 200]);
    expect(page.headers['content-security-policy']).toContain("default-src 'self'");
  });
});
