// How the server ends: in order by every signal that asks for it, with an error when it could not, and not by the wrong things.
import { cpSync, readFileSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import t from 'tap';
import { beginCharge } from './kit/begun-charge.ts';
import { makeDataDir } from './kit/data-dir.ts';
import { DAYTIME_ZONE } from './kit/daytime-zone.ts';
import { readHealth } from './kit/health.ts';
import { runCommand } from './kit/kwota-command.ts';
import { startKwota, type KwotaProcess } from './kit/kwota-process.ts';
import { readDeadStore } from './kit/stored-truth.ts';
import { until } from './kit/until.ts';

t.setTimeout(300_000);

const USERS = 'id_tag,header name,surname,quota_kwh,unlimited\nTAG1,Ada,Example,100,FALSE\n';
const STORE = 'kwota.sqlite';
const LOG = 'kwota.sqlite-wal';
/** The server itself reads and writes there now and then. */
const FREE_WITHIN_MS = 30_000;
// It lets nobody remove or empty a file that is in use.
const IS_WINDOWS = process.platform === 'win32';

for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
  void t.test(`${signal}: the files are brought up to date, then it ends with 0`, async (t) => {
    const dataDir = makeDataDir(t, { 'users1.csv': USERS });
    const kwota = await startKwota({ dataDir, env: { TZ: DAYTIME_ZONE } });
    t.teardown(() => kwota.kill());
    const tell = await beginCharge(kwota);
    await tell(900);
    t.equal(await kwota.stop(signal), 0);
    const usage = JSON.parse(readFileSync(join(dataDir, 'energy_usage.json'), 'utf8')) as object;
    t.same(usage, { TAG1: 0.9 });
    t.match(kwota.log(), `stopping signal=${signal}`);
    t.match(kwota.log(), '[DATA] stopped');
  });
}

async function uptimeS({ apiUrl }: KwotaProcess): Promise<number> {
  return (await readHealth(apiUrl)).uptimeS;
}

const losses: readonly (readonly [string, (folder: string) => void, RegExp])[] = [
  ['.kwota that is removed', (folder) => rmSync(folder, { recursive: true }), /kwota\.sqlite was removed/],
  [
    'log of the store that is replaced',
    (folder) => {
      cpSync(join(folder, LOG), join(folder, 'copy'));
      renameSync(join(folder, 'copy'), join(folder, LOG));
    },
    /kwota\.sqlite-wal was removed or replaced/,
  ],
  ['store that is emptied', (folder) => truncateSync(join(folder, STORE)), /kwota\.sqlite was emptied/],
  [
    'store that is cut short',
    (folder) => truncateSync(join(folder, STORE), 2_000),
    /kwota\.sqlite was cut short/,
  ],
];

for (const [name, lose, message] of losses) {
  void t.test(
    `a ${name} ends the server: nothing that it said could last`,
    { skip: IS_WINDOWS },
    async (t) => {
      const dataDir = makeDataDir(t, { 'users1.csv': USERS });
      const kwota = await startKwota({ dataDir });
      t.teardown(() => kwota.kill());
      lose(join(dataDir, '.kwota'));
      await until('it ends', () => /^kwota: .*put it back, and start again/m.test(kwota.log()));
      t.equal(await kwota.ended(), 1);
      t.match(kwota.log(), message);
    },
  );
}

void t.test(
  'a log that is removed ends the server, and what it had is in the store',
  { skip: IS_WINDOWS },
  async (t) => {
    const dataDir = makeDataDir(t, { 'users1.csv': USERS });
    const kwota = await startKwota({ dataDir });
    t.teardown(() => kwota.kill());
    const tell = await beginCharge(kwota);
    const transactionId = await tell(900);
    await until('all that writes has the log open', async () => (await uptimeS(kwota)) >= 1);
    rmSync(join(dataDir, '.kwota', LOG));
    // It may have found the loss before it was told this.
    const isAnswered = tell(950).then(
      () => true,
      () => false,
    );
    t.equal(await kwota.ended(), 1);
    t.match(kwota.log(), /^kwota: .*kwota\.sqlite-wal was removed while .* moved into .*; start again$/m);
    const { readings } = readDeadStore(dataDir);
    t.match(readings[0], { transactionId, registerWh: 900 });
    if (await isAnswered) t.match(readings.slice(1), [{ transactionId, registerWh: 950 }]);
  },
);

void t.test('backups and checkpoints of others end nothing', async (t) => {
  const dataDir = makeDataDir(t, { 'users1.csv': USERS });
  const kwota = await startKwota({ dataDir });
  t.teardown(() => kwota.kill());
  const backedUp = await runCommand(dataDir, 'backup', 'one.tar.gz', '--data', dataDir);
  t.equal(backedUp.code, 0, backedUp.err);
  const db = new DatabaseSync(join(dataDir, '.kwota', STORE), { timeout: FREE_WITHIN_MS });
  t.match(db.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get(), { busy: 0, log: 0 });
  db.close();
  const seen = await uptimeS(kwota);
  await until('it has looked after its folder twice more', async () => (await uptimeS(kwota)) >= seen + 3);
  t.equal(await kwota.stop(), 0, kwota.log());
});

void t.test('a users1.csv that has lost all users is taken, with an alarm', async (t) => {
  const dataDir = makeDataDir(t, { 'users1.csv': USERS });
  const kwota = await startKwota({ dataDir });
  t.teardown(() => kwota.kill());
  await until('the users are read', () => kwota.log().includes('users read users=1'));
  writeFileSync(join(dataDir, 'users1.csv'), 'id_tag,quota_kwh\n');
  await until('the alarm', () => kwota.log().includes('has no users: every card is refused'));
  const { problems } = await readHealth(kwota.apiUrl);
  t.match(problems.join(), 'users1.csv has no users');
});
