import js from '@eslint/js';
import ts from 'typescript-eslint';

const impure = ['Date', 'Math', 'crypto'].flatMap(object =>
  ({ Date: ['now'], Math: ['random'], crypto: ['randomUUID', 'randomBytes'] })[object].map(property => ({ object, property, message: 'Time, ids and chance come in with the command.' })),
);

const terminal = {
  selector: 'CallExpression[callee.property.name="write"][callee.object.property.name=/^std(out|err)$/]',
  message: 'Print with print or complain of #platform, which escape what they print.',
};
const paths = [
  "CallExpression[callee.name='encodeURIComponent'], Identifier[name='encodeURIComponent']",
  'TemplateLiteral[expressions.length>0] > TemplateElement[value.raw=/^\\u002F(stories|actors|commands|desk|s)\\u002F/]',
].map(selector => ({ selector, message: 'Put a path together with pathTo of #client, which encodes each step.' }));
// Where a rule has its own lists, the last block that fits a file counts: these are the files that paths are not looked for in.
const unpathed = ['**/*.{unit,int,e2e,fixture,spec-helper}.{ts,tsx}', 'libs/client/src/requests.ts'];

export default ts.config(
  { ignores: ['dist/', 'node_modules/', '.dateline/', '.dependency-cruiser.cjs'] },
  js.configs.recommended,
  ...ts.configs.recommended,
  {
    languageOptions: { globals: { process: 'readonly', console: 'readonly', setTimeout: 'readonly', clearTimeout: 'readonly', URL: 'readonly', fetch: 'readonly', AbortSignal: 'readonly' } },
    rules: {
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', ignoreRestSiblings: true }],
      'max-lines': ['error', { max: 300, skipBlankLines: true, skipComments: true }],
      complexity: ['error', { max: 12, variant: 'modified' }],
    },
  },
  { files: ['apps/**/*.{ts,tsx}', 'libs/**/*.{ts,tsx}'], ignores: unpathed, rules: { 'no-restricted-syntax': ['error', ...paths] } },
  {
    // What a log, a bundle or a file holds must not steer a terminal: libs/platform/src/terminal.ts escapes it.
    files: ['apps/*/src/**/*.{ts,tsx}', 'libs/*/src/**/*.{ts,tsx}'],
    ignores: ['**/*.{unit,int,e2e}.{ts,tsx}', 'apps/desk/src/**', 'libs/pages/src/client/**'],
    rules: { 'no-console': 'error', 'no-restricted-syntax': ['error', terminal, ...paths] },
  },
  { files: unpathed, ignores: ['**/*.{unit,int,e2e}.{ts,tsx}', 'test/**'], rules: { 'no-restricted-syntax': ['error', terminal] } },
  { files: ['**/*.{unit,int,e2e}.{ts,tsx}'], rules: { 'max-lines': ['error', { max: 500, skipBlankLines: true, skipComments: true }] } },
  {
    files: [
      'libs/domain/src/**/*.ts',
      'libs/projections/src/folds/**/*.ts',
      'libs/projections/src/engine/settle.ts',
      'libs/event-log/src/arbitrate.ts',
    ],
    ignores: ['**/*.{unit,int}.ts', '**/queries.ts'],
    rules: {
      'no-restricted-properties': ['error', ...impure],
      'no-restricted-globals': ['error', 'performance', 'process', 'fetch', 'setTimeout', 'setInterval', 'crypto'],
      'no-restricted-imports': ['error', { paths: [{ name: 'node:crypto', allowImportNames: ['createHash', 'hash'], message: 'Chance comes in with the command.' }] }],
      'no-restricted-syntax': [
        'error',
        { selector: "NewExpression[callee.name='Date'][arguments.length=0]", message: 'Time comes in with the command.' },
        { selector: "CallExpression[callee.name='Date']", message: 'Time comes in with the command.' },
        { selector: 'TSEnumDeclaration, TSModuleDeclaration, TSParameterProperty', message: 'The domain is erasable TypeScript.' },
        { selector: "CallExpression[callee.property.name=/^(localeCompare|toLocale.*)$/]", message: 'No locale in a decision or a fold.' },
      ],
    },
  },
);
