import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import base from './jest.config.mjs';

/** The pure tests of the `domain/` folders, made cheap enough to be run once a mutant: see test/support/mutation. */
export default {
  ...base,
  roots: ['<rootDir>/src', '<rootDir>/test'],
  testMatch: ['<rootDir>/test/support/mutation/pure-tests.cjs'],
  testEnvironment: fileURLToPath(new URL('test/support/mutation/first-failure.cjs', import.meta.url)),
  moduleNameMapper: {
    ...base.moduleNameMapper,
    '^fast-check$': '<rootDir>/test/support/mutation/short-properties.cjs',
    '^fast-check/unabridged$': createRequire(import.meta.url).resolve('fast-check'),
  },
};
