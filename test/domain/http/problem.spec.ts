import { HttpException, NotFoundException, ServiceUnavailableException } from '@nestjs/common';
import { pathOf, problemText, ProblemError } from '../../../src/http/problem.js';
import { problemOf } from '../../../src/http/problem-of.js';
import { UnknownAccountError } from '../../../src/ledger/account-reader.js';
import { CursorError } from '../../../src/positions/trade-cursor.js';
import { TransientError } from '../../../src/shared/errors.js';

const withCode = (code: string) => Object.assign(new Error('connect ECONNREFUSED 10.0.0.5:5432'), { code });
const fastifyError = (statusCode: number) => Object.assign(new Error('too much'), { statusCode });

describe('an error', () => {
  test.each<[what: string, error: unknown, status: number, code: string]>([
    ['an account nobody has', new UnknownAccountError('x'), 404, 'account_unknown'],
    ['a forged cursor', new CursorError('is not of our making'), 400, 'cursor_malformed'],
    ['a route nobody has', new NotFoundException(), 404, 'route_unknown'],
    ['a body that is too large', fastifyError(413), 413, 'body_too_large'],
    ['a URL that is too long', fastifyError(414), 414, 'url_too_long'],
    ['a body of another kind', new HttpException('no', 415), 415, 'media_type_unsupported'],
    ['a refusal without a name of its own', new HttpException('no', 418), 418, 'request_refused'],
    ['a failed health check', new ServiceUnavailableException({ details: {} }), 503, 'not_ready'],
    ['our own sign of a passing condition', new TransientError('x'), 503, 'dependency_unavailable'],
    ['a database that is away', withCode('ECONNREFUSED'), 503, 'dependency_unavailable'],
    ['a database that is shutting down', withCode('57P01'), 503, 'dependency_unavailable'],
    ['a bug', new TypeError("Cannot read properties of undefined (reading 'x')"), 500, 'internal_error'],
    ['a 5xx of the framework', fastifyError(500), 500, 'internal_error'],
    ['a thrown text', 'oh no', 500, 'internal_error'],
    ['a thrown nothing', undefined, 500, 'internal_error'],
  ])('of %s is answered with %s %i %s', (_what, error, status, code) => {
    expect(problemOf(error)).toMatchObject({ status, code });
  });

  test('of ours says what it was made with', () => {
    const problem = { status: 400, code: 'parameter_unknown', detail: 'x' } as const;
    expect(problemOf(new ProblemError(problem))).toBe(problem);
  });

  test('that we did not foresee keeps its words to itself', () => {
    for (const error of [withCode('ECONNREFUSED'), new TypeError('secret')]) {
      expect(JSON.stringify(problemOf(error))).not.toMatch(/10\.0\.0\.5|secret/);
    }
  });

  test('is told as a problem document', () => {
    const text = problemText(
      { status: 404, code: 'account_unknown', detail: 'There is no account "x".', more: { hint: 1 } },
      '/pnl',
    );
    expect(JSON.parse(text)).toEqual({
      type: 'urn:portfolio-intelligence:problem:account_unknown',
      title: 'No such account',
      status: 404,
      detail: 'There is no account "x".',
      code: 'account_unknown',
      instance: '/pnl',
      hint: 1,
    });
  });

  test.each([
    ['/pnl', '/pnl'],
    ['/pnl?account=x?y#z', '/pnl'],
    ['/pnl#z?x', '/pnl'],
    ['/', '/'],
  ])('happened at the path of %s: %s', (url, path) => expect(pathOf(url)).toBe(path));
});
