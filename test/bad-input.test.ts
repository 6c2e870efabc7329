// What comes wrong from outside, on the wire, from the disk or in the configuration, is said clearly; the server goes on or does not start, and never crashes.
import {
  chmodSync,
  closeSync,
  mkdirSync,
  openSync,
  readFileSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { createServer, connect, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { ChargePoint, registerSample } from './kit/charge-point.ts';
import { makeDataDir } from './kit/data-dir.ts';
import { readJson, readUsage } from './kit/data-folder.ts';
import { fullDisks } from './kit/full-disk.ts';
import { readHealth } from './kit/health.ts';
import { runKwotaToItsEnd, startKwota } from './kit/kwota-process.ts';
import { RawSocket } from './kit/raw-socket.ts';
import { readDeadStore } from './kit/stored-truth.ts';
import { until } from './kit/until.ts';

t.setTimeout(300_000);

const USERS = 'id_tag,quota_kwh,unlimited\nTAG1,20,FALSE\nTAG2,20,FALSE\n';
const MIB = 1024 * 1024;
const timestamp = '2026-01-20T10:00:00Z';

const site = async (t: Test) => {
  const dataDir = makeDataDir(t, { 'users1.csv': USERS });
  const kwota = await startKwota({ dataDir });
  t.teardown(() => kwota.kill());
  return { dataDir, kwota };
};

/** A start that fails: with code 1 and one line for people, which is returned. */
async function failingStart(t: Test, dataDir: string, ...args: string[]): Promise<string> {
  const { code, err } = await runKwotaToItsEnd({ dataDir, args });
  t.equal(code, 1, 'exit code 1');
  const said = err.split('\n').filter((line) => line.startsWith('kwota: '));
  t.equal(said.length, 1, `one line: ${err}`);
  t.notMatch(err, /^\s+at /m, 'and no stack');
  return said[0] ?? '';
}

t.test(
  'frames that are no messages are answered or passed over, and the next message is served',
  async (t) => {
    const { kwota } = await site(t);
    const socket = await RawSocket.connect(kwota.ocppUrl, 'CP1');
    t.teardown(() => socket.terminate());
    const frames = [
      ...[
        '',
        ' ',
        '[',
        ']',
        '{',
        '{}',
        '[]',
        '[[]]',
        'null',
        'NaN',
        '7',
        '"x"',
        'hello',
        '\0',
        '[2]',
        '[2,"a"]',
      ],
      ...[
        '[2,"b",7,{}]',
        '[2,null,"Heartbeat",{}]',
        '[9,"c",{}]',
        '[3,"nobody asked",{}]',
        '[4,"nobody","X","",{}]',
      ],
      ...[
        '[3]',
        '[4,"d"]',
        '[2,{"a":1},"Heartbeat",{}]',
        '[-1,"e"]',
        '[2,"f","__proto__",{}]',
        '[2,"g","constructor",{}]',
      ],
      `[2,"${'i'.repeat(100_000)}","Heartbeat",{}]`,
      `[2,"h","${'A'.repeat(100_000)}",{}]`,
      '['.repeat(500_000),
      `[2,"deep","DataTransfer",${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}]`,
      `[2,"open","Heartbeat",{"a":"${'b'.repeat(900_000)}`,
      Buffer.from([0xff, 0xfe, 0x00, 0x80]),
      Buffer.alloc(MIB - 1, '['),
    ];
    for (const frame of frames) {
      socket.send(frame);
      const [type] = await socket.ask('Heartbeat', '{}');
      t.equal(type, 3, String(frame).slice(0, 40));
    }
    t.match(await socket.ask('NoSuchAction', '{}'), [4, String, 'NotImplemented']);
    t.match(await socket.ask('RemoteStopTransaction', '{"transactionId":1}'), [4, String, 'NotSupported']);
    t.match(await socket.ask('Authorize', '{"idTag":{}}'), [4, String, 'TypeConstraintViolation']);
    t.match(await socket.ask('Authorize', '{}'), [4, String, 'OccurenceConstraintViolation']);
    t.match(await socket.ask('Authorize', '[]'), [4, String, 'FormationViolation']);
    t.equal((await readHealth(kwota.apiUrl)).status, 'ok');
    t.equal(await kwota.stop(), 0);
  },
);

t.test(
  'a frame of 2 MiB closes its connection and no other; the charge goes on when the charger is back',
  async (t) => {
    const { kwota } = await site(t);
    const other = await ChargePoint.connect(kwota.ocppUrl, 'CP2');
    const socket = await RawSocket.connect(kwota.ocppUrl, 'CP1');
    const start = JSON.stringify({ connectorId: 1, idTag: 'TAG1', meterStart: 0, timestamp });
    const [, , started] = await socket.ask('StartTransaction', start);
    const closed = socket.closed();
    socket.send(`[2,"big","DataTransfer",{"vendorId":"V","data":"${'x'.repeat(2 * MIB)}"}]`);
    t.equal(await closed, 1009, 'message too big');
    t.match(await other.call('Heartbeat'), { currentTime: String });
    const back = await RawSocket.connect(kwota.ocppUrl, 'CP1');
    t.teardown(() => back.terminate());
    const { transactionId } = started as { transactionId: number };
    const stop = JSON.stringify({ transactionId, meterStop: 500, timestamp });
    t.match(await back.ask('StopTransaction', stop), [3, String, {}]);
  },
);

t.test('who speaks no WebSocket or no OCPP path is turned away', async (t) => {
  const { kwota } = await site(t);
  const port = Number(new URL(kwota.ocppUrl).port);
  const answerTo = async (bytes: string | Buffer) => {
    const socket = connect(port, '127.0.0.1');
    let answer = '';
    socket.on('data', (data) => (answer += data.toString('latin1'))).on('error', () => undefined);
    socket.write(bytes);
    await once(socket, 'close');
    return answer;
  };
  t.match(await answerTo('GET / HTTP/1.1\r\nHost: x\r\n\r\n'), /^HTTP\/1\.1 426 /);
  t.match(await answerTo('hello\r\n\r\n'), /^HTTP\/1\.1 400 /);
  t.equal(await answerTo(Buffer.from('16030100a5010000a1', 'hex')), '', 'TLS on the plain port');
  const api = await fetch(`${kwota.apiUrl}/api/%00../..`);
  t.equal(api.status, 401, 'who has no token is not told what there is');
  t.equal((await readHealth(kwota.apiUrl)).status, 'ok');
});

for (const [how, start] of fullDisks()) {
  t.test(
    `a disk that takes nothing more (${how}): nothing is acknowledged until it does, nothing is lost`,
    async (t) => {
      const folder = makeDataDir(t, { 'users1.csv': USERS });
      const kwota = await start(folder);
      t.teardown(() => kwota.kill());
      const charger = await ChargePoint.connect(kwota.ocppUrl, 'CP1');
      await charger.boot();
      const started = { connectorId: 1, idTag: 'TAG1', meterStart: 0, timestamp: new Date().toISOString() };
      const { transactionId } = await charger.call('StartTransaction', started);
      kwota.fill();
      let acknowledged = 0;
      const send = (action: string, payload: object) =>
        charger.call(action, { ...payload }).then((answer) => {
          acknowledged += 1;
          return answer;
        });
      const meterValue = [registerSample(700, new Date())];
      const answered = Promise.all([
        send('MeterValues', { connectorId: 1, transactionId, meterValue }),
        send('StopTransaction', { transactionId, meterStop: 900, timestamp: new Date().toISOString() }),
      ]);
      answered.catch(() => undefined);
      const problems = async () => (await readHealth(kwota.apiUrl)).problems.join('\n');
      await until('health says it', async () => (await problems()).includes('nothing can be stored'));
      const other = await ChargePoint.connect(kwota.ocppUrl, 'CP2');
      t.match(
        await other.call('Heartbeat'),
        { currentTime: String },
        'others are answered what needs no disk',
      );
      t.match(await other.call('Authorize', { idTag: 'TAG2' }), { idTagInfo: { status: 'Accepted' } });
      t.match(kwota.log(), /ERROR \[DATA\] writing fails; nothing is acknowledged until it works again/);
      t.equal(acknowledged, 0, 'nothing was acknowledged');
      t.equal(readDeadStore(kwota.dataDir).sessions[0]?.end, null, 'nothing is on disk');
      t.not(readUsage(kwota.dataDir)['TAG1'], 0.9, 'nothing is shown');
      kwota.empty();
      t.same(await answered, [{}, {}], 'answered as soon as there is space');
      await until('health has got over it', async () => (await problems()) === '');
      await until('and it is shown', () => readUsage(kwota.dataDir)['TAG1'] === 0.9);
      t.match(readDeadStore(kwota.dataDir).sessions, [{ transactionId, end: { evidence: 'meterStop' } }]);
      t.equal(await kwota.stop(), 0);
    },
  );
}

t.test('a port that is taken is said with what to set', async (t) => {
  const dataDir = makeDataDir(t, { 'users1.csv': USERS });
  const holder = createServer().listen(0, '127.0.0.1');
  t.teardown(() => holder.close());
  await once(holder, 'listening');
  const { port } = holder.address() as AddressInfo;
  const said = `kwota: port ${port} is in use by another program; set `;
  t.equal(await failingStart(t, dataDir, '--ocpp-port', String(port)), `${said}ocpp.port or --ocpp-port`);
  t.equal(await failingStart(t, dataDir, '--api-port', String(port)), `${said}api.port or --api-port`);
});

t.test('a second server on the same folder is refused, and the first does not notice', async (t) => {
  const { dataDir, kwota } = await site(t);
  t.match(
    await failingStart(t, dataDir),
    /another kwota server uses the data folder .*; stop the other server/,
  );
  const charger = await ChargePoint.connect(kwota.ocppUrl, 'CP1');
  t.match(await charger.boot(), { status: 'Accepted' });
  t.equal(await kwota.stop(), 0);
  const next = await startKwota({ dataDir });
  t.equal(await next.stop(), 0, 'and free afterwards');
});

t.test('a data folder that cannot be written to is said at start', async (t) => {
  const dataDir = makeDataDir(t, { file: '', locked: {} });
  // Below a file, and in file systems of the kernel, nobody can make a folder, root included.
  const places = [join(dataDir, 'file', 'data'), '/proc/kwota-data', '/sys/kwota-data'];
  if (process.getuid?.() !== 0) {
    chmodSync(join(dataDir, 'locked'), 0o500);
    places.push(join(dataDir, 'locked'));
  }
  for (const place of places) {
    const said = await failingStart(t, dataDir, '--data', place);
    t.match(said, new RegExp(`data folder ${place} cannot be used: .*; make sure that`), place);
  }
});

t.test('views that are corrupt at start are written anew, the numbers come from the store', async (t) => {
  const { dataDir, kwota } = await site(t);
  const charger = await ChargePoint.connect(kwota.ocppUrl, 'CP1');
  await charger.boot();
  const started = { connectorId: 1, idTag: 'TAG1', meterStart: 0, timestamp: new Date().toISOString() };
  const { transactionId } = await charger.call('StartTransaction', started);
  const meterValue = [registerSample(800, new Date())];
  await charger.call('MeterValues', { connectorId: 1, transactionId, meterValue });
  t.equal(await kwota.stop(), 0);
  const names = [
    'energy_usage.json',
    'active_transactions.json',
    'charger_status.json',
    'meter_data_log.json',
  ];
  const before = names.map((name) => JSON.parse(readFileSync(join(dataDir, name), 'utf8')) as unknown);
  for (const name of names) writeFileSync(join(dataDir, name), '{"TAG1": 0.');
  const again = await startKwota({ dataDir });
  t.teardown(() => again.kill());
  await until('all are whole', () => names.every((name) => readJson(dataDir, name) !== undefined));
  t.same(
    names.map((name) => readJson(dataDir, name)),
    before,
  );
  await until('it is told', () => /WARN .*energy_usage\.json cannot be read/.test(again.log()));
  t.equal(await again.stop(), 0);
  t.equal(readDeadStore(dataDir).entries.length, 0);
});

t.test('a store that is damaged is said with what to do, and left as it is', async (t) => {
  const isDamaged = /kwota\.sqlite is damaged or is not a store of kwota: .*; keep a copy/;
  const isCut = /kwota\.sqlite is cut short, but kwota has run on this folder before; .*put the file back/;
  const damages: Readonly<Record<string, (path: string) => void>> = {
    'no database': (path) =>
      writeFileSync(path, 'this is no database, but long enough to look at\n'.repeat(100)),
    'cut short': (path) => truncateSync(path, statSync(path).size - 4096),
    'overwritten in the middle': (path) => {
      const file = openSync(path, 'r+');
      writeSync(file, Buffer.alloc(8192, 0xa5), 0, 8192, 4096);
      closeSync(file);
    },
  };
  const folder = makeDataDir(t, {});
  for (const [name, damage] of Object.entries(damages)) {
    const dataDir = join(folder, name.replaceAll(' ', '-'));
    mkdirSync(dataDir, { recursive: true });
    writeFileSync(join(dataDir, 'users1.csv'), USERS);
    const kwota = await startKwota({ dataDir });
    t.equal(await kwota.stop(), 0);
    const store = join(dataDir, '.kwota', 'kwota.sqlite');
    damage(store);
    const damaged = readFileSync(store);
    t.match(await failingStart(t, dataDir), name === 'cut short' ? isCut : isDamaged, name);
    t.ok(readFileSync(store).equals(damaged), 'nothing was written to it');
  }
});

t.test('mistakes in config.yaml are told with line and column, all at once', async (t) => {
  const dataDir = makeDataDir(t, {
    'users1.csv': USERS,
    'bad.yaml': 'ocpp:\n  prot: 9000\n  port: many\nsite:\n  timeZone: Mars/Olympus\n',
    'broken.yaml': 'ocpp:\n  port: [9000\n',
  });
  const bad = join(dataDir, 'bad.yaml');
  const { code, err } = await runKwotaToItsEnd({ dataDir, args: ['--config', bad] });
  t.equal(code, 1);
  const lines = err.trimEnd().split('\n');
  t.match(lines, [
    /^kwota: .*bad\.yaml:2:3: .*did you mean .*port/,
    /^kwota: .*bad\.yaml:3:9: .*port/,
    /^kwota: .*bad\.yaml:5:13: .*timeZone/,
  ]);
  t.equal(lines.length, 3, err);
  t.match(await failingStart(t, dataDir, '--config', join(dataDir, 'broken.yaml')), /broken\.yaml:\d+:\d+: /);
  t.match(
    await failingStart(t, dataDir, '--config', join(dataDir, 'none.yaml')),
    /there is no file .*none\.yaml/,
  );
});
