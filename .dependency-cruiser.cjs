/** The architecture, as rules: imports point one way. See docs/decisions and the README's picture. */
// Tests, and what only they import.
const testCode = '[.](unit|int|e2e|spec-helper|fixture)[.]tsx?$|^libs/[^/]+/src/testing/';
// What runs beside the product on a developer's machine: the image holds neither.
const beside = '^apps/demo/|^libs/dev-servers/';
const lib = name => `^libs/${name}/src/`;
const only = (name, from, allowed, comment) => ({
  name,
  comment,
  severity: 'error',
  from: { path: from, pathNot: testCode },
  to: { pathNot: allowed },
});
// But for the queries of their tables.
const folds = { path: '^libs/projections/src/folds/', pathNot: [testCode, '/queries[.]ts$'] };
module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      comment: 'At run time. Cycles of types alone are allowed: the type of events follows from a list whose entries name it.',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    { name: 'no-unresolved', severity: 'error', from: {}, to: { couldNotResolve: true } },
    only(
      'domain-is-pure',
      lib('domain'),
      [lib('domain'), '^node_modules/(zod|canonicalize|immutable|uuid)/', '^(node:)?crypto$'],
      'The domain knows nothing of Nest, Kafka, Postgres or the network.',
    ),
    only(
      'bundle-stands-alone',
      lib('bundle'),
      [lib('bundle'), lib('domain'), '^node_modules/(zod|jose)/', '^(node:)?(crypto|fs|path)$'],
      'A bundle is read and checked without Kafka, Postgres or the network.',
    ),
    only(
      'arbitrate-is-pure',
      '^libs/event-log/src/arbitrate[.]ts$',
      ['^node_modules/immutable/'],
      'The rule reads headers and nothing else.',
    ),
    {
      name: 'folds-are-pure',
      comment: 'A fold knows events and rows, not where either is kept.',
      severity: 'error',
      from: folds,
      to: { pathNot: [lib('domain'), '^libs/projections/src/folds/'] },
    },
    { name: 'folds-ask-no-tables', severity: 'error', from: folds, to: { path: '^libs/projections/src/folds/.*/queries[.]ts$' } },
    ...[
      ['folds', ['folds'], 'Folds and the queries of their tables know nothing of builds, batches or the log.'],
      ['visibility-log', ['visibility-log'], 'When readers could see a position does not depend on rows.'],
      ['builds', ['builds', 'folds', 'visibility-log'], 'A build is made, swapped and dropped without knowing who fills it.'],
      ['queries', ['queries', 'builds', 'folds', 'visibility-log'], 'Who reads rows does not know how they are written.'],
      ['engine', ['engine', 'builds', 'folds', 'visibility-log'], 'Code that writes rows must not use the queries of readers.'],
    ].map(([folder, allowed, comment]) => ({
      name: `projections-${folder}`,
      comment,
      severity: 'error',
      from: { path: `^libs/projections/src/${folder}/`, pathNot: testCode },
      to: { path: '^libs/projections/src/', pathNot: `^libs/projections/src/(${allowed.join('|')})/` },
    })),
    only(
      'client-runs-in-browsers',
      lib('client'),
      [lib('client'), '^libs/contract/src/index[.]ts$', '^node_modules/eventsource-parser/'],
      'Nothing of Node; of the contract, its types.',
    ),
    only(
      'desk-runs-in-browsers',
      '^apps/desk/',
      ['^apps/desk/', '^libs/(client|contract)/src/index[.]ts$', '^libs/pages/src/parts[.]ts$', '^node_modules/preact/'],
      'Nothing of Node and nothing of the editor-api: what both need is in the contract.',
    ),
    {
      name: 'readers-hold-no-keys',
      severity: 'error',
      comment: 'The reader-api faces the internet: it answers from rows that hold only what readers may see.',
      from: { path: '^apps/reader-api/', pathNot: testCode },
      to: { path: lib('keys') },
    },
    { name: 'libs-never-import-apps', severity: 'error', from: { path: '^libs/' }, to: { path: '^apps/' } },
    {
      name: 'apps-never-import-apps',
      severity: 'error',
      from: { path: '^apps/([^/]+)/' },
      to: { path: '^apps/', pathNot: '^apps/$1/' },
    },
    {
      name: 'libs-by-their-front-door',
      severity: 'error',
      comment: 'Across libraries and from apps: only #name.',
      from: { path: '^(apps|libs)/([^/]+)/' },
      to: {
        path: '^libs/[^/]+/src/.+',
        pathNot: [
          '^libs/[^/]+/src/index[.]ts$',
          '^libs/(captures/src/ask|pages/src/parts|platform/src/liveness|domain/src/(bidi|language))[.]ts$',
          '^$1/$2/',
        ],
      },
    },
    {
      name: 'pages-are-read-by-the-fetcher',
      severity: 'error',
      comment: 'Code that asks other sites, and reads what they send, runs in a process without rights.',
      from: { path: '^(apps|libs)/', pathNot: `${testCode}|^apps/fetcher/|^libs/captures/` },
      to: { path: '^libs/captures/src/', pathNot: '^libs/captures/src/ask[.]ts$' },
    },
    {
      name: 'fetcher-has-no-rights',
      severity: 'error',
      comment: 'The process that reads hostile pages knows neither the log, nor Postgres, nor keys.',
      from: { path: '^(apps/fetcher|libs/captures)/' },
      to: { path: '^libs/(event-log|postgres|keys|projections|rights)/' },
    },
    {
      name: 'kafkajs-behind-its-port',
      severity: 'error',
      from: { path: '^(apps|libs)/', pathNot: '^libs/event-log/src/kafka/' },
      to: { path: '^node_modules/kafkajs/' },
    },
    {
      name: 'aws-sdk-behind-its-port',
      severity: 'error',
      from: { path: '^(apps|libs)/', pathNot: '^libs/blobs/src/s3/' },
      to: { path: '^node_modules/@aws-sdk/' },
    },
    {
      name: 'product-has-no-test-code',
      severity: 'error',
      from: { path: '^(apps|libs)/', pathNot: testCode },
      to: { path: testCode },
    },
    {
      name: 'product-knows-no-tests',
      severity: 'error',
      from: { path: '^(apps|libs)/', pathNot: testCode },
      to: { path: '^test/' },
    },
    {
      name: 'product-starts-no-servers',
      severity: 'error',
      comment: 'Only the demo and tests bring up Kafka and Postgres.',
      from: { path: '^(apps|libs)/', pathNot: `${testCode}|${beside}` },
      to: { path: '^libs/dev-servers/' },
    },
    {
      name: 'product-has-no-memory-log',
      severity: 'error',
      from: { path: '^(apps|libs)/', pathNot: '[.](unit|int)[.]ts$|^libs/event-log/src/memory/' },
      to: { path: '^libs/event-log/src/memory/' },
    },
    {
      name: 'no-dev-dependency-in-product',
      severity: 'error',
      comment: 'What runs in containers.',
      from: { path: '^(apps|libs)/', pathNot: `${testCode}|^libs/[^/]+/bin/|${beside}` },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    },
  ],
  options: {
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|[.]dateline)/' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['dateline', 'import', 'require', 'node', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.js', '.mjs', '.json'],
    },
  },
};
