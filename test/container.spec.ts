import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';

describe('the container', () => {
  const last = readFileSync('Dockerfile', 'utf8')
    .split(/^FROM /m)
    .at(-1)!;

  test('runs as nobody special, from files that belong to root', () => {
    // The last one counts, and it is a number: an orchestrator cannot tell from a name who it is.
    expect(/^USER (.*)$/gm.exec(last.slice(last.lastIndexOf('\nUSER')))?.[1]).toBe('1000:1000');
    expect(last).not.toMatch(/^(RUN|ADD) |--chown|--chmod/m);
    expect(last).toMatch(/^CMD \["node", /m);
  });

  test('installs what is locked, and runs nobody’s install script', () => {
    const installs = readFileSync('Dockerfile', 'utf8').match(/npm (ci|prune|install|i)\b.*/g) ?? [];
    expect(installs.length).toBeGreaterThan(0);
    for (const one of installs) expect(one).toMatch(/^npm (ci|prune) .*--ignore-scripts/);
  });

  test('is started as `npm start` and the bench start the service', () => {
    const code = `import * as flags from './scripts/lib/node-flags.mjs'; console.log(JSON.stringify(flags))`;
    const told = execFileSync(process.execPath, ['--input-type=module', '--eval', code], {
      encoding: 'utf8',
    });
    const flags = JSON.parse(told) as { ROOM_FOR_THE_YOUNG: string; GIVES_BACK: Record<string, string> };
    expect(last).toContain(`CMD ["node", "${flags.ROOM_FOR_THE_YOUNG}", "dist/main.js"]`);
    const allocator = Object.fromEntries(
      [...last.matchAll(/(MALLOC_\w+)=(\d+)/g)].map(([, name, value]) => [name, value]),
    );
    expect(allocator).toEqual(flags.GIVES_BACK);
  });

  test('writes nothing, has no capability, and is reached from its own machine only', () => {
    const { services } = parse(readFileSync('docker-compose.yml', 'utf8')) as {
      services: Record<string, { readonly ports: string[] }>;
    };
    expect(services['service']).toMatchObject({
      read_only: true,
      cap_drop: ['ALL'],
      security_opt: ['no-new-privileges:true'],
    });
    for (const { ports } of Object.values(services))
      for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:/);
  });
});
