import js from '@eslint/js';
import tseslint from 'typescript-eslint';

/** The modules in the order in which data flows through them: each may import those before it, none those after. */
const FLOW = [
  'rejection',
  'spec',
  'addressing',
  'catalog',
  'aws',
  'bridge',
  'argocd',
  'monitoring',
  'checks',
  'report',
];

/** Pure modules: quick to test, no cdktf, no disk. */
const PURE = ['spec', 'addressing', 'catalog', 'checks', 'monitoring'];

const BARREL = {
  regex: '^@cdktf/provider-(aws|helm)(/lib)?(/index)?$',
  message: 'The barrel costs 3.2 s and 585 MB: import from a sub-path, such as @cdktf/provider-aws/lib/vpc.',
};
const CDKTF = { regex: '^(cdktf|constructs|@cdktf/provider-.*)(/|$)', message: 'This module is pure: no cdktf in it.' };
const DISK = {
  regex: '^(node:)?(fs|child_process|net|http|https)(/|$)',
  message: 'Only main.ts, cli/ and scripts touch the disk or the network.',
};
const upward = (module) => ({
  regex: `^(\\.\\./)+(modules/)?(${FLOW.slice(FLOW.indexOf(module) + 1).join('|')})(/|$)`,
  message: `Data flows down the list of modules: ${module} may not import what comes after it.`,
});
const NO_RIM = {
  regex: '^(\\.\\./)+(stacks|cli|main)(/|$)',
  message: 'Modules know nothing of stacks, the CLI or main.ts.',
};

export default tseslint.config(
  { ignores: ['node_modules', 'cdktf.out', 'out', 'coverage', '**/.venv', '.gen', '**/__snapshots__'] },
  js.configs.recommended,
  ...tseslint.configs.recommended,
  {
    rules: {
      'no-restricted-imports': ['error', { patterns: [BARREL] }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      eqeqeq: 'error',
    },
  },
  ...FLOW.map((module) => ({
    files: [`modules/${module}/**/*.ts`],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            BARREL,
            NO_RIM,
            ...(module === FLOW.at(-1) ? [] : [upward(module)]),
            ...(PURE.includes(module) ? [CDKTF, DISK] : module === 'aws' ? [DISK] : []),
          ],
        },
      ],
    },
  })),
  {
    files: ['**/*.js', '**/*.cjs', '**/*.mjs'],
    languageOptions: {
      globals: {
        require: 'readonly',
        module: 'writable',
        process: 'readonly',
        console: 'readonly',
        setImmediate: 'readonly',
        __dirname: 'readonly',
        URL: 'readonly',
        structuredClone: 'readonly',
        performance: 'readonly',
      },
    },
    rules: { '@typescript-eslint/no-require-imports': 'off' },
  },
);
