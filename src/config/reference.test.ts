// config.yaml and the tables say what the schema says. When these fail: node scripts/config-docs.ts
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { loadConfig } from './load.ts';
import { configYaml, withConfigTable } from './reference.ts';

const root = join(import.meta.dirname, '../..');
const machine = { cwd: '/site', timeZone: 'Europe/Istanbul' };
const read = (name: string) => readFileSync(join(root, name), 'utf8');

function load(text: string | null) {
  return loadConfig({
    file: text === null ? null : { path: 'config.yaml', text },
    env: { DASHBOARD_TOKEN: 'sixteen-or-longer', GARAGE_PASSWORD: 'eight-or-longer', FORWARD_API_KEY: 'any' },
    flags: {},
    machine,
  });
}

t.test('the config.yaml of the project is the one that the schema gives', (t) => {
  t.equal(read('config.yaml'), configYaml());
  t.end();
});

t.test('the tables of the documentation are those that the schema gives', (t) => {
  t.equal(read('docs/configuration.md'), withConfigTable(read('docs/configuration.md')));
  if (existsSync(join(root, 'README.md'))) {
    const readme = read('README.md');
    t.equal(readme, withConfigTable(readme) ?? readme);
  }
  t.end();
});

t.test('the config.yaml of the project loads to exactly the defaults', (t) => {
  const result = load(configYaml());
  t.ok('config' in result);
  t.same(result, load(null));
  t.end();
});

t.test('what is commented out in config.yaml is right once the # is taken away', (t) => {
  const opened = configYaml().replace(
    /^( +)# {1,3}(?=(- )?('[^']+'|\w+):( (\w[\w.:/-]*|\[.*\]|\{.*\}|\$\{\w+\}))?$)/gm,
    (_, indent: string) => {
      return indent.length === 4 ? '    ' : indent;
    },
  );
  const result = load(
    opened.replaceAll(
      /^ {4}(energyUnit|startStopUnit|timeFormat|maxPowerKw|stopLadder|localStart|configure|auth|password|certificateName|brand|role|token|url|secret|headers|events)/gm,
      '      $1',
    ),
  );
  t.match(result, {
    config: {
      site: { timeZone: 'Europe/Istanbul' },
      ocpp: { pathPrefix: 'ocpp', tls: { cert: '/site/tls/server.pem', port: 9443 } },
      data: { dir: '/site/data' },
      api: { tokens: [{ name: 'dashboard', role: 'viewer', token: 'sixteen-or-longer' }] },
      alarms: {
        webhooks: [{ name: 'on-call', url: 'https://hooks.example.com/kwota', events: ['began', 'over'] }],
      },
      chargers: {
        settings: [
          {
            pattern: 'LIVOLTEK_*',
            settings: { maxPowerKw: 22, password: 'eight-or-longer', brand: 'LIVOLTEK' },
          },
        ],
      },
    },
  });
  t.end();
});

t.test('a document without both markers has no place for the table', (t) => {
  t.equal(withConfigTable('text'), null);
  t.equal(withConfigTable('<!-- config:start -->'), null);
  t.equal(withConfigTable('<!-- config:end --><!-- config:start -->'), null);
  t.match(
    withConfigTable('a<!-- config:start -->old<!-- config:end -->b'),
    /^a<!-- config:start -->\n\n\| Key/,
  );
  t.end();
});
