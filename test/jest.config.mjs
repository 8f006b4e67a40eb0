// A test's suffix says what it needs: .unit nothing, .int Kafka and Postgres, .e2e the built apps as processes,
// .containers a Docker engine.
const suffix = process.env.TEST_KIND ?? 'unit';

export default {
  rootDir: '..',
  roots: ['<rootDir>/apps', '<rootDir>/libs', '<rootDir>/test'],
  testMatch: [`**/*.${suffix}.{ts,tsx}`],
  transform: {},
  injectGlobals: false,
  testEnvironment: '<rootDir>/test/jest/environment.mjs',
  testRunner: '<rootDir>/test/jest/runner.mjs',
  globalSetup: '<rootDir>/test/jest/build.mjs',
  testSequencer: '<rootDir>/test/jest/slow-first.mjs',
  // Against tests that hang. Beside other work a machine may need ten times as long as alone.
  testTimeout: { unit: 60_000, containers: 600_000 }[suffix] ?? 300_000,
};
