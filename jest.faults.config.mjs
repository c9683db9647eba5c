import base from './jest.config.mjs';

/** `npm run test:faults`: one experiment after the other, each with minutes to take when it is asked for them. */
export default {
  ...base,
  testMatch: ['<rootDir>/test/faults/**/*.spec.ts'],
  testPathIgnorePatterns: ['/node_modules/'],
  testTimeout: 240_000,
};
