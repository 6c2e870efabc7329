// Firmware updates and uploads of diagnostics and logs: asked for, followed by their status notifications.
import t from 'tap';
import { connectedSite } from './kit/command-site.ts';

const LATER = '2026-11-10T14:00:00Z';

void t.test('a firmware update is followed by the status notifications of the charger', async (t) => {
  const { site, charger } = await connectedSite(t);
  const { transfers } = site.operations;
  await charger.call('FirmwareStatusNotification', { status: 'Idle' });
  t.strictSame(transfers.of('CP1'), [], 'nobody asked');
  const location = 'ftp://ann:p@ss@files.example/new.bin';
  charger.answer = () => ({});
  await site.send('UpdateFirmware', { location, retrieveDate: LATER });
  for (const status of ['Downloading', 'Downloading', 'Downloaded', 'Installed'])
    await charger.call('FirmwareStatusNotification', { status });
  t.match(transfers.of('CP1'), [
    {
      action: 'UpdateFirmware',
      answer: 'Accepted',
      who: 'ann',
      location: 'ftp://***@files.example/new.bin',
      statuses: [{ status: 'Downloading' }, { status: 'Downloaded' }, { status: 'Installed' }],
    },
  ]);
});

void t.test('logs and signed firmware are told apart by their requestId, which is allocated', async (t) => {
  const { site, charger } = await connectedSite(t);
  const { transfers } = site.operations;
  const log = { remoteLocation: 'ftp://files.example/' };
  await site.send('GetLog', { logType: 'SecurityLog', log });
  await site.send('GetLog', { logType: 'DiagnosticsLog', log });
  t.strictSame(
    charger.received.map(([, { requestId }]) => requestId),
    [1, 2],
  );
  await charger.call('LogStatusNotification', { status: 'Uploaded', requestId: 1 });
  await charger.call('LogStatusNotification', { status: 'Uploading' });
  t.match(transfers.of('CP1'), [
    { statuses: [{ status: 'Uploaded' }] },
    { statuses: [{ status: 'Uploading' }] },
  ]);
  const firmware = {
    location: 'x',
    retrieveDateTime: LATER,
    signingCertificate: 'PEM',
    signature: 'aGVsbG8=',
  };
  await site.send('SignedUpdateFirmware', { firmware });
  await charger.call('SignedFirmwareStatusNotification', { status: 'InvalidSignature', requestId: 3 });
  t.match(transfers.of('CP1')[2], { requestId: 3, statuses: [{ status: 'InvalidSignature' }] });
});

void t.test(
  'diagnostics without a location go to this server, for the charger that has the key',
  async (t) => {
    const { site, charger } = await connectedSite(t);
    const { transfers, uploadTargets } = site.operations;
    t.match(await site.send('GetDiagnostics', {}), { kind: 'invalid', problems: [/a location is needed/] });
    site.uploadUrl = 'http://10.0.0.5:8001/uploads';
    charger.answer = () => ({ fileName: 'diag.zip' });
    await site.send('GetDiagnostics', {});
    const { location } = await charger.next('GetDiagnostics');
    const key = /^http:\/\/10\.0\.0\.5:8001\/uploads\/([0-9a-f]{48})$/.exec(location as string)![1]!;
    t.match(transfers.of('CP1'), [{ location: null, fileName: 'diag.zip' }], 'the key is not on record');
    t.strictSame(uploadTargets.take(key), { chargePointId: 'CP1', requestId: 1 });
    t.equal(uploadTargets.take('0'.repeat(48)), null);
    site.clock.advance(3_600_000);
    t.equal(uploadTargets.take(key), null, 'an hour later');
    charger.received.length = 0;
    charger.answer = () => ({ status: 'Rejected' });
    await site.send('GetLog', { logType: 'SecurityLog', log: {} });
    const [, refused] = charger.received[0]!;
    const { remoteLocation } = refused['log'] as { remoteLocation: string };
    t.equal(uploadTargets.take(remoteLocation.slice(-48)), null, 'nor what the charger refused');
  },
);
