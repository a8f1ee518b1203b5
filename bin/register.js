'use strict';
// TypeScript is compiled as it is loaded; `import()` becomes a lazy require, so that a command loads only what it needs.
require('esbuild-register/dist/node').register({ target: 'node20', supported: { 'dynamic-import': false } });
