// A charger that never got its answer repeats the message after the server was killed, when others have told much since.
import t from 'tap';
import { ChargePoint, registerSample } from '../kit/charge-point.ts';
import { makeDataDir } from '../kit/data-dir.ts';
import { startKwota } from '../kit/kwota-process.ts';
import { readDeadStore } from '../kit/stored-truth.ts';

const MESSAGES_BETWEEN = 60;
const READINGS_EACH = 200;

void t.test('a reading that is repeated after kill -9, and 12,000 of others, is listed once', async (t) => {
  t.setTimeout(300_000);
  const dataDir = makeDataDir(t, {});
  const message = { connectorId: 1, meterValue: [registerSample(100, new Date())] };
  const first = await startKwota({ dataDir });
  await (await ChargePoint.connect(first.ocppUrl, 'CP1')).call('MeterValues', message);
  const other = await ChargePoint.connect(first.ocppUrl, 'CP2');
  for (let sent = 0, wh = 0; sent < MESSAGES_BETWEEN; sent += 1) {
    const meterValue = Array.from({ length: READINGS_EACH }, () => registerSample((wh += 1), new Date()));
    await other.call('MeterValues', { connectorId: 1, meterValue });
  }
  await first.kill();
  const second = await startKwota({ dataDir });
  await (await ChargePoint.connect(second.ocppUrl, 'CP1')).call('MeterValues', message);
  await second.kill();
  const { readings } = readDeadStore(dataDir);
  t.equal(readings.filter(({ chargePointId }) => chargePointId === 'CP1').length, 1);
  t.equal(readings.length, 1 + MESSAGES_BETWEEN * READINGS_EACH);
});
