import tseslint from 'typescript-eslint';

/** Sizes that keep a file readable in one sitting; tests and generated migrations are lists and may be longer. */
const SIZES = {
  'max-lines': ['error', { max: 250, skipBlankLines: false, skipComments: false }],
  'max-lines-per-function': ['error', { max: 40, skipBlankLines: true, skipComments: true }],
  'max-depth': ['error', 3],
};

/** Three parameters, then one object; only what Nest injects into a constructor, and hands to a route, may be more. */
const PARAMETERS = [
  ':not(MethodDefinition[kind="constructor"]) > FunctionExpression[params.length>3]',
  'FunctionDeclaration[params.length>3]',
  'ArrowFunctionExpression[params.length>3]',
].map((selector) => ({ selector, message: 'At most three parameters: hand over one object.' }));

const SHELL_STRINGS = [
  { selector: "CallExpression[callee.name='exec']", message: 'Argument arrays only: no shell string is ever built.' },
  { selector: "Property[key.name='shell'][value.value=true]", message: 'Argument arrays only: no shell.' },
];

export default tseslint.config(
  { ignores: ['dist/', '.jockey/', 'coverage/', 'sample/', 'clients/typescript/src/schema.ts'] },
  {
    files: ['**/*.ts'],
    extends: [...tseslint.configs.recommended],
    // One program for one run: the project service, made for editors, takes half as long again.
    languageOptions: { parserOptions: { project: ['tsconfig.json'], tsconfigRootDir: import.meta.dirname } },
    rules: {
      ...SIZES,
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', ignoreRestSiblings: true },
      ],
      'no-restricted-syntax': ['error', ...SHELL_STRINGS, ...PARAMETERS],
      'no-warning-comments': ['error', { terms: ['todo', 'fixme', 'xxx'], location: 'anywhere' }],
    },
  },
  {
    files: ['src/**/*.ts'],
    ignores: [
      'src/**/*.spec.ts',
      'src/main.ts',
      'src/engine.ts',
      'src/store/migrate.ts',
      'src/store/verify-audit.ts',
      'src/store/rotate-secrets.ts',
    ],
    rules: {
      'no-restricted-properties': [
        'error',
        { object: 'process', property: 'env', message: 'The environment is read once, in src/config.' },
      ],
    },
  },
  {
    files: ['src/domain/**/*.ts'],
    ignores: ['**/*.spec.ts'],
    rules: {
      'no-restricted-properties': [
        'error',
        { object: 'Date', property: 'now', message: 'Time is an input of the domain.' },
        { object: 'Math', property: 'random', message: 'The domain knows no chance.' },
      ],
    },
  },
  {
    files: ['src/adapters/**/*.module.ts', '**/*.module.ts'],
    rules: { '@typescript-eslint/no-extraneous-class': 'off' },
  },
  { files: ['**/*.controller.ts'], rules: { 'no-restricted-syntax': ['error', ...SHELL_STRINGS] } },
  {
    files: ['**/*.spec.ts', '**/*.contract.ts', 'test/**/*.ts', 'migrations/**/*.ts'],
    rules: { 'max-lines': 'off', 'max-lines-per-function': 'off' },
  },
);
