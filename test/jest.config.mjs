import { compilerOptions } from '../libs/platform/bin/compiler-options.mjs';

// A test's suffix says what it needs: .unit nothing, .int Kafka and Postgres, .e2e the built apps as processes,
// .containers a Docker engine.
const suffix = process.env.TEST_KIND ?? 'unit';

export default {
  rootDir: '..',
  roots: ['<rootDir>/apps', '<rootDir>/libs', '<rootDir>/test'],
  testMatch: [`**/*.${suffix}.{ts,tsx}`],
  extensionsToTreatAsEsm: ['.ts', '.tsx'],
  transform: { '^.+\\.ts$': ['@swc/jest', compilerOptions(false)], '^.+\\.tsx$': ['@swc/jest', compilerOptions(true)] },
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  testSequencer: '<rootDir>/test/slow-first.mjs',
  testEnvironment: 'node',
  testEnvironmentOptions: { customExportConditions: ['dateline', 'node', 'node-addons'] },
  testTimeout: { unit: 20_000, containers: 600_000 }[suffix] ?? 120_000,
};
