// kwota's own edits of a real users1.csv, while other programs write it as well.
import { mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { sampleUser } from '../domain/sample.fixture.ts';
import type { User } from '../domain/user.ts';
import { systemClock } from '../runtime/clock.ts';
import { silentLog } from '../runtime/log.ts';
import { makeDataDir } from '../../test/kit/data-dir.ts';
import { until } from '../../test/kit/until.ts';
import { openUsersFile, type UsersFile } from './users-file.ts';

const USERS = 'id_tag,header name,surname,quota_kwh\nA,Ada,One,20\n';

async function opened(t: Test, content: string) {
  const dataDir = makeDataDir(t, { 'users1.csv': content });
  mkdirSync(join(dataDir, '.kwota'));
  const path = join(dataDir, 'users1.csv');
  const inForce: string[][] = [];
  const alarms: string[] = [];
  const read: string[] = [];
  const file = await openUsersFile({
    dataDir,
    encoding: 'auto',
    clock: systemClock,
    log: { ...silentLog, info: (_, message) => read.push(message) },
    alarms: { raise: (_, __, message) => alarms.push(message), clear: () => undefined },
    onUsers: (users) => inForce.push(users.map((one) => one.idTag)),
  });
  // The system's timers do not hold the process.
  const hold = setInterval(() => undefined, 1000);
  t.teardown(() => {
    clearInterval(hold);
    file.close();
  });
  return { dataDir, path, file, inForce, alarms, read, text: () => readFileSync(path, 'utf8') };
}

const user = (idTag: string): User => sampleUser(idTag, { name: 'N', surname: 'S', quotaWh: 5_000 });
const add = (file: UsersFile, idTag: string) =>
  file.edit(() => ({ wanted: new Map([[idTag, user(idTag)]]) }));

t.test('an edit is on disk and in force when it is answered, and is no edit from outside', async (t) => {
  const { file, text, inForce, read, dataDir } = await opened(t, USERS);
  t.same(await add(file, 'B'), { kind: 'edited' });
  t.equal(text(), `${USERS}B,N,S,5\n`);
  t.same(inForce, [['A'], ['A', 'B']]);
  t.equal(readFileSync(join(dataDir, '.kwota', 'users1.last-good.csv'), 'utf8'), text());
  const told = read.length;
  t.same(await file.edit(() => ({ refusal: 'only a look' })), { kind: 'refused', refusal: 'only a look' });
  t.same([read.length, inForce.length], [told, 2], 'the look finds nothing new');
  // The look after this outside change would also have found kwota's own, had it not been known.
  writeFileSync(join(dataDir, 'users1.csv'), `${text()}C,N,S,5\n`);
  await until('the change is in force', () => inForce.at(-1)?.includes('C') === true);
  t.same(inForce.slice(2), [['A', 'B', 'C']]);
  t.equal(read.length, told + 1);
});

t.test('edits that come together are carried out one after the other, none is lost', async (t) => {
  const { file, text } = await opened(t, USERS);
  const tags = Array.from({ length: 20 }, (_, index) => `T${index}`);
  const outcomes = await Promise.all(tags.map((tag) => add(file, tag)));
  t.ok(outcomes.every((outcome) => outcome.kind === 'edited'));
  t.same(
    text()
      .trim()
      .split('\n')
      .slice(2)
      .map((row) => row.split(',')[0]),
    tags,
  );
});

t.test('a plan sees what another program has just written, and that stays', async (t) => {
  const { file, path, text } = await opened(t, USERS);
  t.same(await add(file, 'B'), { kind: 'edited' });
  writeFileSync(path, `${USERS}X,Other,Program,1\n`);
  const seen: string[][] = [];
  const outcome = await file.edit((users) => {
    seen.push(users.map((one) => one.idTag));
    // Once more, while the edit is under way.
    if (seen.length === 1) writeFileSync(path, `${USERS}X,Other,Program,1\nY,Other,Program,1\n`);
    return { wanted: new Map([['C', user('C')]]) };
  });
  t.same(outcome, { kind: 'edited' });
  t.same(seen, [
    ['A', 'X'],
    ['A', 'X', 'Y'],
  ]);
  t.equal(text(), `${USERS}X,Other,Program,1\nY,Other,Program,1\nC,N,S,5\n`);
});

t.test('a plan that refuses leaves the file alone', async (t) => {
  const { file, path } = await opened(t, USERS);
  const before = statSync(path, { bigint: true });
  t.same(await file.edit(() => ({ refusal: 'no' })), { kind: 'refused', refusal: 'no' });
  t.same(
    await file.edit(() => ({ wanted: new Map() })),
    { kind: 'edited' },
    'as does one that wants nothing',
  );
  t.equal(statSync(path, { bigint: true }).ino, before.ino);
});

t.test('a file that another program never leaves alone is busy', async (t) => {
  const { file, path } = await opened(t, USERS);
  let turns = 0;
  const outcome = await file.edit(() => {
    turns += 1;
    writeFileSync(path, `${USERS}X,Other,Program,${turns}\n`);
    return { wanted: new Map([['C', user('C')]]) };
  });
  t.match(outcome, { kind: 'failed', fault: { code: 'busy' } });
  t.match(readFileSync(path, 'utf8'), /X,Other/);
});

t.test('a file that cannot be taken is not edited, nor one that is gone', async (t) => {
  const { file, path, alarms } = await opened(t, USERS);
  writeFileSync(path, 'no header\n');
  await until('it is told', () => alarms.length > 0);
  t.match(await add(file, 'B'), { kind: 'failed', fault: { code: 'unreadable', message: /column id_tag/ } });
  t.equal(readFileSync(path, 'utf8'), 'no header\n');
  rmSync(path);
  await until('it is told', () => alarms.length > 1);
  t.match(await add(file, 'B'), {
    kind: 'failed',
    fault: { code: 'system', message: /users1\.csv: it is gone/ },
  });
});

t.test(
  'an edit holds though the copy for a restart cannot be written, which is told and mended',
  async (t) => {
    const { file, dataDir, alarms, inForce } = await opened(t, USERS);
    const copy = join(dataDir, '.kwota', 'users1.last-good.csv');
    rmSync(copy);
    mkdirSync(join(copy, 'in-the-way'), { recursive: true });
    t.same(await add(file, 'B'), { kind: 'edited' });
    t.match(alarms, [/last-good/]);
    renameSync(copy, `${copy}.aside`);
    await until('the copy is written', () => {
      const found = statSync(copy, { throwIfNoEntry: false });
      return found?.isFile() === true;
    });
    t.same(inForce, [['A'], ['A', 'B']], 'the users are not read again for it');
  },
);
