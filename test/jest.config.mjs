import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';

/*
 * The configuration of jest, which package.json names: `npx jest`, in any folder.
 */

const rootDir = fileURLToPath(new URL('..', import.meta.url));
const cores = availableParallelism();
const isFullLength = process.env.TEST_LENGTH === 'full';

const project = {
  rootDir,
  runner: '<rootDir>/test/support/runner.mjs',
  testEnvironment: 'node',
  testEnvironmentOptions: {
    customExportConditions: ['@manystore/source', 'node', 'node-addons'],
  },
  testMatch: ['**/*.test.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: { target: 'es2024', parser: { syntax: 'typescript' } },
        module: { type: 'es6' },
      },
    ],
  },
};

export default {
  rootDir,
  testTimeout: 60_000,
  // Tests wait for a third of their time. Many long ones start several processes. More than 8 workers would need more
  // memory than a laptop has.
  maxWorkers: Math.max(cores, Math.min(Math.ceil((isFullLength ? 1.5 : 2) * cores), 8)),
  workerGracefulExitTimeout: 5_000,
  workerIdleMemoryLimit: '800MB',
  coverageProvider: 'v8',
  coverageReporters: ['text-summary', 'lcov'],
  collectCoverageFrom: ['{functions,lib,packages/*/src}/**/*.ts'],
  projects: [
    {
      ...project,
      displayName: 'manystore',
      roots: ['<rootDir>/functions', '<rootDir>/lib', '<rootDir>/test'],
      testEnvironment: '<rootDir>/test/support/environment.mjs',
      globalSetup: '<rootDir>/test/support/shared-servers.mjs',
      setupFiles: ['<rootDir>/test/support/settings.ts'],
      setupFilesAfterEnv: ['<rootDir>/test/support/teardown.ts'],
    },
    { ...project, displayName: 'packages', roots: ['<rootDir>/packages'] },
  ],
};
