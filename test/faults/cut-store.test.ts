// A store that is cut short at any length (an interrupted copy, a full disk): SQLite, which would move the log into what is left
// of it, does not see it. One that a checkpoint left too short, with all that is missing in its log, is whole.
import {
  closeSync,
  cpSync,
  existsSync,
  openSync,
  readFileSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { beginCharge } from '../kit/begun-charge.ts';
import { ChargePoint, registerSample } from '../kit/charge-point.ts';
import { makeDataDir } from '../kit/data-dir.ts';
import { runCommand } from '../kit/kwota-command.ts';
import { runKwotaToItsEnd, startKwota } from '../kit/kwota-process.ts';
import { readDeadStore } from '../kit/stored-truth.ts';

const USERS = 'id_tag,quota_kwh\nTAG1,100\n';
const FIRST_WH = 4_200;
const SECOND_WH = 6_000;
const PAGE_BYTES = 4_096;
const LOG_HEADER_BYTES = 32;
const FRAME_HEADER_BYTES = 24;
const FRAME_BYTES = FRAME_HEADER_BYTES + PAGE_BYTES;

// Each test runs several processes.
t.setTimeout(400_000);

// The clock's timers do not hold the process.
const hold = setInterval(() => undefined, 60_000);
t.teardown(() => clearInterval(hold));

const storeIn = (dataDir: string) => join(dataDir, '.kwota', 'kwota.sqlite');
const logIn = (dataDir: string) => `${storeIn(dataDir)}-wal`;

/** TAG1 charges, and the server is killed: all of it is in the log, and the file has its first page. */
async function makeKilledFolder(): Promise<string> {
  const dataDir = join(folders, 'killed');
  const kwota = await startKwota({ dataDir });
  const tell = await beginCharge(kwota);
  await tell(FIRST_WH);
  await kwota.kill();
  return dataDir;
}

/** The same folder; a server has ended in order on it, and a second one was killed when it had told more to the log. */
async function makeUsedFolder(): Promise<string> {
  const dataDir = join(folders, 'used');
  cpSync(await killed, dataDir, { recursive: true });
  await (await startKwota({ dataDir })).stop();
  const [session] = readDeadStore(dataDir).sessions;
  const kwota = await startKwota({ dataDir });
  const charger = await ChargePoint.connect(kwota.ocppUrl, 'CP1');
  const meterValue = [registerSample(SECOND_WH, new Date())];
  const transactionId = session?.transactionId;
  await charger.call('MeterValues', { connectorId: 1, transactionId, meterValue });
  await kwota.kill();
  return dataDir;
}

async function copyOf(folder: Promise<string>, t: Test): Promise<string> {
  const dataDir = join(makeDataDir(t, {}), 'data');
  cpSync(await folder, dataDir, { recursive: true });
  return dataDir;
}

const folders = makeDataDir(t, { killed: { 'users1.csv': USERS } });
const killed = makeKilledFolder();
const used = makeUsedFolder();

/** Registers that are on record. */
const registersIn = (dataDir: string) => readDeadStore(dataDir).readings.map(({ registerWh }) => registerWh);

interface Frame {
  readonly page: number;
  readonly content: Buffer;
}

function framesOf(log: Buffer): Frame[] {
  const frames: Frame[] = [];
  for (let at = LOG_HEADER_BYTES; at + FRAME_BYTES <= log.length; at += FRAME_BYTES) {
    const content = log.subarray(at + FRAME_HEADER_BYTES, at + FRAME_BYTES);
    frames.push({ page: log.readUInt32BE(at), content });
  }
  return frames;
}

const cuts: readonly (readonly [string, (size: number) => number])[] = [
  ['100 bytes', () => 100],
  ['512 bytes', () => 512],
  ['5000 bytes', () => 5_000],
  ['half', (size) => size / 2],
  ['all but its last page', (size) => size - PAGE_BYTES],
  ['all but its last byte', (size) => size - 1],
];

for (const [name, lengthOf] of cuts) {
  void t.test(
    `a store that is cut to ${name} is refused, its log is kept, and put back it is whole`,
    async (t) => {
      const dataDir = await copyOf(used, t);
      const whole = readFileSync(storeIn(dataDir));
      const log = readFileSync(logIn(dataDir));
      const length = lengthOf(whole.length);
      truncateSync(storeIn(dataDir), length);
      const isAsItWas = (what: string) => {
        t.ok(readFileSync(logIn(dataDir)).equals(log), `${what} leaves the log`);
        t.ok(readFileSync(storeIn(dataDir)).equals(whole.subarray(0, length)), `${what} leaves the store`);
      };
      const said = /kwota\.sqlite is cut short, but kwota has run on this folder before; .*put the file back/;
      t.match(await runCommand(dataDir, 'check', '--data', dataDir), { code: 1, out: said });
      isAsItWas('check');
      const file = join(dataDir, '..', 'site.tar.gz');
      t.match(await runCommand(dataDir, 'backup', file, '--data', dataDir), { code: 1, out: '', err: said });
      isAsItWas('backup');
      t.match(await runKwotaToItsEnd({ dataDir }), { code: 1, err: said });
      isAsItWas('a start');
      t.notOk(existsSync(file));
      writeFileSync(storeIn(dataDir), whole);
      t.match(await runCommand(dataDir, 'check', '--data', dataDir), {
        code: 0,
        out: /1 session, 1 charger/,
      });
      t.same(registersIn(dataDir), [FIRST_WH, SECOND_WH]);
      const kwota = await startKwota({ dataDir });
      t.equal(await kwota.stop(), 0);
      t.same(registersIn(dataDir), [FIRST_WH, SECOND_WH]);
    },
  );
}

/** Writes the newest first page, as a checkpoint begins: it says how many pages there are. */
function beginCheckpoint(dataDir: string): void {
  const frames = framesOf(readFileSync(logIn(dataDir)));
  const first = frames.findLast(({ page }) => page === 1);
  const fd = openSync(storeIn(dataDir), 'r+');
  writeSync(fd, first?.content ?? Buffer.alloc(0), 0, PAGE_BYTES, 0);
  closeSync(fd);
}

void t.test(
  'a store whose checkpoint was cut off by a kill is whole: its log has what the file lacks',
  async (t) => {
    const dataDir = await copyOf(killed, t);
    beginCheckpoint(dataDir);
    const file = readFileSync(storeIn(dataDir));
    t.ok(file.readUInt32BE(28) * PAGE_BYTES > file.length, 'it says that there are more pages');
    t.match(await runCommand(dataDir, 'check', '--data', dataDir), { code: 0, out: /1 session, 1 charger/ });
    const kwota = await startKwota({ dataDir });
    t.equal(await kwota.stop(), 0, kwota.log());
    t.same(registersIn(dataDir), [FIRST_WH]);
  },
);

const lostFrames: readonly (readonly [string, (log: Buffer, at: number) => void])[] = [
  ['is of an older log', (log, at) => log.fill(0, at + 8, at + 16)],
  ['is another page', (log, at) => log.writeUInt32BE(1, at)],
  [
    'belongs to a transaction without an end',
    (log, at) => log.fill(0, at + 4, at + 8).fill(0, at + FRAME_BYTES),
  ],
];

for (const [name, lose] of lostFrames) {
  void t.test(
    `a store whose last page is missing, and whose frame in the log ${name}, is refused`,
    async (t) => {
      const dataDir = await copyOf(killed, t);
      beginCheckpoint(dataDir);
      const pages = readFileSync(storeIn(dataDir)).readUInt32BE(28);
      const log = readFileSync(logIn(dataDir));
      const frames = framesOf(log);
      for (const [index, { page }] of frames.entries())
        if (page === pages) lose(log, LOG_HEADER_BYTES + index * FRAME_BYTES);
      writeFileSync(logIn(dataDir), log);
      const { code, err } = await runKwotaToItsEnd({ dataDir });
      t.equal(code, 1);
      t.match(err, /kwota\.sqlite is cut short/);
      t.ok(readFileSync(logIn(dataDir)).equals(log));
    },
  );
}
