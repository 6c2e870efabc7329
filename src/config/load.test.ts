// From texts, variables and flags to a configuration, or to everything that is wrong with them.
import t from 'tap';
import { flagName, loadConfig, variableNames, type ConfigSources } from './load.ts';
import { ConfigError, describeProblem } from './problem.ts';
import type { Config } from './schema.ts';

const machine = { cwd: '/srv', timeZone: 'Europe/Istanbul' };

type Given = Partial<Omit<ConfigSources, 'file'>> & { readonly yaml?: string };

function load({ yaml, ...rest }: Given) {
  const file = yaml === undefined ? null : { path: 'site/config.yaml', text: yaml };
  return loadConfig({ env: {}, flags: {}, machine, ...rest, file });
}

function good(given: Given): Config {
  const result = load(given);
  if ('problems' in result) throw new ConfigError(result.problems);
  return result.config;
}

function bad(given: Given): string[] {
  const result = load(given);
  return 'problems' in result ? result.problems.map(describeProblem) : [];
}

t.test('without a file, or with an empty one, everything has its default', (t) => {
  const config = good({});
  t.same(config.site, { name: 'kwota site', timeZone: 'Europe/Istanbul' });
  t.same(config.ocpp, {
    host: '0.0.0.0',
    port: 9000,
    pathPrefix: null,
    heartbeatInterval: 60,
    callTimeout: 30,
    pingInterval: 45,
    webOrigins: [],
    auth: 'none',
    tls: {
      ...{ cert: null, key: null, ca: null, port: null },
      ...{ requireClientCertificate: false, minVersion: 'TLSv1.2' },
    },
    maxConnections: 20_000,
    maxPayload: 1_048_576,
  });
  t.same(config.quota, {
    resetDay: 1,
    onExhausted: 'stop',
    predictive: true,
    warnAt: [80, 95],
    stopMarginKwh: 0,
    chargerGuard: false,
    concurrentSessions: 'allow',
    unknownTags: 'reject',
    idTagMatch: 'exact',
  });
  t.same(config.configure, { keys: { MeterValueSampleInterval: '60' } });
  t.same(config.chargers, { unknown: 'accept', maxKnown: 20_000, settings: [] });
  t.same(config.api, {
    host: '127.0.0.1',
    port: 8001,
    tokens: [],
    rateLimit: 100,
    rateBurst: 500,
    cors: [],
    hosts: [],
    tls: { cert: null, key: null },
  });
  const logFile = { file: null, maxSize: 10_485_760, maxAge: 7, keep: 10 };
  t.same(config.log, { level: 'info', format: 'text', ...logFile });
  t.same(config.data, {
    dir: null,
    publishInterval: 500,
    backups: 7,
    meterLogEntries: 500,
    readingsDays: 90,
    usersEncoding: 'auto',
  });
  for (const yaml of [
    '',
    '\n',
    '# nothing\n',
    '---\n',
    '\uFEFF',
    'ocpp:\n',
    'ocpp: {}\nchargers:\n  settings:\n',
  ]) {
    t.same(good({ yaml }), config, JSON.stringify(yaml));
  }
  t.end();
});

t.test('every bound is taken and what lies beyond it is not', (t) => {
  for (const [path, min, below, max, above] of [
    ['ocpp.port', 0, -1, 65_535, 65_536],
    ['ocpp.heartbeatInterval', 1, 0, 86_400, 86_401],
    ['ocpp.callTimeout', 0.1, 0.09, 600, 600.1],
    ['ocpp.pingInterval', 0, -0.1, 3600, 3600.1],
    ['ocpp.maxConnections', 1, 0, 1_000_000, 1_000_001],
    ['ocpp.maxPayload', 65_536, 65_535, 16_777_216, 16_777_217],
    ['quota.resetDay', 1, 0, 28, 29],
    ['api.port', 0, -1, 65_535, 65_536],
    ['data.publishInterval', 100, 99, 60_000, 60_001],
    ['data.meterLogEntries', 1, 0, 100_000, 100_001],
    ['data.readingsDays', 1, 0, 3650, 3651],
  ] as const) {
    const [section, key] = path.split('.') as [string, string];
    const yaml = (value: number) => `${section}:\n  ${key}: ${value}\n`;
    for (const value of [min, max]) t.match(good({ yaml: yaml(value) }), { [section]: { [key]: value } });
    for (const value of [below, above]) {
      const [problem, ...others] = bad({ yaml: yaml(value) });
      t.match(problem, `site/config.yaml:2:${key.length + 5}: ${path} must be a`);
      t.match(problem, ` from ${min} to ${max}`);
      t.match(problem, `, not "${value}"`);
      t.same(others, []);
    }
  }
  t.end();
});

