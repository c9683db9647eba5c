/**
 * Mutation testing of the pure rules: every `domain/` folder against the pure tests alone, without any service.
 * `npm run mutation` measures everything; `npm run mutation -- --mutate 'src/exposure/domain/*.ts'` one folder.
 *
 * @type {import('@stryker-mutator/api/core').PartialStrykerOptions}
 */
export default {
  mutate: ['src/**/domain/**/*.ts'],
  testRunner: 'jest',
  plugins: ['@stryker-mutator/jest-runner'],
  jest: { projectType: 'custom', configFile: 'jest.mutation.config.mjs', enableFindRelatedTests: false },
  coverageAnalysis: 'perTest',
  // What runs once while a module loads (tables, constants) cannot be switched per test, and would cost a whole run each.
  ignoreStatic: true,
  // The tests are compiled without looking at types, so nothing has to be switched off in the sources.
  disableTypeChecks: false,
  incremental: true,
  incrementalFile: '.data/mutation/incremental.json',
  tempDirName: '.data/mutation/sandbox',
  ignorePatterns: ['.data', 'dist', 'docs', 'bench', 'deploy', 'coverage'],
  concurrency: 2,
  timeoutMS: 10_000,
  timeoutFactor: 3,
  reporters: ['clear-text', 'progress', 'json', 'html'],
  clearTextReporter: { allowColor: false, logTests: false, reportTests: false },
  jsonReporter: { fileName: '.data/mutation/report.json' },
  htmlReporter: { fileName: '.data/mutation/report.html' },
};
