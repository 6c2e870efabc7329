// What the three systems are given for a service: the whole command line, quoted as each of them reads it.
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { launchdPlan } from './launchd.ts';
import { serveArguments, type ServiceFacts } from './plan.ts';
import { systemdPlan } from './systemd.ts';
import { windowsPlan } from './windows-task.ts';

const FACTS: ServiceFacts = {
  name: 'kwota',
  program: { file: '/opt/kwota/kwota-linux-x64', args: [] },
  configPath: '/etc/kwota/config.yaml',
  dataDir: '/srv/kwota/data',
  flags: [],
  user: 'daemon',
  needsLowPort: false,
};

/** What a folder may be called, to nobody's joy. */
const ODD = '/srv/a "b" $HOME 100% <Ölçüm> \\ & c/data';

const textOf = ({ file }: { file: { content: string | Buffer } }) =>
  typeof file.content === 'string' ? file.content : file.content.toString('utf16le');

const linesOf = (text: string, key: string) =>
  text
    .split('\n')
    .filter((line) => line.startsWith(`${key}=`))
    .map((line) => line.slice(key.length + 1));

t.test('a service has all that serve needs on its command line', (t) => {
  t.strictSame(serveArguments(FACTS), [
    'serve',
    '--config',
    '/etc/kwota/config.yaml',
    '--data',
    '/srv/kwota/data',
  ]);
  const plain = { ...FACTS, configPath: null, flags: ['--ocpp-port', '80'] };
  t.strictSame(serveArguments(plain), ['serve', '--data', '/srv/kwota/data', '--ocpp-port', '80']);
  const source = { ...FACTS, program: { file: '/usr/bin/node', args: ['/opt/kwota.ts'] } };
  t.strictSame(serveArguments(source).slice(0, 2), ['/opt/kwota.ts', 'serve']);
  t.end();
});

t.test('a systemd unit runs as the user, may write the data folder only, and is started again', (t) => {
  const text = textOf(systemdPlan(FACTS));
  t.strictSame(linesOf(text, 'ExecStart'), [
    '"/opt/kwota/kwota-linux-x64" "serve" "--config" "/etc/kwota/config.yaml" "--data" "/srv/kwota/data"',
  ]);
  t.strictSame(linesOf(text, 'User'), ['daemon']);
  t.strictSame(linesOf(text, 'ReadWritePaths'), ['"/srv/kwota/data"']);
  t.strictSame(linesOf(text, 'ProtectSystem'), ['strict']);
  t.strictSame(linesOf(text, 'Restart'), ['always']);
  t.strictSame(linesOf(text, 'CapabilityBoundingSet'), ['']);
  t.strictSame(linesOf(textOf(systemdPlan({ ...FACTS, needsLowPort: true })), 'AmbientCapabilities'), [
    'CAP_NET_BIND_SERVICE',
  ]);
  t.strictSame(linesOf(textOf(systemdPlan({ ...FACTS, user: null })), 'User'), []);
  t.end();
});

t.test('systemd finds nothing wrong with the unit, and takes odd names as they are', (t) => {
  const text = textOf(systemdPlan({ ...FACTS, program: { file: process.execPath, args: [] }, dataDir: ODD }));
  t.match(text, String.raw`"--data" "/srv/a \"b\" $$HOME 100%% <Ölçüm> \\ & c/data"`);
  const path = join(t.testdir({}), 'kwota.service');
  writeFileSync(path, text);
  const { error, status, stderr } = spawnSync('systemd-analyze', ['verify', path], { encoding: 'utf8' });
  if (error !== undefined) t.comment('this machine has no systemd-analyze');
  else t.strictSame([status, stderr], [0, '']);
  t.end();
});

t.test(
  'a Windows task runs as LocalService without a time limit, and may read and write what it has to',
  (t) => {
    const facts = {
      ...FACTS,
      program: { file: 'C:\\kwota\\kwota-win-x64.exe', args: [] },
      configPath: 'C:\\kwota\\config.yaml',
      dataDir: 'C:\\Ölçüm & Co\\data',
      user: null,
    };
    const plan = windowsPlan(facts);
    const text = textOf(plan);
    t.equal(text.charCodeAt(0), 0xfeff, 'UTF-16 with its mark');
    t.match(text, '<Command>C:\\kwota\\kwota-win-x64.exe</Command>');
    t.match(
      text,
      '<Arguments>serve --config C:\\kwota\\config.yaml --data "C:\\Ölçüm &amp; Co\\data"</Arguments>',
    );
    t.match(text, '<UserId>S-1-5-19</UserId>');
    t.match(text, '<ExecutionTimeLimit>PT0S</ExecutionTimeLimit>');
    const commands = plan.install.map((command) => command.join(' '));
    t.match(commands, [
      /icacls C:\\kwota\\kwota-win-x64\.exe .*\(RX\)/,
      /icacls C:\\kwota\\config\.yaml .*\(R\)/,
      /icacls C:\\Ölçüm & Co\\data .*\(M\)/,
      /netsh .* program=C:\\kwota\\kwota-win-x64\.exe/,
      /schtasks \/Create/,
      /schtasks \/Run/,
    ]);
    t.match(
      plan.uninstall[0]?.join(' '),
      /kwota-win-x64\.exe stop --data/,
      'it is told to end before it is ended',
    );
    const trailing = textOf(windowsPlan({ ...facts, dataDir: 'C:\\a b\\' }));
    t.match(trailing, '--data "C:\\a b\\\\"', 'a backslash before the quote is doubled');
    t.end();
  },
);

t.test('a launchd job has each argument on its own, escaped', (t) => {
  const plan = launchdPlan({ ...FACTS, dataDir: '/Library/a & <b>/data' });
  t.match(plan.file.path, '/Library/LaunchDaemons/org.kwota.kwota.plist');
  t.match(textOf(plan), '<string>--data</string>\n    <string>/Library/a &amp; &lt;b&gt;/data</string>');
  t.match(textOf(plan), '<key>UserName</key>\n  <string>daemon</string>');
  t.end();
});
