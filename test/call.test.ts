// `kwota call` with a real server, a real charger and a real command line; and what the server keeps of an upload.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { ChargePoint } from './kit/charge-point.ts';
import { makeDataDir } from './kit/data-dir.ts';
import { runCommand } from './kit/kwota-command.ts';
import { startKwota } from './kit/kwota-process.ts';

t.setTimeout(300_000);

void t.test('kwota call prints the answer of the charger, or says why there is none', async (t) => {
  const dataDir = makeDataDir(t, { 'users1.csv': 'id_tag,quota_kwh\nTAG1,100\n' });
  const kwota = await startKwota({ dataDir });
  t.teardown(() => kwota.kill());
  const charger = await ChargePoint.connect(kwota.ocppUrl, 'CP1');
  t.teardown(() => charger.close());
  await charger.boot();
  const call = (...args: readonly string[]) => runCommand(dataDir, '--data', dataDir, 'call', ...args);

  charger.answer = () => ({ status: 'Accepted', note: 'red \u001b[31m' });
  const { code, out, err } = await call('CP1', 'Reset', '{"type": "Soft"}');
  t.strictSame([code, err], [0, '']);
  t.notMatch(out, '\u001b', 'nothing of a charger reaches the terminal raw');
  t.strictSame(JSON.parse(out), { status: 'Accepted', note: 'red \u001b[31m' });
  t.strictSame(await charger.waitFor('Reset'), { type: 'Soft' });

  charger.answer = () => ({ fileName: 'diag.txt' });
  t.equal((await call('CP1', 'GetDiagnostics')).code, 0, 'without a payload it is {}');
  const { location } = (await charger.waitFor('GetDiagnostics')) as { location: string };
  t.equal((await fetch(location, { method: 'PUT', body: 'all is well' })).status, 201);
  t.strictSame(readdirSync(join(dataDir, '.kwota', 'uploads')), ['CP1-1-diag.txt']);

  charger.answer = ({ action }) =>
    action === 'GetLocalListVersion' ? { listVersion: 0 } : { status: 'Accepted' };
  const listed = await runCommand(dataDir, '--data', dataDir, 'chargers', 'local-list', 'CP1');
  t.match(listed, { code: 0, out: 'CP1 has 1 card, version 1, in one message\n', err: '' });
  t.match(await charger.waitFor('SendLocalList'), { updateType: 'Full', listVersion: 1 });
  charger.answer = ({ action }) =>
    action === 'GetLocalListVersion' ? { listVersion: 1 } : { status: 'NotSupported' };
  const refused = await runCommand(dataDir, '--data', dataDir, 'chargers', 'local-list', 'CP1');
  t.match(refused, { code: 1, out: '', err: /^kwota: the charger answered NotSupported; [^\n]+\n$/ });

  for (const [args, expected, said] of [
    [['CP1', 'Reset', '{"type": "Warm"}'], 1, /type must be equal to one of the allowed values/],
    [['CP1', 'Rest'], 1, /"Rest" is no operation/],
    [['CP9', 'ClearCache'], 1, /there is no charger "CP9"/],
    [['CP1', 'Reset', '{type: Soft}'], 2, /It is not JSON/],
    [['CP1', 'Reset', '[1]'], 2, /It is a JSON object/],
    [['CP1'], 2, /action/],
  ] as const) {
    const refused = await call(...args);
    t.strictSame([refused.code, refused.out], [expected, ''], args.join(' '));
    t.match(refused.err, said);
  }
  await charger.close();
  const gone = await call('CP1', 'ClearCache');
  t.equal(gone.code, 1);
  t.match(gone.err, /^kwota: "CP1" is not connected; [^\n]+\n$/, 'one line with a hint');
});
