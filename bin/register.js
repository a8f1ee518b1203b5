'use strict';
// Loads TypeScript, and the one package that ships ES modules only, as CommonJS. What was compiled is kept beside the packages, named
// after what it was made from: a warm start neither loads nor asks esbuild. `import()` becomes a lazy require, so that a command loads
// only what it needs.
const { createHash } = require('node:crypto');
const { mkdirSync, readFileSync, renameSync, writeFileSync } = require('node:fs');
const Module = require('node:module');
const { join } = require('node:path');

const CACHE = join(__dirname, '../node_modules/.cache/cimiento/compiled');
const OPTIONS = {
  format: 'cjs',
  target: 'node20',
  supported: { 'dynamic-import': false },
  sourcemap: 'inline',
  sourcesContent: false,
};
const MADE_BY = JSON.stringify([OPTIONS, require('esbuild/package.json').version]);

function compiled(file, loader) {
  const source = readFileSync(file, 'utf8');
  const name = createHash('sha1').update(MADE_BY).update(file).update(source).digest('hex');
  const kept = join(CACHE, `${name}.js`);
  try {
    return readFileSync(kept, 'utf8');
  } catch {
    const { code } = require('esbuild').transformSync(source, { ...OPTIONS, loader, sourcefile: file });
    keep(kept, code);
    return code;
  }
}

// Whole or not at all: others may be starting at the same time.
function keep(file, code) {
  const draft = `${file}.${process.pid}`;
  try {
    mkdirSync(CACHE, { recursive: true });
    writeFileSync(draft, code);
    renameSync(draft, file);
  } catch {
    // Where nothing can be written, nothing is kept.
  }
}

Module._extensions['.ts'] = (module, file) => module._compile(compiled(file, 'ts'), file);

const loadJs = Module._extensions['.js'];
Module._extensions['.js'] = (module, file) => {
  try {
    loadJs(module, file);
  } catch (error) {
    if (error.code !== 'ERR_REQUIRE_ESM') throw error;
    module._compile(compiled(file, 'js'), file);
  }
};
process.setSourceMapsEnabled(true);
