// `kwota service` as somebody types it: what it would do is shown, with whole paths, and nothing is done.
import { join } from 'node:path';
import t from 'tap';
import { runCommand } from './kit/kwota-command.ts';

t.test(
  '--print shows the unit and the commands, with whole paths and the options that were given',
  async (t) => {
    const cwd = t.testdir({ data: {}, 'config.yaml': 'ocpp: {port: 9100}\n' });
    const { code, out, err } = await runCommand(
      cwd,
      'service',
      'install',
      '--print',
      '--name',
      'south',
      '--api-port',
      '80',
    );
    t.strictSame([code, err], [0, '']);
    for (const text of ['south', join(cwd, 'config.yaml'), join(cwd, 'data'), '--api-port'])
      t.match(out, text);
    if (process.platform !== 'linux') return;
    t.match(out, /^# \/etc\/systemd\/system\/south\.service\n/);
    t.match(out, 'AmbientCapabilities=CAP_NET_BIND_SERVICE', 'port 80 is a low one');
    t.match(out, '# systemctl enable south.service');
  },
);

t.test('a name that no system takes is wrong usage', async (t) => {
  for (const name of ['a b', '../x', '', '-x'])
    t.match(
      await runCommand(t.testdir(), 'service', 'status', `--name=${name}`),
      { code: 2, err: /letters/ },
      name,
    );
});

t.test('a service that is not there cannot be taken away', async (t) => {
  const { code, err } = await runCommand(t.testdir(), 'service', 'uninstall', '--name', 'no-such-service');
  t.equal(code, 1);
  t.match(err, /no-such-service|sudo/);
});
