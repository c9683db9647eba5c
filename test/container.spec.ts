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
