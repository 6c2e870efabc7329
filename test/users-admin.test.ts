// Users edited by several at once: commands, the API and another program that writes users1.csv, with a real server.
import { appendFileSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import t, { type Test } from 'tap';
import { ChargePoint, registerSample } from './kit/charge-point.ts';
import { makeDataDir } from './kit/data-dir.ts';
import { DAYTIME_ZONE } from './kit/daytime-zone.ts';
import { runCommand, startCommand, type RunningCommand } from './kit/kwota-command.ts';
import { startKwota } from './kit/kwota-process.ts';
import { until } from './kit/until.ts';

const HEADER = 'id_tag,header name,surname,quota_kwh,unlimited';
const USERS = `# tenants\r\n${HEADER},note\r\nTAG1,Ada,One,20,FALSE,"first, floor"\r\nTAG2,Bob,Two,20,FALSE,\r\n`;
/** A list as large as a site may have, and how long an edit of it may take on a busy machine. */
const MANY = 5_000;
const EDIT_WITHIN_MS = 20_000;

t.setTimeout(400_000);

async function site(t: Test, content = USERS) {
  const dataDir = makeDataDir(t, { 'users1.csv': content });
  const kwota = await startKwota({ dataDir, env: { TZ: DAYTIME_ZONE } });
  t.teardown(() => kwota.kill());
  const token = readFileSync(join(dataDir, '.kwota', 'admin-token'), 'utf8').trim();
  const path = join(dataDir, 'users1.csv');
  const ask = async (method: string, at: string, body?: object, headers: Record<string, string> = {}) => {
    const response = await fetch(`${kwota.apiUrl}/api/${at}`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.includes('json') === true;
    return {
      status: response.status,
      etag: response.headers.get('etag') ?? '',
      json: (isJson ? JSON.parse(text) : {}) as Record<string, unknown>,
      text,
    };
  };
  const run = (...args: readonly string[]) => runCommand(dataDir, '--data', dataDir, ...args);
  return { dataDir, kwota, path, ask, run, text: () => readFileSync(path, 'utf8') };
}

async function connect(t: Test, ocppUrl: string, id: string): Promise<ChargePoint> {
  const charger = await ChargePoint.connect(ocppUrl, id);
  t.teardown(() => charger.close());
  await charger.boot();
  return charger;
}

const statusOf = async (charger: ChargePoint, idTag: string) => {
  const { idTagInfo } = await charger.call('Authorize', { idTag });
  return (idTagInfo as { status: string }).status;
};

void t.test(
  'an edit by API or command is in force when it is answered; other rows are the same bytes',
  async (t) => {
    const { ask, run, text, kwota } = await site(t);
    const charger = await connect(t, kwota.ocppUrl, 'CP1');
    const added = await ask('POST', 'users', { idTag: 'TAG3', name: 'Çiğdem', quotaKwh: 12.5 });
    t.match(added, {
      status: 201,
      json: { idTag: 'TAG3', quotaKwh: 12.5, isBlocked: false, leftWh: 12_500 },
    });
    t.equal(await statusOf(charger, 'TAG3'), 'Accepted', 'at once, not at the next look at the file');
    t.equal(text(), `${USERS}TAG3,Çiğdem,,12.5,FALSE,\r\n`);
    t.match(await run('users', 'block', 'TAG3'), { code: 0, out: /^changed: TAG3 .*blocked/, err: '' });
    t.equal(await statusOf(charger, 'TAG3'), 'Blocked');
    t.match(await run('users', 'remove', 'TAG3', '--json'), { code: 0, out: /"removed": "TAG3"/ });
    t.equal(await statusOf(charger, 'TAG3'), 'Invalid');
    t.equal(text(), USERS.replace('note', 'note,blocked'));
    t.notMatch(kwota.log(), /users read users=3/, 'its own edits are not read as those of others');
  },
);

void t.test('two editors cannot overwrite each other', async (t) => {
  const { ask, text } = await site(t);
  const { etag, json } = await ask('GET', 'users/TAG1');
  t.equal(json['etag'], etag);
  const first = await ask('PATCH', 'users/TAG1', { quotaKwh: 30 }, { 'if-match': etag });
  t.match(first, { status: 200, json: { quotaKwh: 30, name: 'Ada' } });
  t.match(await ask('PATCH', 'users/TAG1', { quotaKwh: 1 }, { 'if-match': etag }), {
    status: 412,
    json: { type: 'urn:kwota:problem:versionChanged' },
  });
  t.match(await ask('PUT', 'users/TAG1', { quotaKwh: 1 }, { 'if-match': etag }), { status: 412 });
  t.match(await ask('DELETE', 'users/TAG1', undefined, { 'if-match': etag }), { status: 412 });
  t.match(await ask('DELETE', 'users/TAG1'), { status: 428 });
  t.equal(text(), USERS.replace('Ada,One,20', 'Ada,One,30'));
  t.match(await ask('PUT', 'users/TAG1', { quotaKwh: 1, name: 'Eve' }, { 'if-match': first.etag }), {
    status: 200,
    json: { name: 'Eve', surname: '', quotaKwh: 1 },
  });
});

void t.test(
  'a row that another program has just changed is not overwritten, also before it is in force',
  async (t) => {
    const { ask, path, text } = await site(t);
    const { etag } = await ask('GET', 'users/TAG1');
    const theirs = USERS.replace('Ada,One,20', 'Ada,One,99');
    writeFileSync(path, theirs);
    t.match(await ask('PATCH', 'users/TAG1', { quotaKwh: 1 }, { 'if-match': etag }), { status: 412 });
    t.equal(text(), theirs);
    t.match(await ask('GET', 'users/TAG1'), { json: { quotaKwh: 99 } }, 'and what it wrote is in force');
  },
);

void t.test('while another program adds rows and kwota edits, nothing is lost on either side', async (t) => {
  const { dataDir, ask, path, text } = await site(t);
  let isOver = false;
  const theirs: string[] = [];
  // Just when kwota has begun its new file, which it has to see. Later, between its last look and its rename, no program can.
  const hasBegun = () =>
    readdirSync(dataDir)
      .filter((name) => name.startsWith('.users1.csv.') && name.endsWith('kwota-tmp'))
      .some((name) => statSync(join(dataDir, name), { throwIfNoEntry: false })?.size === 0);
  const append = (row: string) => {
    if (!hasBegun()) return false;
    appendFileSync(path, row);
    return true;
  };
  // As an editor does it: reads the file, and replaces it if nobody was faster.
  let read = '';
  const replace = (row: string) => {
    const now = text();
    if (now !== read) writeFileSync(`${path}.draft`, `${now}${row}`);
    const isLatest = now === read;
    read = now;
    if (!isLatest || !hasBegun()) return false;
    renameSync(`${path}.draft`, path);
    return true;
  };
  const otherProgram = (async () => {
    for (let turn = 0; turn < 8; turn += 1) {
      theirs.push(`THEIRS${turn}`);
      read = '';
      const row = `THEIRS${turn},T,H,1,FALSE,\r\n`;
      const write = turn % 2 === 0 ? append : replace;
      while (!write(row)) await setImmediate();
      await until('kwota has taken it', async () => (await ask('GET', `users/THEIRS${turn}`)).status === 200);
    }
  })().finally(() => (isOver = true));
  const ours: string[] = [];
  while (!isOver) {
    const idTag = `OURS${ours.length}`;
    const { status, text: said } = await ask('POST', 'users', { idTag, quotaKwh: 1 });
    // Told, and not done: somebody was writing all the time.
    if (status === 503) continue;
    t.equal(status, 201, said);
    ours.push(idTag);
  }
  await otherProgram;
  t.ok(ours.length > 0, `${ours.length} edits of kwota's own`);
  const tags = text()
    .split('\r\n')
    .map((row) => row.split(',')[0]);
  for (const tag of ['TAG1', 'TAG2', ...theirs, ...ours]) t.ok(tags.includes(tag), tag);
});

void t.test('a lowered quota, a block and a removal while the user charges', async (t) => {
  const { kwota, run } = await site(t);
  const charger = await connect(t, kwota.ocppUrl, 'CP1');
  const timestamp = new Date(Date.now() - 3_600_000).toISOString();
  const begun = async (connectorId: number, idTag: string) => {
    const { transactionId } = await charger.call('StartTransaction', {
      connectorId,
      idTag,
      meterStart: 0,
      timestamp,
    });
    const meterValue = [registerSample(5_000, new Date())];
    await charger.call('MeterValues', { connectorId, transactionId, meterValue });
    return transactionId;
  };
  const one = await begun(1, 'TAG1');
  const two = await begun(2, 'TAG2');
  t.match(await run('users', 'remove', 'TAG2'), { code: 0 });
  t.match(await run('users', 'set', 'TAG1', '--quota', '5'), { code: 0 });
  t.same(await charger.waitFor('RemoteStopTransaction'), { transactionId: one });
  const stopped = charger.received.map(({ payload }) => payload['transactionId']);
  t.notOk(stopped.includes(two), 'the removed one goes on');
  const granted = await run('users', 'grant', 'TAG1', '20', '--note', 'guests', '--json');
  const grant = JSON.parse(granted.out) as { id: string };
  t.match(grant, { wh: 20_000, by: 'admin-token', note: 'guests' });
  t.match(await run('users', 'list'), { out: /^TAG1 +Ada One +5 +5\.000 +20\.000 +- +charging$/m });
  t.match(await run('users', 'revoke', 'TAG1', grant.id), { code: 0, out: /^taken back: 20 kWh/ });
  t.match(await run('users', 'revoke', 'TAG1', grant.id), { code: 1, err: /taken back already/ });
  t.match(await run('users', 'grants', 'TAG1'), { out: /20 .*guests\n.*-20 .*takes back grant-/ });
  t.match(await run('users', 'grant', 'TAG1', '-1'), { code: 1, err: /more than 0/ });
  t.match(await run('users', 'grant', 'TAG9', '1'), { code: 1, err: /no user "TAG9"/ });
});

void t.test('a card becomes a user by being shown: with the command and with the API', async (t) => {
  const { dataDir, kwota, ask } = await site(t);
  const charger = await connect(t, kwota.ocppUrl, 'CP1');
  t.equal(await statusOf(charger, 'tag1'), 'Invalid');
  t.match(await ask('GET', 'unknown-tags'), {
    json: {
      items: [
        { idTag: 'tag1', chargerId: 'CP1', count: 1, suggestions: [{ idTag: 'TAG1', likeness: 'case' }] },
      ],
    },
  });
  const start = (...args: readonly string[]) =>
    startCommand(dataDir, '--data', dataDir, 'users', 'enroll', '--charger', 'CP1', ...args);
  const enroll = start('--name', 'Cy', '--quota', '7', '--json');
  const asked = ask('POST', 'users/enroll', { name: 'Di', quotaKwh: 8, chargerId: 'CP2' });
  const other = await connect(t, kwota.ocppUrl, 'CP2');
  await until('the command has added its user', async () => {
    await statusOf(charger, 'NEW1');
    return (await statusOf(charger, 'NEW1')) === 'Accepted';
  });
  t.match(await enroll.ended(), { code: 0, out: /"idTag": "NEW1"/ });
  t.equal(await statusOf(other, 'NEW2'), 'Invalid');
  t.match(await asked, { status: 201, json: { idTag: 'NEW2', name: 'Di', quotaKwh: 8 } });
  t.equal(await statusOf(other, 'NEW2'), 'Accepted');
  t.match(await ask('POST', 'users/enroll', { quotaKwh: 1, waitSeconds: 1 }), { status: 408 });
  t.match(await ask('POST', 'users/enroll', { quotaKwh: -1 }), { status: 422 });
});

void t.test(
  'a card is for one of two who wait: the other is told so, and may wait when it is over',
  async (t) => {
    const { dataDir, kwota, ask } = await site(t);
    const charger = await connect(t, kwota.ocppUrl, 'CP1');
    const start = (...args: readonly string[]) =>
      startCommand(dataDir, '--data', dataDir, 'users', 'enroll', '--quota', '7', ...args);
    /** Ends at once where somebody else waits, else after a second. */
    const another = async (said: string) => {
      const ended = await start('--wait', '1').ended();
      return ended.err.includes(said) && ended;
    };
    const waits = (one: RunningCommand) => until('it waits', () => one.err().includes('Hold the card'));
    const first = start();
    await waits(first);
    const second = await until('the other is refused', () => another('somebody else'));
    t.match(second, { code: 1, err: /^kwota: somebody else waits for a card there; [^\n]+$/m });
    t.match(await ask('POST', 'users/enroll', { quotaKwh: 1 }), { status: 409 });
    await statusOf(charger, 'NEW1');
    t.match(await first.ended(), { code: 0, out: /^enrolled: NEW1, 7 kWh a month/ });
    const interrupted = start();
    await waits(interrupted);
    await until('it waits', () => another('somebody else'));
    interrupted.interrupt();
    await interrupted.ended();
    const alone = await until('who goes away waits no more', () => another('no unknown card was shown'));
    t.match(alone, { code: 1 });
    t.match(await start('--wait', '301').ended(), { code: 2, err: /1 to 300/ });
  },
);

void t.test('without a server the file is edited, with the same rules and the same words', async (t) => {
  const { kwota, run, text } = await site(t);
  const wrong = [
    ['users', 'add', 'TAG1', '--quota', '1'],
    ['users', 'add', 'X'],
    ['users', 'set', 'TAG1', '--quota', '10000001', '--expires', '2026-02-30'],
    ['users', 'block', 'TAG9'],
    ['users', 'remove', 'TAG9'],
  ];
  const said = () => Promise.all(wrong.map(async (args) => (await run(...args)).err));
  const withServer = await said();
  t.match(await run('users', 'add', 'TAG3', '--unlimited'), { code: 0 });
  t.equal(await kwota.stop(), 0);
  t.same(await said(), withServer);
  t.match(await run('users', 'set', 'TAG3', '--no-unlimited', '--quota', '12,5'), { code: 0, err: '' });
  t.equal(text(), `${USERS}TAG3,,,12.5,FALSE,\r\n`);
  t.match(await run('users', 'grant', 'TAG1', '1'), { code: 1, err: /no server runs, and this needs one/ });
  const list = JSON.parse((await run('users', 'list', '--json')).out) as { items: object[] };
  t.match(list.items, [{ idTag: 'TAG1' }, { idTag: 'TAG2' }, { idTag: 'TAG3', quotaKwh: 12.5 }]);
});

void t.test(
  'usage of a month by card and by account, as JSON and as CSV that no spreadsheet carries out',
  async (t) => {
    const rows = `${HEADER},account\nA,=1+1,x,10,FALSE,flat\nB,Bo,,20,FALSE,flat\nC,Cy,,0,TRUE,\n`;
    const { ask, kwota } = await site(t, rows);
    const charger = await connect(t, kwota.ocppUrl, 'CP1');
    const timestamp = new Date(Date.now() - 60_000).toISOString();
    const { transactionId } = await charger.call('StartTransaction', {
      connectorId: 1,
      idTag: 'A',
      meterStart: 0,
      timestamp,
    });
    await charger.call('MeterValues', {
      connectorId: 1,
      transactionId,
      meterValue: [registerSample(1_500, new Date())],
    });
    await ask('POST', 'users/B/grants', { kWh: 5 });
    const byTag = await ask('GET', 'usage');
    t.match(byTag.json, {
      items: [
        {
          idTag: 'A',
          usedWh: 1_500,
          grantedWh: 0,
          quotaWh: 10_000,
          leftWh: 23_500,
          running: 1,
          isKnown: true,
        },
        { idTag: 'B', usedWh: 0, grantedWh: 5_000, leftWh: 23_500, running: 0 },
        { idTag: 'C', quotaWh: null, leftWh: null },
      ],
      next: null,
    });
    t.match((await ask('GET', 'usage/accounts')).json, {
      items: [
        { account: 'flat', idTags: ['A', 'B'], quotaWh: 20_000, usedWh: 1_500, grantedWh: 5_000 },
        { account: null },
      ],
    });
    t.match((await ask('GET', 'usage?month=2026-01')).json, { items: [{ idTag: 'A', usedWh: 0 }, {}, {}] });
    t.match(await ask('GET', 'usage?month=soon'), { status: 400 });
    const csv = await ask('GET', 'usage', undefined, { accept: 'text/csv' });
    t.match(csv.text, /^idTag,name,account,[^\r]+\r\nA,'=1\+1 x,flat,true,10000,1500,/);
    t.match(
      (await ask('GET', 'users', undefined, { accept: 'text/csv' })).text,
      /\r\nA,'=1\+1,x,10,false,flat,/,
    );
  },
);

void t.test('a list of thousands is imported at once, paged, and edited in short', async (t) => {
  const { dataDir, ask, run, text } = await site(t);
  const row = (index: number) => `T${index},Name ${index},Surname,${index % 300},FALSE`;
  const many = Array.from({ length: MANY }, (_, index) => row(index));
  writeFileSync(join(dataDir, 'many.csv'), `${HEADER}\n${many.join('\n')}\nTAG1,Ada,One,20,FALSE\n`);
  t.match(await run('users', 'import', 'many.csv'), {
    code: 0,
    out: '5000 added, 0 changed, 1 unchanged\n',
    err: '',
  });
  t.equal(text().split('\r\n').length, USERS.split('\r\n').length + MANY);
  const began = performance.now();
  t.match(await ask('POST', 'users', { idTag: 'LAST', quotaKwh: 1 }), { status: 201 });
  t.ok(performance.now() - began < EDIT_WITHIN_MS, `${Math.round(performance.now() - began)} ms`);
  const list = JSON.parse((await run('users', 'list', '--json')).out) as { items: object[] };
  t.equal(list.items.length, MANY + 3);
  const found = (await ask('GET', 'users?search=name%204999')).json['items'] as object[];
  t.match(found, [{ idTag: 'T4999' }]);
  writeFileSync(join(dataDir, 'bad.csv'), `${HEADER}\nX,,,1,FALSE\nY,,,a lot,FALSE\n`);
  t.match(await run('users', 'import', 'bad.csv'), {
    code: 1,
    err: /bad\.csv:3: quota_kwh is "a lot"; nothing was/,
  });
});

void t.test('a file that cannot be edited is told by the API and the command', async (t) => {
  const { ask, run, path, kwota } = await site(t);
  writeFileSync(path, 'no header\r\n');
  await until('it is told', () => /users read stay in force|users last read stay in force/.test(kwota.log()));
  t.match(await ask('POST', 'users', { idTag: 'X', quotaKwh: 1 }), {
    status: 503,
    json: { type: 'urn:kwota:problem:usersFileNotEdited', detail: /no column id_tag/ },
  });
  t.match(await run('users', 'remove', 'TAG1'), { code: 1, err: /users1\.csv cannot be edited: .*id_tag/ });
  t.equal(readFileSync(path, 'utf8'), 'no header\r\n');
});