t.test('each mistake in a file is one line with its place and what to do', (t) => {
  for (const [yaml, line] of [
    ['ocpp:\n  prot: 1', '2:3: ocpp.prot is not a known key; did you mean ocpp.port?'],
    ['opcp:\n  port: 1', '1:1: opcp is not a known key; did you mean ocpp?'],
    ['port: 1', '1:1: port is not a known key; did you mean ocpp.port or api.port?'],
    ['ocpp:\n  resetDay: 1', '2:3: ocpp.resetDay is not a known key; did you mean quota.resetDay?'],
    ['zzz: 1', '1:1: zzz is not a known key'],
    ['__proto__: 1', '1:1: __proto__ is not a known key'],
    ['api: {constructor: 1}', '1:7: api.constructor is not a known key'],
    ['ocpp:\n  port: many', '2:9: ocpp.port must be a whole number from 0 to 65535, not "many"'],
    [
      'ocpp:\n  port: [1]',
      '2:9: ocpp.port must be a whole number from 0 to 65535, not a list, a map or an alias',
    ],
    [
      'ocpp:\n  port: {a: 1}',
      '2:9: ocpp.port must be a whole number from 0 to 65535, not a list, a map or an alias',
    ],
    [
      'ocpp:\n  port: *there',
      '2:9: ocpp.port must be a whole number from 0 to 65535, not a list, a map or an alias',
    ],
    ['ocpp:\n  port:\n', '2:8: ocpp.port has no value; write one, or remove the line'],
    [
      'ocpp:\n  heartbeatInterval: 0',
      '2:22: ocpp.heartbeatInterval must be a whole number from 1 to 86400, in seconds, not "0"',
    ],
    [
      'log: {level: Info}',
      '1:14: log.level must be one of debug, info, warn, error, not "Info"; did you mean info?',
    ],
    [
      'site:\n  timeZone: Europe/Istambul',
      '2:13: site.timeZone must be an IANA time zone such as Europe/Istanbul, not "Europe/Istambul"; did you mean Europe/Istanbul?',
    ],
    ['ocpp: 5', '1:7: ocpp must be a map of keys to values, not "5"'],
    [
      'ocpp:\n  port:9000',
      '2:3: ocpp must be a map of keys to values, not "port:9000"; write a space after the colon',
    ],
    ['- ocpp', '1:1: the file must be a map of keys to values, not a list'],
    ['hello', '1:1: the file must be a map of keys to values, not "hello"'],
    ['ocpp:\n  port: 1\n  port: 2', '3:3: ocpp.port stands here for the second time; the first is on line 2'],
    ['api:\nocpp:\napi:\n', '3:1: api stands here for the second time; the first is on line 1'],
    [
      'chargers:\n  settings:\n    Garage: {energyUnit: Wh}\n    GARAGE: {energyUnit: kWh}',
      '4:5: chargers.settings.GARAGE stands here for the second time, in another case; the first is on line 3',
    ],
    [
      'chargers:\n  settings:\n    "CP_*": {}\n    "cp_*": {}',
      '4:5: chargers.settings.cp_* stands here for the second time, in another case; the first is on line 3',
    ],
    [
      'chargers:\n  settings:\n    "cp_*": {}\n    "*": {}\n    CP_1: {}',
      '5:5: chargers.settings.CP_1 is never used: cp_*, which stands before it, fits as well; put it first',
    ],
    ['ocpp:\n\tport: 1', '2:1: a tab indents this line; indent with spaces'],
    ['api:\n---\napi:\n', '2:1: a second document begins here; remove the line ---'],
    [
      'site:\n  name: "A',
      '2:11: Missing closing "quote; look for an unclosed quote or bracket, or a missing colon',
    ],
    ['site:\n  name: @A', '2:9: a value cannot begin with this character; put quotes around the value'],
    [
      'chargers:\n  settings:\n    A:\n      energyunit: Wh',
      '4:7: chargers.settings.A.energyunit is not a known key; did you mean chargers.settings.A.energyUnit?',
    ],
    [
      'chargers:\n  settings:\n    A: {energyUnit: KWH}',
      '3:21: chargers.settings.A.energyUnit must be one of auto, Wh, kWh, not "KWH"; did you mean kWh?',
    ],
    ['chargers: {settings: [A]}', '1:22: chargers.settings must be a map of keys to values, not a list'],
    [
      'chargers:\n  settings:\n    "": {}',
      '3:5: chargers.settings needs a charger id or a pattern of at most 255 characters here',
    ],
    ['ocpp: {tls: on}', '1:13: ocpp.tls must be a map of keys to values, not "on"'],
    ['ocpp:\n  tls:\n    crt: a.pem', '3:5: ocpp.tls.crt is not a known key; did you mean ocpp.tls.cert?'],
    [
      'ocpp:\n  tls: {port: 70000}',
      '2:15: ocpp.tls.port must be a whole number from 0 to 65535, not "70000"',
    ],
    ['? {a: 1}\n: 2', '1:3: a key must be a word'],
  ] as const) {
    t.same(bad({ yaml }), [`site/config.yaml:${line}`], JSON.stringify(yaml));
  }
  t.end();
});

