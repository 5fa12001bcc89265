import { defineConfig } from 'oxlint';

import { arrowOverrides } from './scripts/arrows.ts';

export default defineConfig({
  plugins: ['typescript', 'import', 'unicorn', 'oxc', 'node', 'promise'],
  categories: { correctness: 'error', suspicious: 'error', perf: 'error' },
  options: { typeAware: true },
  rules: {
    'typescript/no-explicit-any': 'error',
    'typescript/no-floating-promises': [
      'error',
      // The test runner awaits what it returned.
      {
        allowForKnownSafeCalls: [{ from: 'package', package: 'node:test', name: ['describe', 'it', 'suite', 'test'] }],
      },
    ],
    'typescript/no-misused-promises': 'error',
    'typescript/await-thenable': 'error',
    'typescript/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
    'typescript/no-non-null-assertion': 'error',
    'typescript/consistent-type-imports': 'error',
    'import/no-cycle': 'error',
    'max-lines': ['error', { max: 400, skipBlankLines: false, skipComments: false }],
    'max-lines-per-function': ['error', { max: 60, skipBlankLines: true, skipComments: true }],
    'no-console': 'error',
    eqeqeq: 'error',
    // Reads misfire here: handlers of the HTTP framework may be async, and sequential awaits are meant.
    'oxc/no-async-endpoint-handlers': 'off',
    'no-await-in-loop': 'off',
    'oxc/no-map-spread': 'off',
    // `OpenAI.BadRequestError` is how the official clients are meant to be read.
    'import/no-named-as-default-member': 'off',
    'import/no-unassigned-import': 'off',
    'no-underscore-dangle': 'off',
    // Parsed JSON and indexed access are narrowed by assertion where the check stands beside it.
    'typescript/no-unsafe-type-assertion': 'off',
  },
  overrides: [
    ...arrowOverrides(),
    {
      files: ['console/src/**'],
      plugins: ['typescript', 'import', 'unicorn', 'oxc', 'promise', 'react', 'jsx-a11y'],
      rules: {
        // The new way of writing JSX needs no React in scope; a component is markup, which is long sooner than logic is.
        'react/react-in-jsx-scope': 'off',
        'react/exhaustive-deps': 'error',
        // Told twice: the compiler's own rules say the same.
        'react/exhaustive-effect-dependencies': 'off',
        'react/incompatible-library': 'off',
        // Rows that are drawn only while they are seen cannot be a `table`; what scrolls must be reached by the keyboard.
        'jsx-a11y/prefer-tag-over-role': 'off',
        'jsx-a11y/no-noninteractive-tabindex': 'off',
        'react/rules-of-hooks': 'error',
        'max-lines-per-function': ['error', { max: 80, skipBlankLines: true, skipComments: true }],
      },
    },
    {
      files: ['**/*.test.ts', 'test/**', 'bench/**', 'scripts/**'],
      rules: { 'max-lines-per-function': 'off', 'no-console': 'off' },
    },
  ],
  ignorePatterns: ['dist/**', 'console/dist/**', '**/*.gen.ts', 'node_modules/**', 'data/**'],
});
