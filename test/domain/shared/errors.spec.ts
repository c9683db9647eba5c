import { runInNewContext } from 'node:vm';
import { TransientError, codeOf, isTransient, messageOf, refusalOf } from '../../../src/shared/errors.js';

const withCode = (code: string): Error => Object.assign(new Error('it failed'), { code });

describe('a condition that passes by itself', () => {
  // What node-postgres says of a connection that is gone or silent; none of it has a code.
  const SAID = [
    'Connection terminated unexpectedly',
    'Connection terminated due to connection timeout',
    'timeout exceeded when trying to connect',
    'timeout expired',
    'Query read timeout',
    'Client has encountered a connection error and is not queryable',
    'Client was closed and is not queryable',
    'Cannot use a pool after calling end on the pool',
    // And what ioredis says.
    'Connection is closed.',
    'Command timed out',
    "Socket timeout. Expecting data, but didn't receive any in 5000ms.",
    'Reached the max retries per request limit (which is 1). Refer to "maxRetriesPerRequest" option for details.',
  ];
  test.each(SAID)('is “%s”', (message) => expect(isTransient(new Error(message))).toBe(true));

  const CODES = ['08006', '40001', '40P01', '53100', '55P03', '57014', '57P01', 'ECONNRESET', 'EPIPE'];
  test.each(CODES)('is the code %s', (code) => expect(isTransient(withCode(code))).toBe(true));

  test('is one of our own, and one that caused another', () => {
    expect(isTransient(new TransientError('stopping'))).toBe(true);
    expect(isTransient(new Error('reading failed', { cause: withCode('57P03') }))).toBe(true);
  });

  test('is known in an error of another realm, as those of Node’s core are to a sandbox', () => {
    const foreign: unknown = runInNewContext(
      "Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' })",
    );
    expect(foreign).not.toBeInstanceOf(Error);
    expect([isTransient(foreign), codeOf(foreign), messageOf(foreign)]).toEqual([
      true,
      'ECONNRESET',
      'read ECONNRESET',
    ]);
  });
});

describe('what Redis answers', () => {
  const replied = (message: string) => Object.assign(new Error(message), { name: 'ReplyError' });

  test.each([
    'LOADING Redis is loading the dataset in memory',
    "MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'.",
    "READONLY You can't write against a read only replica.",
    'BUSY Redis is busy running a script.',
  ])('passes: %s', (message) => {
    expect(isTransient(replied(message))).toBe(true);
    expect(refusalOf(replied(message))).toBeNull();
  });

  test.each([
    ['NOPERM', "NOPERM User default has no permissions to run the 'xlen' command"],
    ['WRONGTYPE', 'WRONGTYPE Operation against a key holding the wrong kind of value'],
    ['NOAUTH', 'NOAUTH Authentication required.'],
    // What a key or a person called by such words is told in the middle is no condition.
    ['ERR', "ERR unknown command 'LOADING', connection ended"],
    ['ERR', 'a script said this'],
  ])('stays, and has the code %s', (code, message) => {
    expect(isTransient(replied(message))).toBe(false);
    expect(refusalOf(replied(message))).toBe(code);
  });

  test('is not what a driver says by itself, and nothing that is no error', () => {
    expect(refusalOf(new Error('NOPERM'))).toBeNull();
    expect(refusalOf('NOPERM')).toBeNull();
  });
});

test('what the data is to blame for does not pass by itself', () => {
  for (const code of ['22003', '23505', '42P01', '22P05']) expect(isTransient(withCode(code))).toBe(false);
  expect(isTransient(new TypeError('x is not a function'))).toBe(false);
  expect(isTransient('ECONNRESET')).toBe(false);
});

test('a code is a text or is not there', () => {
  expect([codeOf(withCode('57P01')), codeOf(new Error('x')), codeOf({ code: 'x' })]).toEqual([
    '57P01',
    null,
    null,
  ]);
  expect(codeOf(Object.assign(new Error('x'), { code: 7 }))).toBeNull();
  expect(messageOf('words')).toBe('words');
});
