import tseslint from 'typescript-eslint';

const nothingBut = (message, ...group) => ({ 'no-restricted-imports': ['error', { patterns: [{ group, message }] }] });
const adapters = ['amqplib', 'express', 'node-zookeeper-client', 'node:*', 'pino', 'prom-client', '../*', '!../domain'];

export default tseslint.config(
  { ignores: ['**/dist/', '**/generated/', '**/node_modules/', '.run/'] },
  ...tseslint.configs.recommended,
  {
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', ignoreRestSiblings: true }],
      'no-restricted-syntax': ['error', { selector: 'ExportDefaultDeclaration', message: 'No default exports: a thing has one name.' }],
      eqeqeq: 'error',
      'prefer-const': 'error',
    },
  },
  { files: ['*.config.*'], rules: { 'no-restricted-syntax': 'off' } },
  {
    files: ['*/src/domain/**/*.ts', 'packages/*/src/domain/**/*.ts'],
    ignores: ['**/*.test.ts', '**/domain/testing/**', '**/domain/simulation/**'],
    rules: nothingBut('domain/ is pure: it imports nothing outside itself but types', ...adapters),
  },
  {
    files: ['packages/mesos/src/**/*.ts'],
    rules: nothingBut('packages/mesos knows nothing of this project', '@streams-on-mesos/*', '!@streams-on-mesos/mesos'),
  },
  {
    files: ['packages/local-cluster/src/**/*.ts'],
    rules: nothingBut('local-cluster shares the .proto files with packages/mesos and nothing else', '@streams-on-mesos/*', '**/mesos/src/**'),
  },
  {
    files: ['allocation-service/src/**/*.ts', 'streams-bridge/src/**/*.ts'],
    rules: {
      '@typescript-eslint/no-restricted-imports': [
        'error',
        { paths: [{ name: '@streams-on-mesos/mesos', allowTypeImports: true, message: 'only offer-service talks to Mesos' }] },
      ],
    },
  },
);
