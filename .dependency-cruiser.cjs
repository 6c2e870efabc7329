// Who may know whom (ARCHITECTURE.md has the picture). Every rule is an error; test files may reach across the parts.

const TEST = '\\.test\\.tsx?$';
const PARTS = '(api|ocpp|csms|store|files|forward|config)';

/** What clients of the API may import. */
const CLIENT_FILES = ['^src/api/(contract|[a-z-]*client|event-parser)\\.ts$', '^src/api/contract/'];

/** One forbidden direction. `from` never matches a test file. */
const forbid = (name, comment, from, to) => ({
  name,
  comment,
  severity: 'error',
  from: { pathNot: TEST, ...from },
  to,
});

module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      severity: 'error',
      comment: 'Two files that need each other are one, or miss a third.',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-orphans',
      severity: 'error',
      comment: 'A file that nobody imports and that imports nobody is dead.',
      from: { orphan: true, pathNot: [TEST, '^scripts/[^/]+\\.(mjs|ts)$', '\\.d\\.ts$'] },
      to: {},
    },
    {
      name: 'resolvable',
      severity: 'error',
      comment: 'An import that leads nowhere.',
      from: {},
      to: { couldNotResolve: true },
    },
    forbid(
      'siblings-apart',
      'The parts meet through ports that the one who needs something declares; src/kwota.ts joins them.',
      { path: `^src/${PARTS}/` },
      { path: `^src/${PARTS}/`, pathNot: '^src/$1/' },
    ),
    forbid(
      'domain-is-pure',
      'The domain knows nothing but itself, and the calendar library.',
      { path: '^src/domain/' },
      { pathNot: ['^src/domain/', '(^|/)node_modules/temporal-(polyfill|spec|utils)/'] },
    ),
    forbid(
      'runtime-is-below',
      'src/runtime serves every part and knows none.',
      { path: '^src/runtime/' },
      { path: '^(src|bin|tui|test)/', pathNot: '^src/runtime/' },
    ),
    forbid(
      'composition-on-top',
      'Only bin/ starts the composed server, and replays, and makes pasts.',
      { path: '^(src|tui)/' },
      { path: ['^src/(kwota|replay|past)\\.ts$', '^bin/'] },
    ),
    forbid(
      'simulator-is-a-charger',
      'The simulator shares the frames and messages with the server, nothing else.',
      { path: '^src/simulator/' },
      {
        path: '^src/',
        pathNot: [
          '^src/simulator/',
          '^src/runtime/',
          '^src/ocpp/frame\\.ts$',
          '^src/ocpp/v16/messages\\.ts$',
        ],
      },
    ),
    forbid(
      'server-without-simulator',
      'The server never needs simulated chargers.',
      { path: '^src/(?!simulator/)' },
      { path: '^src/simulator/' },
    ),
    forbid(
      'tui-is-a-client',
      'The dashboard is a client of the API: it sees the contract and the client.',
      { path: '^tui/' },
      { path: '^(src|bin)/', pathNot: [...CLIENT_FILES, '^src/runtime/'] },
    ),
    forbid(
      'client-without-server',
      'What clients import must not bring the server along.',
      { path: CLIENT_FILES },
      { path: '^src/', pathNot: [...CLIENT_FILES, '^src/runtime/'] },
    ),
    forbid(
      'product-without-tests',
      'The product imports no test and no script.',
      { path: '^(src|bin|tui)/' },
      { path: ['^(test|bench|scripts)/', TEST] },
    ),
    forbid(
      'product-without-dev-tools',
      'What ships is in dependencies.',
      { path: '^(src|bin|tui)/' },
      { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'] },
    ),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: ['^(dist|release|\\.cache|\\.tap)/'] },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
};