t.test('lines that do not fit together are a clear problem', (t) => {
  const [first] = bad({ yaml: 'site:\n  name: x\n   timeZone: UTC' });
  t.match(first, /^site\/config\.yaml:2:9: .*indent the keys of a section alike/);
  t.end();
});

t.test('all problems of all sources are reported at once, the file first and in its order', (t) => {
  const problems = bad({
    yaml: 'ocpp:\n  port: x\n  prot: 1\nlog:\n  level: loud\n',
    env: { KWOTA_QUOTA_RESET_DAY: '29' },
    flags: { 'api.port': 'eighty' },
  });
  t.same(problems, [
    'site/config.yaml:2:9: ocpp.port must be a whole number from 0 to 65535, not "x"',
    'site/config.yaml:3:3: ocpp.prot is not a known key; did you mean ocpp.port?',
    'site/config.yaml:5:10: log.level must be one of debug, info, warn, error, not "loud"',
    'KWOTA_QUOTA_RESET_DAY: quota.resetDay must be a whole number from 1 to 28, not "29"',
    '--api-port: api.port must be a whole number from 0 to 65535, not "eighty"',
  ]);
  t.end();
});

t.test('a flag wins over a variable, that over the file, that over the default', (t) => {
  const yaml = 'ocpp: {port: 3}';
  const env = { KWOTA_OCPP_PORT: '2' };
  t.equal(good({}).ocpp.port, 9000);
  t.equal(good({ yaml }).ocpp.port, 3);
  t.equal(good({ yaml, env }).ocpp.port, 2);
  t.equal(good({ yaml, env, flags: { 'ocpp.port': '1' } }).ocpp.port, 1);
  t.equal(good({ yaml, env: { KWOTA_OCPP_PORT: '' }, flags: { 'ocpp.port': undefined } }).ocpp.port, 3);
  t.end();
});

