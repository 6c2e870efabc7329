// What is measured of a real server: the same for people and for Prometheus, and all that the examples in docs/ name.
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import t from 'tap';
import { parse } from 'yaml';
import { createObserveClient } from '../src/api/observe-client.ts';
import { ChargePoint, registerSample } from './kit/charge-point.ts';
import { makeDataDir } from './kit/data-dir.ts';
import { DAYTIME_ZONE } from './kit/daytime-zone.ts';
import { startKwota } from './kit/kwota-process.ts';
import { until } from './kit/until.ts';

const USERS = 'id_tag,header name,surname,quota_kwh,unlimited\nTAG1,Ada,Example,100,FALSE\n';
const docs = join(import.meta.dirname, '../docs');
const read = (name: string) => readFileSync(join(docs, name), 'utf8');

/** Names of metrics in an expression; `up` and the like are Prometheus's own. */
const namesIn = (text: string) => new Set(text.match(/\b(kwota|process|nodejs)_\w+/g) ?? []);

void t.test('a charge is in the measures, and the examples name nothing that is not there', async (t) => {
  const dataDir = makeDataDir(t, { 'users1.csv': USERS });
  const kwota = await startKwota({ dataDir, env: { TZ: DAYTIME_ZONE } });
  t.teardown(() => kwota.kill());
  const token = readFileSync(join(dataDir, '.kwota', 'admin-token'), 'utf8').trim();
  const client = createObserveClient({ url: kwota.apiUrl, token });
  const charger = await ChargePoint.connect(kwota.ocppUrl, 'CP "1"');
  const timestamp = new Date().toISOString();
  const start = { connectorId: 1, idTag: 'TAG1', meterStart: 0, timestamp };
  const { transactionId } = await charger.call('StartTransaction', start);
  const meterValue = [registerSample(900, new Date())];
  await charger.call('MeterValues', { connectorId: 1, transactionId, meterValue });
  await charger.call('StopTransaction', {
    transactionId,
    meterStop: 1000,
    timestamp: new Date().toISOString(),
  });
  await t.rejects(charger.call('Nonsense', {}));
  await fetch(`${kwota.apiUrl}/api/nothing`);

  const told = await client.performance();
  t.same(
    told.messages.map(({ action, count, errors }) => [action, count, errors]),
    [
      ['MeterValues', 1, 0],
      ['StartTransaction', 1, 0],
      ['StopTransaction', 1, 0],
      ['other', 1, 1],
    ],
  );
  t.equal(told.meter.count, 1);
  t.same(told.transactions, { started: 1, ended: 1, successPercent: 100 });
  t.ok(told.journal.commits > 0 && told.journal.rows >= told.journal.commits);
  t.ok(told.memoryBytes > 10_000_000);
  t.same(told.chargers, [{ chargerId: 'CP "1"', uptimePercent: 100 }]);
  t.same(
    told.api.map(({ route, count }) => [route, count]),
    [['other', 1]],
  );
  for (const { p50Ms, p95Ms, maxMs } of [...told.messages, told.journal])
    t.ok((p50Ms ?? 0) > 0 && (p95Ms ?? 0) >= (p50Ms ?? 0) && (maxMs ?? 0) >= (p95Ms ?? 0));

  const metricsOf = async (path: string, headers: Record<string, string>) =>
    fetch(`${kwota.apiUrl}${path}`, { headers });
  t.equal((await metricsOf('/metrics', {})).status, 401, 'not for everybody');
  const response = await metricsOf('/metrics', { authorization: `Bearer ${token}` });
  t.equal(response.headers.get('content-type'), 'text/plain; version=0.0.4; charset=utf-8');
  const text = await response.text();
  t.match(text, 'kwota_ocpp_message_seconds_count{action="MeterValues"} 1\n');
  t.match(text, 'kwota_ocpp_message_errors_total{action="other"} 1\n');
  t.match(text, 'kwota_sessions_ended_total{evidence="meterStop"} 1\n');
  t.match(text, String.raw`kwota_charger_energy_watt_hours{charger="CP \"1\""} 1000` + '\n');
  t.match(text, String.raw`kwota_charger_connected{charger="CP \"1\""} 1` + '\n');
  t.match(text, 'kwota_month_used_watt_hours 1000\n');
  t.match(text, /^kwota_api_request_seconds_count\{route="GET \/api\/performance"\} 1$/m);

  const sampled = new Set([...text.matchAll(/^(\w+)/gm)].map(([name]) => name));
  const documented = new Set([...text.matchAll(/^# HELP (kwota_\w+)/gm)].map(([, name]) => name));
  // Labels without a value yet have no sample: the name is told by its help.
  const exists = (name: string) =>
    sampled.has(name) || documented.has(name.replace(/_(bucket|sum|count)$/, ''));
  for (const name of ['grafana-dashboard.json', 'prometheus-alerts.yaml']) {
    const named = [...namesIn(read(name))];
    t.ok(named.length > 5, `${name} names metrics`);
    t.same(
      named.filter((one) => !exists(one)),
      [],
      name,
    );
  }
  t.same(
    [...documented].filter((name) => !read('observing.md').includes(`\`${String(name)}\``)),
    [],
  );
  t.ok(
    parse(read('prometheus-alerts.yaml')) && JSON.parse(read('grafana-dashboard.json')),
    'both can be read',
  );
});

void t.test('what goes to the external API is measured, with what waits and why', async (t) => {
  let status = 500;
  const receiver = createServer((request, response) => {
    request.resume();
    response.writeHead(status).end();
  });
  await once(receiver.listen(0, '127.0.0.1'), 'listening');
  t.teardown(() => receiver.close());
  const { port } = receiver.address() as AddressInfo;
  const yaml = `forward: { enabled: true, url: 'http://127.0.0.1:${port}/in', proxy: none, retry: 1 }`;
  const dataDir = makeDataDir(t, { 'users1.csv': USERS, 'config.yaml': yaml });
  const kwota = await startKwota({ dataDir });
  t.teardown(() => kwota.kill());
  const token = readFileSync(join(dataDir, '.kwota', 'admin-token'), 'utf8').trim();
  const client = createObserveClient({ url: kwota.apiUrl, token });
  const charger = await ChargePoint.connect(kwota.ocppUrl, 'CP1');
  await charger.call('MeterValues', { connectorId: 1, meterValue: [registerSample(900, new Date())] });
  const forward = async () => (await client.performance()).forward;
  const failing = await until('a failure', async () => {
    const now = await forward();
    return now?.lastError === '500' ? now : null;
  });
  t.match(failing, { queued: 1, lastError: '500' });
  status = 200;
  await until('it is delivered', async () => (await forward())?.queued === 0);
  const delivered = await forward();
  t.match(delivered, { queued: 0, oldestS: null, lastError: null });
  t.ok((delivered?.p50Ms ?? 0) > 0);
  const headers = { authorization: `Bearer ${token}` };
  const text = await (await fetch(`${kwota.apiUrl}/metrics`, { headers })).text();
  t.match(text, 'kwota_forward_delivered_total 1\n');
  t.match(text, /^kwota_forward_failures_total [1-9]/m);
});
