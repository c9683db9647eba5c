import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  type CryptoKey,
  type JWTPayload,
  SignJWT,
  UnsecuredJWT,
  exportJWK,
  exportSPKI,
  generateKeyPair,
  importJWK,
} from 'jose';
import { ClientProxyFactory, Transport } from '@nestjs/microservices';
import { firstValueFrom, timeout } from 'rxjs';
import { eventually } from '../../support/eventually.js';
import { listen, type RunningApp } from '../http/app.js';

const ISSUER = 'https://issuer.example';
const GOOD: JWTPayload = { sub: 'ann', scope: 'openid portfolio:read', portfolio_accounts: ['main'] };

describe('tokens of an identity provider', () => {
  let running: RunningApp;
  let provider: Server;
  let keys: { privateKey: CryptoKey; publicKey: CryptoKey };
  let asked = 0;

  beforeAll(async () => {
    keys = await generateKeyPair('RS256', { extractable: true });
    const jwk = { ...(await exportJWK(keys.publicKey)), kid: 'one', alg: 'RS256', use: 'sig' };
    provider = createServer((_request, response) => {
      asked += 1;
      response.end(JSON.stringify({ keys: [jwk] }));
    }).listen(0, '127.0.0.1');
    await once(provider, 'listening');
    running = await listen({
      PORTFOLIO_AUTH: 'keys',
      PORTFOLIO_AUTH_JWKS_URL: `http://127.0.0.1:${(provider.address() as AddressInfo).port}/jwks`,
      PORTFOLIO_AUTH_ISSUER: ISSUER,
      PORTFOLIO_AUTH_AUDIENCE: 'portfolio',
      PORTFOLIO_PEER_AUTH: 'key',
      PORTFOLIO_RATE_LIMIT_REFUSED: '3',
    });
    await running.start();
  });
  afterAll(async () => {
    await running.stop();
    provider.closeAllConnections();
    provider.close();
  });

  interface Made {
    readonly alg?: string;
    readonly issuer?: string;
    readonly audience?: string;
    readonly expires?: string | null;
    readonly kid?: string | undefined;
    readonly key?: CryptoKey | Uint8Array;
  }

  function token(claims: JWTPayload, made: Made = {}): Promise<string> {
    const { alg = 'RS256', issuer = ISSUER, audience = 'portfolio', expires = '5m' } = made;
    const kid = 'kid' in made ? made.kid : 'one';
    const jwt = new SignJWT(claims)
      .setProtectedHeader({ alg, ...(kid !== undefined && { kid }) })
      .setIssuer(issuer)
      .setAudience(audience)
      .setIssuedAt();
    return (expires === null ? jwt : jwt.setExpirationTime(expires)).sign(made.key ?? keys.privateKey);
  }
  const statusFor = async (text: string, path = '/snapshot') =>
    (await running.get(path, { authorization: `Bearer ${text}` })).status;

  test('let their owner in as their claims say', async () => {
    const good = await token(GOOD);
    expect(await statusFor(good)).toBe(200);
    expect(await statusFor(good, '/snapshot?account=other')).toBe(404);
    expect(await statusFor(await token({ ...GOOD, scope: 'openid' }))).toBe(403);
    expect(await statusFor(await token({ ...GOOD, scope: ['portfolio:admin'] }))).toBe(200);
    expect(await statusFor(await token({ ...GOOD, portfolio_accounts: undefined }))).toBe(404);
    expect(await statusFor(await token({ ...GOOD, portfolio_accounts: '*' }), '/metrics')).toBe(200);
  });

  test('of peers that nobody met are verified a few times a minute, and those that held are let in all the same', async () => {
    const client = ClientProxyFactory.create({
      transport: Transport.REDIS,
      options: { host: '127.0.0.1', port: running.redis.port },
    });
    await client.connect();
    const codeOf = (api_key: string): Promise<unknown> =>
      firstValueFrom(client.send('portfolio.get_snapshot', { api_key }).pipe(timeout(5_000))).then(
        () => null,
        ({ code }: { code?: unknown }) => code,
      );
    try {
      const good = await token({ ...GOOD, jti: 'peer' });
      const met = await eventually(async () => {
        expect(await codeOf(good)).toBeNull();
        return good;
      });
      const codes: unknown[] = [];
      for (let one = 0; one < 4; one += 1) codes.push(await codeOf(`a.b.${one}`));
      expect(codes.slice(0, 2)).toEqual(['credentials_invalid', 'credentials_invalid']);
      expect(codes.at(-1)).toBe('too_many_requests');
      expect(await codeOf(met)).toBeNull();
    } finally {
      client.close();
    }
  });

  test('are verified once and then known, and the provider is not asked for each', async () => {
    const good = await token({ ...GOOD, jti: 'once' });
    const before = asked;
    for (let i = 0; i < 20; i += 1) expect(await statusFor(good)).toBe(200);
    expect(asked - before).toBeLessThanOrEqual(1);
  });

  test('are refused when anything about them is not as it must be', async () => {
    const other = await generateKeyPair('RS256');
    const pss = (await importJWK(await exportJWK(keys.privateKey), 'PS256')) as CryptoKey;
    const publicText = new TextEncoder().encode(await exportSPKI(keys.publicKey));
    const unsigned = new UnsecuredJWT(GOOD)
      .setIssuer(ISSUER)
      .setAudience('portfolio')
      .setExpirationTime('5m')
      .encode();
    const good = await token({ ...GOOD, jti: 'cut' });
    const refused: Record<string, string> = {
      'of another issuer': await token(GOOD, { issuer: 'https://elsewhere.example' }),
      'for another audience': await token(GOOD, { audience: 'another' }),
      expired: await token(GOOD, { expires: '-1m' }),
      'without an end': await token(GOOD, { expires: null }),
      'without a subject': await token({ ...GOOD, sub: undefined }),
      'with an empty subject': await token({ ...GOOD, sub: '' }),
      'with a list as its subject': await token({ ...GOOD, sub: ['ann'] as unknown as string }),
      'by another key': await token(GOOD, { key: other.privateKey }),
      'with an algorithm that is not allowed': await token(GOOD, { alg: 'PS256', key: pss }),
      'signed with the public key as a shared secret': await token(GOOD, { alg: 'HS256', key: publicText }),
      unsigned: unsigned,
      'unsigned, in another spelling': unsigned.replace(
        /^[^.]+/,
        Buffer.from('{"alg":"NONE"}').toString('base64url'),
      ),
      'by a key that the provider does not have': await token(GOOD, { kid: 'two' }),
      'without the name of its key, by another one': await token(GOOD, {
        kid: undefined,
        key: other.privateKey,
      }),
      'with a key of its own in its header': await new SignJWT(GOOD)
        .setProtectedHeader({ alg: 'RS256', jwk: await exportJWK(other.publicKey) })
        .setIssuer(ISSUER)
        .setAudience('portfolio')
        .setExpirationTime('5m')
        .sign(other.privateKey),
      'that begins to hold later': await token({ ...GOOD, nbf: Math.floor(Date.now() / 1000) + 600 }),
      'cut short': good.slice(0, -8),
      'of endless length': good + 'A'.repeat(9_000),
      'no token at all': 'a.b.c',
    };
    for (const [what, text] of Object.entries(refused))
      expect([what, await statusFor(text)]).toEqual([what, 401]);
    expect(await statusFor(good)).toBe(200);
  });
});