t.test('what a flag covers up is checked all the same', (t) => {
  t.same(bad({ yaml: 'api: {port: x}', flags: { 'api.port': '0' } }).length, 1);
  t.same(bad({ env: { KWOTA_API_PORT: 'x' }, flags: { 'api.port': '0' } }).length, 1);
  t.end();
});

t.test('flags and variables are named after the key, the data folder has the short name too', (t) => {
  t.equal(flagName('ocpp.port'), '--ocpp-port');
  t.equal(flagName('ocpp.callTimeout'), '--ocpp-call-timeout');
  t.equal(flagName('data.dir'), '--data');
  t.same(variableNames('quota.concurrentSessions'), ['KWOTA_QUOTA_CONCURRENT_SESSIONS']);
  t.same(variableNames('data.dir'), ['KWOTA_DATA', 'KWOTA_DATA_DIR']);
  t.equal(good({ env: { KWOTA_DATA_DIR: 'b' } }).data.dir, '/srv/b');
  t.equal(good({ env: { KWOTA_DATA: 'a', KWOTA_DATA_DIR: 'b' } }).data.dir, '/srv/a');
  t.end();
});

t.test('paths start at the file that has them, those of flags at the working folder', (t) => {
  t.equal(good({ yaml: 'data: {dir: data}' }).data.dir, '/srv/site/data');
  t.equal(good({ yaml: 'data: {dir: /srv/kwota}' }).data.dir, '/srv/kwota');
  t.equal(good({ yaml: 'data: {dir: a}', flags: { 'data.dir': 'b' } }).data.dir, '/srv/b');
  t.equal(good({ yaml: 'data: {dir: ~}' }).data.dir, null);
  t.end();
});

t.test('values are taken as they are written, whatever YAML would make of them', (t) => {
  t.equal(good({ yaml: 'site: {name: 007}' }).site.name, '007');
  t.equal(good({ yaml: 'site: {name: true}' }).site.name, 'true');
  t.equal(good({ yaml: 'site: {name: "a\\u0020b"}' }).site.name, 'a b');
  t.equal(good({ yaml: 'api: {port: "80"}' }).api.port, 80);
  t.equal(good({ yaml: 'ocpp: {port: &p 81}\napi: {port: *p}\r\n' }).api.port, 81);
  t.end();
});

t.test('variables are put into values, numbers among them', (t) => {
  const env = { PORT: '81', TOWN: 'İzmir', NESTED: '${TOWN}', EMPTY: '' };
  const name = (text: string) => good({ yaml: `site:\n  name: ${text}`, env }).site.name;
  t.equal(good({ yaml: 'api:\n  port: ${PORT}', env }).api.port, 81);
  t.equal(name('${TOWN}'), 'İzmir');
  t.equal(name('site ${TOWN}, ${PORT}${EMPTY}!'), 'site İzmir, 81!');
  t.equal(name('$${TOWN}'), '${TOWN}');
  t.equal(name('${NESTED}'), '${TOWN}');
  t.equal(name('$TOWN $'), '$TOWN $');
  t.equal(
    good({ yaml: 'chargers: {settings: {A: {brand: "${TOWN}"}}}', env }).chargers.settings[0]?.settings.brand,
    'İzmir',
  );
  t.end();
});

t.test('a variable that is missing or malformed is a problem, and its content is not shown', (t) => {
  const line = (text: string) => bad({ yaml: `api:\n  port: ${text}`, env: { SECRET: 'hunter2' } });
  t.same(line('${NONE}'), [
    'site/config.yaml:2:9: api.port needs the environment variable NONE, which is not set; set NONE where kwota is started, or write the value here',
  ]);
  t.equal(line('${toString}').length, 1);
  t.same(line('${SECRET}'), [
    'site/config.yaml:2:9: api.port must be a whole number from 0 to 65535, not "${SECRET}"',
  ]);
  for (const text of ['${', '${}', '${A-B}', '${A:-1}']) {
    t.same(
      line(text),
      [
        'site/config.yaml:2:9: api.port has a "${" without the name of a variable and "}"; write ${NAME}, or $${ for the characters themselves',
      ],
      text,
    );
  }
  t.end();
});

