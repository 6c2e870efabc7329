// Lint rules: typescript-eslint's strictest type-checked set, the size limits and the house rules of ARCHITECTURE.md.
import js from '@eslint/js';
import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';

/** Time, randomness, console and the process belong to one place each; everybody else is given them. */
const ambient = [
  { name: 'process', message: 'only bin/ and src/runtime/process.ts know the process' },
  { name: 'console', message: 'only bin/ prints; log through src/runtime/log.ts' },
  { name: 'setTimeout', message: 'take timers from the Clock that you are given (src/runtime/clock.ts)' },
  { name: 'setInterval', message: 'take timers from the Clock that you are given (src/runtime/clock.ts)' },
  { name: 'performance', message: 'measure with the Clock that you are given (src/runtime/clock.ts)' },
];
const ambientModules = [
  { name: 'node:process', message: 'only bin/ and src/runtime/process.ts know the process' },
  { name: 'node:timers', message: 'take timers from the Clock that you are given (src/runtime/clock.ts)' },
  {
    name: 'node:timers/promises',
    message: 'take timers from the Clock that you are given (src/runtime/clock.ts)',
  },
];

/** Date arithmetic is pure; the present time and chance are not. */
const impure = [
  [
    "NewExpression[callee.name='Date'][arguments.length=0]",
    'take the time from the Clock that you are given (src/runtime/clock.ts)',
  ],
  [
    "MemberExpression[object.name='Date'][property.name='now']",
    'take the time from the Clock that you are given (src/runtime/clock.ts)',
  ],
  ["MemberExpression[object.name='Math'][property.name='random']", 'take randomness from src/runtime'],
].map(([selector, message]) => ({ selector, message }));

export default defineConfig(
  { ignores: ['dist', 'release', '.cache', '.tap', 'coverage', 'node_modules', 'packaging'] },
  js.configs.recommended,
  {
    files: ['**/*.ts', '**/*.tsx'],
    extends: [...tseslint.configs.strictTypeChecked, ...tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      'max-lines': ['error', { max: 400, skipBlankLines: false, skipComments: false }],
      'max-lines-per-function': ['error', { max: 70, skipBlankLines: true, skipComments: true }],
      complexity: ['error', 20],
      eqeqeq: 'error',
      'no-param-reassign': 'error',
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/prefer-nullish-coalescing': 'error',
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/no-unnecessary-condition': ['error', { allowConstantLoopConditions: true }],
    },
  },
  {
    files: ['src/**/*.ts', 'tui/**/*.{ts,tsx}'],
    ignores: ['src/runtime/**', '**/*.test.{ts,tsx}'],
    rules: {
      'no-restricted-globals': ['error', ...ambient],
      'no-restricted-imports': ['error', { paths: ambientModules }],
      'no-restricted-syntax': ['error', ...impure],
    },
  },
  {
    files: ['**/*.test.{ts,tsx}', 'test/**/*.{ts,tsx}'],
    rules: {
      'max-lines-per-function': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-floating-promises': ['error', { allowForKnownSafeCalls: ['test'] }],
    },
  },
  {
    files: ['**/*.mjs', 'eslint.config.js', '.dependency-cruiser.cjs'],
    languageOptions: {
      globals: {
        process: 'readonly',
        performance: 'readonly',
        setTimeout: 'readonly',
        clearTimeout: 'readonly',
        setInterval: 'readonly',
        clearInterval: 'readonly',
        module: 'writable',
        Buffer: 'readonly',
        URL: 'readonly',
        AbortSignal: 'readonly',
        WebSocket: 'readonly',
        fetch: 'readonly',
      },
    },
  },
);
