/** @type {import('jest').Config} */
module.exports = {
  testEnvironment: 'node',
  roots: ['<rootDir>/__tests__'],
  testMatch: ['**/*.test.ts'],
  // ip-cidr ships ES modules only; everything else in node_modules is loaded as it is.
  transformIgnorePatterns: ['/node_modules/(?!ip-cidr/)'],
  transform: {
    'node_modules/ip-cidr/.+\\.js$': ['@swc/jest', { module: { type: 'commonjs', importInterop: 'node' } }],
    '\\.ts$': ['@swc/jest', { jsc: { target: 'es2022', parser: { syntax: 'typescript' } } }],
  },
  maxWorkers: 2,
  // Nothing is timed: this only ends what hangs, also on a machine that is busy with something else.
  testTimeout: 120_000,
  // The last line of the run is `N passed, N failed`.
  reporters: ['default', '<rootDir>/__tests__/closing-line.js'],
  modulePathIgnorePatterns: ['<rootDir>/cdktf.out', '<rootDir>/out'],
};
