// What a real server made of a charge, a replay of its recording makes again: the same energy, and the same answers.
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { WebSocket } from 'ws';
import { loadConfig } from '../src/config/load.ts';
import { Users } from '../src/csms/users.ts';
import type { TraceLine } from '../src/domain/trace.ts';
import { readUsers } from '../src/files/users-csv.ts';
import { readRecording, recordingOf } from '../src/recording.ts';
import { replay } from '../src/replay.ts';
import { makeDataDir } from './kit/data-dir.ts';
import { readUsage } from './kit/data-folder.ts';
import { startKwotaInProcess } from './kit/kwota-in-process.ts';
import { createSettableClock, type SettableClock } from './kit/settable-clock.ts';
import { until } from './kit/until.ts';

const TIME_ZONE = 'Europe/Istanbul';
const YAML = 'chargers: { settings: { "WALL*": { energyUnit: kWh } } }\n';
const USERS =
  'id_tag,header name,surname,quota_kwh,unlimited\nTAG1,Ada,Example,4,FALSE\nTAG2,Bob,Example,0,TRUE\n';

/** A charger whose frames are written down on the way, as the server sees them. */
class TracedCharger {
  readonly lines: TraceLine[] = [];
  readonly #clock: SettableClock;
  readonly #socket: WebSocket;
  #sent = 0;

  private constructor(socket: WebSocket, clock: SettableClock) {
    this.#socket = socket;
    this.#clock = clock;
    this.#note('connected', '/WALL_03');
    socket.on('message', (data: Buffer) => {
      const text = data.toString('utf8');
      this.#note('out', text);
      const [type, id] = JSON.parse(text) as [number, string];
      if (type === 2) this.send(JSON.stringify([3, id, { status: 'Accepted' }]));
    });
  }

  static async connect(ocppUrl: string, clock: SettableClock): Promise<TracedCharger> {
    const socket = new WebSocket(`${ocppUrl}/WALL_03`, 'ocpp1.6');
    await once(socket, 'open');
    return new TracedCharger(socket, clock);
  }

  send(text: string): void {
    this.#note('in', text);
    this.#socket.send(text);
  }

  /** Resolves with the payload of its answer. */
  async call(action: string, payload: object): Promise<Record<string, unknown>> {
    this.#sent += 1;
    const id = `m${this.#sent}`;
    this.send(JSON.stringify([2, id, action, payload]));
    const answer = await until(`the answer to ${action}`, () => this.#heard(`[3,"${id}",`));
    return (JSON.parse(answer) as [number, string, Record<string, unknown>])[2];
  }

  async hears(action: string): Promise<void> {
    await until(action, () => this.#heard(`"${action}"`));
  }

  async close(): Promise<void> {
    this.#socket.close();
    await once(this.#socket, 'close');
    this.#note('disconnected', 'closed');
  }

  #heard(part: string): string | null {
    return this.lines.find(({ kind, text }) => kind === 'out' && text.includes(part))?.text ?? null;
  }

  #note(kind: TraceLine['kind'], text: string): void {
    this.lines.push({ seq: this.lines.length + 1, atMs: this.#clock.now(), kind, text });
  }
}

void t.test('a replay comes to the same energy as the server that was recorded', async (t) => {
  const dataDir = makeDataDir(t, { 'users1.csv': USERS });
  const clock = createSettableClock('2026-11-30T09:00:00Z');
  const kwota = await startKwotaInProcess({ dataDir, timeZone: TIME_ZONE, clock, yaml: YAML });
  t.teardown(() => kwota.stop());
  const charger = await TracedCharger.connect(kwota.ocppUrl, clock);
  await charger.call('BootNotification', { chargePointVendor: 'Kit', chargePointModel: 'One' });
  const timestamp = () => new Date(clock.now()).toISOString();

  async function charge(idTag: string, kWh: readonly number[], mayBeStopped: boolean): Promise<unknown> {
    const started = await charger.call('StartTransaction', {
      connectorId: 1,
      idTag,
      meterStart: 0,
      timestamp: timestamp(),
    });
    const { transactionId } = started;
    for (const value of kWh) {
      clock.set(new Date(clock.now() + 600_000).toISOString());
      const sampledValue = [{ value: value.toFixed(1) }];
      const meterValue = [{ timestamp: timestamp(), sampledValue }];
      await charger.call('MeterValues', { connectorId: 1, transactionId, meterValue });
    }
    if (mayBeStopped) await charger.hears('RemoteStopTransaction');
    const meterStop = 1000 * (kWh.at(-1) ?? 0) + 123;
    await charger.call('StopTransaction', { transactionId, idTag, meterStop, timestamp: timestamp() });
    return transactionId;
  }

  const ids = [
    await charge('TAG2', [1, 2.5], false),
    await charge('TAG1', [1, 2, 3, 4.2], true),
    await charge('nobody', [0.5], false),
  ];
  t.match(await charger.call('Authorize', { idTag: 'TAG1' }), { idTagInfo: { status: 'Blocked' } });
  await charger.close();
  await until('the file has it all', () => readUsage(dataDir)['nobody'] === 0.623);

  const loaded = loadConfig({
    file: { path: join(dataDir, 'config.yaml'), text: YAML },
    env: {},
    flags: {},
    machine: { cwd: dataDir, timeZone: TIME_ZONE },
  });
  if ('problems' in loaded) throw new Error(JSON.stringify(loaded.problems));
  const reading = await readUsers(readFileSync(join(dataDir, 'users1.csv')), { encoding: 'auto' });
  if (!reading.ok) throw new Error(reading.problem.message);
  const users = new Users('exact');
  users.replace(reading.users);
  const text = recordingOf(
    loaded.config,
    { users },
    { chargePointId: 'WALL_03', lines: charger.lines, program: 'kwota 1.0.0', nowMs: clock.now() },
  );

  const report = await replay(readRecording(text, 'wall.jsonl'));
  const usage = Object.entries(readUsage(dataDir)).filter(([, kWh]) => kWh > 0);
  t.strictSame(
    Object.fromEntries(report.energy.map(({ idTag, wh }) => [idTag, wh / 1000])),
    Object.fromEntries(usage),
  );
  t.equal(usage.length, 3, 'of all three cards');
  t.strictSame(
    report.sessions.map(({ transactionId }) => transactionId),
    ids,
  );
  t.strictSame(report.otherAnswers, []);
  t.match(report.calls, [
    { action: 'RemoteStopTransaction', payload: { transactionId: ids[1] }, answer: 'Accepted' },
  ]);
});
