import tseslint from 'typescript-eslint';

const project = '@streams-on-mesos/*';
/** Pure too: arithmetic on resources, and regular expressions that take linear time whatever the pattern. */
const pureLibraries = '@streams-on-mesos/mesos$|re2js$';
const outsideDomain = (inside) => ({
  regex: `^(?!${inside}|${pureLibraries})`,
  allowTypeImports: true,
  message: 'domain/ is pure: it imports nothing outside itself but types',
});
const restrict = (...patterns) => ({ '@typescript-eslint/no-restricted-imports': ['error', { patterns }] });
/** The borders of one workspace: what its files may not import, and its domain/ nothing from outside besides. */
const borders = (workspace, ...patterns) => [
  { files: [`${workspace}/src/**/*.ts`], rules: restrict(...patterns) },
  { files: [`${workspace}/src/domain/*.ts`], ignores: ['**/*.test.ts'], rules: restrict(...patterns, outsideDomain('\\./')) },
  {
    files: [`${workspace}/src/domain/*/**/*.ts`],
    ignores: ['**/*.test.ts', '**/domain/testing/**', '**/domain/simulation/**'],
    rules: restrict(...patterns, outsideDomain('\\.{1,2}/(?!\\.\\./)')),
  },
];
const onlyOfferServiceTalksToMesos = {
  group: ['@streams-on-mesos/mesos'],
  allowTypeImports: true,
  allowImportNames: ['fromMilli', 'intervalsIn', 'reservationRole', 'toMilli'],
  message: 'only offer-service talks to Mesos',
};

const localClusterIsAlone = {
  group: [project, '**/mesos/src/**'],
  message: 'local-cluster shares the .proto files with packages/mesos and nothing else',
};

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
  ...borders('{offer-service,packages/cli,packages/local-environment,packages/local-marathon,packages/messages,packages/service}'),
  ...borders('{allocation-service,streams-bridge}', onlyOfferServiceTalksToMesos),
  ...borders('packages/mesos', { group: [project], message: 'packages/mesos knows nothing of this project' }),
  ...borders('packages/local-cluster', localClusterIsAlone),
  {
    files: ['packages/local-cluster/src/master/domain/**/*.ts'],
    ignores: ['**/*.test.ts', '**/domain/testing/**'],
    rules: restrict(localClusterIsAlone, {
      regex: '^(?!\\.)|/(agent|cluster|executor|http|network|testing|wire|zookeeper)/',
      allowTypeImports: true,
      message: "the master's decisions are pure: they import themselves, resources/ and types",
    }),
  },
);
