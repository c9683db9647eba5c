import base from './jest.config.mjs';

/** `npm run coverage`: the pure tests alone must reach every line and branch of every `domain/` folder. */
export default {
  ...base,
  testMatch: ['<rootDir>/test/domain/**/*.spec.ts'],
  collectCoverage: true,
  collectCoverageFrom: ['src/**/domain/**/*.ts'],
  coverageDirectory: '.data/coverage',
  coverageReporters: [['text', { skipFull: true }]],
  coverageThreshold: { global: { lines: 100, branches: 100, functions: 100 } },
};
