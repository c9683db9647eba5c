const { TestEnvironment } = require('jest-environment-node');

/**
 * One failing test is enough to kill a mutant: the tests after it are skipped. `wantedTests` tells the test file which tests were
 * asked for (the names of those that reach the mutant; undefined = all), so that it need not load the others.
 */
module.exports = class FirstFailure extends TestEnvironment {
  failed = false;

  constructor(config, context) {
    super(config, context);
    this.global.wantedTests = config.globalConfig.testNamePattern?.replaceAll('\\', '');
  }

  handleTestEvent(event) {
    if (event.name === 'test_fn_failure') this.failed = true;
    if (event.name === 'test_start' && this.failed) event.test.mode = 'skip';
  }
};
