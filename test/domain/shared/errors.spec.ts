import { runInNewContext } from 'node:vm';
import { TransientError, codeOf, isTransient, messageOf } from '../../../src/shared/errors.js';

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