t.test('a machine that does not know its time zone needs one in the file', (t) => {
  const lost = { cwd: '/srv', timeZone: 'Etc/Unknown' };
  t.match(
    bad({ machine: lost })[0],
    /^this machine: site\.timeZone must be an IANA time zone .*; write site\.timeZone/,
  );
  t.equal(good({ machine: lost, yaml: 'site: {timeZone: UTC}' }).site.timeZone, 'UTC');
  t.end();
});

t.test('a file nested without end is a problem and no crash', (t) => {
  t.ok(bad({ yaml: `site: ${'['.repeat(20_000)}` }).length > 0);
  t.ok(bad({ yaml: `site: ${'{a: '.repeat(20_000)}` }).length > 0);
  t.end();
});

t.test('lists and maps are read as YAML, or as one text', (t) => {
  const ladder = [
    { step: 'remoteStop', waitMs: 0 },
    { step: 'softReset', waitMs: 90_000 },
  ];
  const keys = {
    MeterValueSampleInterval: '30',
    MeterValuesSampledData: 'Energy.Active.Import.Register,Voltage',
  };
  const charger = (text: string) =>
    good({ yaml: `chargers:\n  settings:\n    CP1:\n${text}` }).chargers.settings;
  t.same(good({ yaml: 'quota:\n  warnAt: [50, 99.5]' }).quota.warnAt, [50, 99.5]);
  t.same(good({ yaml: 'quota:\n  warnAt:\n    - 50\n    - 60' }).quota.warnAt, [50, 60]);
  t.same(good({ yaml: 'quota:\n  warnAt: 50' }).quota.warnAt, [50]);
  t.same(good({ yaml: 'quota:\n  warnAt: []' }).quota.warnAt, []);
  t.match(charger('      stopLadder: [remoteStop 0, softReset 90]'), [{ settings: { stopLadder: ladder } }]);
  t.match(charger('      configure:\n        Own: x=1'), [{ settings: { configure: { Own: 'x=1' } } }]);
  const lines = Object.entries(keys).map(([key, value]) => `  ${key}: ${value}`);
  t.same(good({ yaml: ['configure:', ...lines].join('\n') }).configure, { keys });
  t.same(good({ yaml: 'configure: {}' }).configure, { keys: {} });
  t.end();
});

t.test('a list or a map with something else in it says what it must be', (t) => {
  for (const [text, message] of [
    [
      'quota:\n  warnAt: [80, 101]',
      /2:11: quota\.warnAt must be a list of at most 10, each a number from 1 to 100/,
    ],
    ['quota:\n  warnAt: [[80]]', /quota\.warnAt must be .*, not a list, a map or an alias/],
    ['quota:\n  warnAt: {a: 1}', /not a list, a map or an alias/],
    ['configure: [a]', /configure must be a map of at most 50 names to texts/],
    ['configure:\n  a: [1]', /configure must be a map/],
    ['chargers:\n  settings:\n    A:\n      stopLadder: [remotestop 5]', /did you mean remoteStop\?/],
    ['chargers:\n  settings:\n    A:\n      stopLadder: [remoteStop]', /the seconds to wait before it/],
  ] as const)
    t.match(bad({ yaml: text }).join('\n'), message);
  t.end();
});

t.test('a ConfigError has a code, its problems, and a line for each of them', (t) => {
  const result = load({ yaml: 'a: 1\nb: 2' });
  const problems = 'problems' in result ? result.problems : [];
  const error = new ConfigError(problems);
  t.equal(error.code, 'CONFIG_INVALID');
  t.equal(error.problems.length, 2);
  t.equal(
    error.message,
    'site/config.yaml:1:1: a is not a known key\nsite/config.yaml:2:1: b is not a known key',
  );
  t.end();
});
