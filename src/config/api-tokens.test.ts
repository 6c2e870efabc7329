// api.tokens and api.cors in config.yaml: a list of maps, secrets that no message shows, origins to the letter.
import t from 'tap';
import { loadConfig } from './load.ts';
import { describeProblem } from './problem.ts';

const load = (api: string, env: Readonly<Record<string, string>> = {}) =>
  loadConfig({
    file: { path: 'config.yaml', text: `api:\n${api}` },
    env,
    flags: {},
    machine: { cwd: '/site', timeZone: 'Europe/Istanbul' },
  });
const problems = (api: string, env: Readonly<Record<string, string>> = {}) => {
  const result = load(api, env);
  return 'problems' in result ? result.problems.map(describeProblem) : [];
};

t.test('tokens are read in their order, and a token may come from a variable', (t) => {
  const yaml =
    '  tokens:\n    - {name: screen, role: viewer, token: "${SCREEN}"}\n    - name: desk\n      role: admin\n      token: 0123456789abcdef\n';
  t.match(load(yaml, { SCREEN: 'a-secret-of-the-screen' }), {
    config: {
      api: {
        tokens: [
          { name: 'screen', role: 'viewer', token: 'a-secret-of-the-screen' },
          { name: 'desk', role: 'admin', token: '0123456789abcdef' },
        ],
      },
    },
  });
  t.match(load('  tokens: []\n'), { config: { api: { tokens: [] } } });
  t.end();
});

t.test('what is wrong with a token is told with its place, and never with its text', (t) => {
  const good = 'name: a, role: viewer, token: 0123456789abcdef';
  for (const [yaml, message] of [
    ['  tokens: {a: 1}', 'config.yaml:2:11: api.tokens must be a list of maps; begin each with "- name:"'],
    ['  tokens: [a]', 'config.yaml:2:12: api.tokens[0] must be a map of keys to values, not "a"'],
    ['  tokens: [{name: a}]', 'config.yaml:2:12: api.tokens[0] needs role and token'],
    [
      `  tokens: [{${good}, rol: x}]`,
      'config.yaml:2:61: api.tokens[0].rol is not a known key; did you mean api.tokens[0].role?',
    ],
    [
      `  tokens: [{${good}}, {${good}}]`,
      'config.yaml:2:62: api.tokens[1] has the same name as one before it',
    ],
    [
      '  tokens: [{name: a, role: boss, token: 0123456789abcdef}]',
      'config.yaml:2:28: api.tokens[0].role must be one of viewer, operator, admin, not "boss"',
    ],
    [
      '  tokens: [{name: a, role: viewer, token: too-short}]',
      'config.yaml:2:43: api.tokens[0].token must be 16 to 200 letters, digits and signs without blanks, not this text',
    ],
    [
      '  tokens: [{name: a, role: viewer, token: }]',
      'config.yaml:2:36: api.tokens[0].token has no value; write one',
    ],
  ] as const) {
    t.same(problems(yaml), [message], yaml);
  }
  const blank = problems('  tokens: [{name: a, role: viewer, token: "${T}"}]', {
    T: 'has blanks in it, all in all',
  });
  t.equal(blank.length, 1);
  t.notMatch(blank.join(), 'blanks in it');
  t.end();
});

t.test('an origin is scheme, host and port as a browser writes it', (t) => {
  t.match(load('  cors: [https://a.example, "http://localhost:3000"]\n'), {
    config: { api: { cors: ['https://a.example', 'http://localhost:3000'] } },
  });
  t.match(problems('  cors: [https://a.example/]').join(), /did you mean https:\/\/a\.example\?/);
  for (const wrong of ['a.example', '"*"', '"null"', 'file:///x']) {
    t.match(
      problems(`  cors: [${wrong}]`).join(),
      /api\.cors must be a list of at most 20, each an origin/,
      wrong,
    );
  }
  t.end();
});
