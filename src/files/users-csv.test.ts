// users1.csv as people, spreadsheets and the old stack write it, and as accidents leave it.
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import t from 'tap';
import { MAX_USER_ROWS, MAX_USERS_FILE_BYTES, readUsers, type UsersReading } from './users-csv.ts';

const HEADER = 'id_tag,header name,surname,quota_kwh,unlimited';

async function read(
  content: string | Buffer,
  previous?: string | Buffer,
  encoding = 'auto',
): Promise<UsersReading> {
  const options = previous === undefined ? { encoding } : { encoding, previous: Buffer.from(previous) };
  return readUsers(Buffer.from(content), options);
}

async function taken(content: string | Buffer, encoding = 'auto') {
  const reading = await read(content, undefined, encoding);
  if (!reading.ok) throw new Error(`${reading.problem.code}: ${reading.problem.message}`);
  return reading;
}

/** A file with one row, of which it returns the user or the problem. */
async function row(text: string, header = HEADER) {
  const { users, problems } = await taken(`${header}\n${text}\n`);
  return users[0] ?? problems[0];
}

void t.test('the sample file of the old stack is read', async (t) => {
  const { users, problems, format } = await taken(
    readFileSync(new URL('../../data/users1.csv', import.meta.url)),
  );
  t.same(users[0], {
    idTag: 'RFID001',
    name: 'John',
    surname: 'Doe',
    quotaWh: 150_000,
    isUnlimited: false,
    account: null,
    isBlocked: false,
    expires: null,
  });
  t.match(users[2], { idTag: 'RFID003', quotaWh: 0, isUnlimited: true });
  t.equal(users.length, 3);
  t.same(problems, []);
  t.match(format, { encoding: 'utf-8', hasBom: false, delimiter: ',', header: HEADER.split(',') });
});

void t.test('columns in any order, with other names, unknown ones and the optional ones', async (t) => {
  const header = ' Expires , note,BLOCKED,Quota_kWh,last_name,first_name,Account,ID_TAG';
  t.match(await row('2026-12-31,"a, note",yes,12.5,Öztürk,Ayşe, flat 4 ,X1', header), {
    idTag: 'X1',
    name: 'Ayşe',
    surname: 'Öztürk',
    quotaWh: 12_500,
    isUnlimited: false,
    account: 'flat 4',
    isBlocked: true,
    expires: '2026-12-31',
  });
  t.match(await row('X1,7', 'id_tag,quota_kwh'), { name: '', surname: '', quotaWh: 7000 });
});

void t.test('quotas are strict decimal kWh', async (t) => {
  const quota = async (text: string, rest = 'FALSE') => row(`A,,,${text},${rest}`);
  for (const [text, quotaWh] of [
    ['0', 0],
    ['150', 150_000],
    [' 0.0005 ', 1],
    ['1.2344', 1234],
    ['10000000', 10_000_000_000],
  ] as const) {
    t.match(await quota(text), { quotaWh }, text);
  }
  for (const bad of [
    '',
    '1e3',
    '0x10',
    'NaN',
    'Infinity',
    '-5',
    '+5',
    '.5',
    '5.',
    '1 000',
    '10000001',
    '"12,5"',
    'abc',
  ]) {
    t.match(
      await quota(bad),
      { line: 2, idTag: 'A', code: 'quota', column: 'quota_kwh', hint: /12\.5/ },
      bad,
    );
  }
  t.match(await quota('', 'TRUE'), { quotaWh: 0, isUnlimited: true });
  t.match(await quota('abc', 'TRUE'), { code: 'quota' });
});

void t.test('a file with semicolons has a decimal comma, and ambiguous points are not guessed', async (t) => {
  const { users, problems, format } = await taken(
    'id_tag;quota_kwh;unlimited\r\nA;12,5;FALSE\r\nB;12.5;\r\nC;1.500;\r\nD;1,500;\r\nE;0.500;\r\nF;1,2,3;\r\n',
  );
  t.same(
    users.map((user) => [user.idTag, user.quotaWh]),
    [
      ['A', 12_500],
      ['B', 12_500],
      ['D', 1500],
      ['E', 500],
    ],
  );
  t.match(problems, [
    { line: 4, idTag: 'C', code: 'quota', hint: /12,5/ },
    { line: 7, idTag: 'F', code: 'quota' },
  ]);
  t.match(format, { delimiter: ';', lineEnd: '\r\n' });
});

void t.test('yes and no are read in the usual words, and nothing else is', async (t) => {
  for (const word of ['TRUE', 'true', '1', 'Yes'])
    t.match(await row(`A,,,1,${word}`), { isUnlimited: true }, word);
  for (const word of ['FALSE', 'false', '0', 'no', '', ' '])
    t.match(await row(`A,,,1,${word}`), { isUnlimited: false }, word);
  for (const word of ['maybe', '2', 'x', 'wahr']) {
    t.match(await row(`A,,,1,${word}`), { code: 'flag', column: 'unlimited' }, word);
  }
  t.match(await row('A,1,perhaps', 'id_tag,quota_kwh,blocked'), { code: 'flag', column: 'blocked' });
});

void t.test('only days that exist, written year first, are dates', async (t) => {
  const expires = async (text: string) => row(`A,1,${text}`, 'id_tag,quota_kwh,expires');
  t.match(await expires('2028-02-29'), { expires: '2028-02-29' });
  t.match(await expires(''), { expires: null });
  for (const bad of ['31.12.2026', '2026-02-29', '2026-13-01', '2026-12-31T00:00', '12/31/2026', 'never']) {
    t.match(await expires(bad), { code: 'date', column: 'expires', hint: /YYYY-MM-DD/ }, bad);
  }
});

void t.test('id tags are kept to the letter, and each is one user', async (t) => {
  const { users, problems } = await taken(
    `${HEADER}\n  aB-0 1 ,A,,1,\n,nobody,,1,\nAB-0 1,B,,2,\naB-0 1,C,,3,\n"x\ty",D,,1,\n__proto__,E,,1,\n`,
  );
  t.same(
    users.map((user) => [user.idTag, user.name]),
    [
      ['aB-0 1', 'A'],
      ['AB-0 1', 'B'],
      ['__proto__', 'E'],
    ],
  );
  t.match(problems, [
    { line: 3, code: 'idTag', idTag: '' },
    { line: 5, code: 'duplicate', idTag: 'aB-0 1', message: /line 2/ },
    { line: 6, code: 'idTag' },
  ]);
});

void t.test('names are any text without control characters', async (t) => {
  t.match(await row('A,"Jo\u0007hn\u001b[31m","Doe\nSmith",1,'), { name: 'John[31m', surname: 'Doe Smith' });
  t.match(await row('A,李小龍 🚗,"""Al"" Öz, jr.",1,'), { name: '李小龍 🚗', surname: '"Al" Öz, jr.' });
});

void t.test('bad rows are told with their line, also after quoted line breaks and comments', async (t) => {
  const { users, problems } = await taken(
    `# staff, since "2019\r\n${HEADER}\r\nA,"two\r\nlines",,1,\r\n\r\n,,,,\r\nB,,,x,\r\nC,"D"E,,1,\r\nF,,,1,,,\r\nG,,,1,,,more\r\nH,,,1\r\n`,
  );
  t.same(
    users.map((user) => user.idTag),
    ['A', 'F', 'H'],
  );
  t.match(problems, [
    { line: 7, code: 'quota' },
    { line: 8, code: 'quotes', idTag: null },
    { line: 10, code: 'fields', idTag: 'G' },
  ]);
  const long = await taken(`${HEADER}\nA,${'x,'.repeat(40_000)}\nB,,,1,\n`);
  t.match(long, { users: [{ idTag: 'B' }], problems: [{ line: 2, code: 'quotes' }] });
});

void t.test('encodings and line ends of every common program are read', async (t) => {
  const text = `${HEADER}\nA,Şükrü İğne,Ýx,1,\n`.replace('Ý', '');
  const utf16be = Buffer.from(`\ufeff${text}`, 'utf16le').swap16();
  const turkish = Buffer.from(`${HEADER}\nA,\xdeükrü \xdd\xf0ne,x,1,\n`, 'latin1');
  for (const [content, encoding, hasBom] of [
    [Buffer.from(text), 'utf-8', false],
    [Buffer.from(`\ufeff${text}`), 'utf-8', true],
    [Buffer.from(`\ufeff${text}`, 'utf16le'), 'utf-16le', true],
    [utf16be, 'utf-16be', true],
    [turkish, 'windows-1254', false],
  ] as const) {
    const { users, format } = await taken(content);
    t.match(users, [{ idTag: 'A', name: 'Şükrü İğne', surname: 'x' }], encoding);
    t.match(format, { encoding, hasBom });
  }
  const czech = await taken(Buffer.from(`${HEADER}\nA,\x8e\xfd,x,1,\n`, 'latin1'));
  t.match(czech, { users: [{ name: 'Žý' }], format: { encoding: 'windows-1252' } });
  t.match(await taken(turkish, 'windows-1252'), { users: [{ name: 'Þükrü Ýðne' }] });
  for (const lineEnd of ['\n', '\r\n', '\r']) {
    const { users, format } = await taken(`${HEADER}${lineEnd}A,,,1,${lineEnd}B,,,2,${lineEnd}`);
    t.equal(users.length, 2);
    t.equal(format.lineEnd, lineEnd);
  }
});

void t.test('a file that cannot be decoded is not taken', async (t) => {
  t.match(await read(Buffer.from('id_tag,\xff', 'latin1'), undefined, 'utf-8'), {
    problem: { code: 'undecodable' },
  });
  t.match(await read(HEADER, undefined, 'klingon'), { problem: { code: 'undecodable', message: /klingon/ } });
  t.match(await read(Buffer.from([0xff, 0xfe, 0x41])), { problem: { code: 'endsInsideRow' } });
});

void t.test('a file that is empty, too large or no list of users is not taken', async (t) => {
  for (const empty of ['', '\ufeff', '\n \n'])
    t.match(await read(empty, HEADER), { ok: false, problem: { code: 'empty' } });
  t.match(await read('# nothing\n'), { problem: { code: 'missingColumn' } });
  t.match(await read('\nname,quota_kwh\nA,1\n'), {
    problem: { code: 'missingColumn', line: 2, message: /id_tag/ },
  });
  t.match(await read('id_tag,quota\nA,1\n'), { problem: { code: 'missingColumn', message: /quota_kwh/ } });
  t.match(await read('RFID001,John,Doe,150,FALSE\n'), { problem: { code: 'missingColumn' } });
  t.match(await read('"id_tag"x,quota_kwh\nA,1\n'), { problem: { code: 'missingColumn' } });
  t.match(await read('id_tag,quota_kwh,Quota_kWh\nA,1,2\n'), {
    problem: { code: 'repeatedColumn', message: /quota_kwh/ },
  });
  t.match(await read(Buffer.alloc(MAX_USERS_FILE_BYTES + 1)), { problem: { code: 'tooLarge' } });
  t.match(await read(`id_tag,quota_kwh\n${'A,1\n'.repeat(MAX_USER_ROWS + 1)}`), {
    problem: { code: 'tooManyRows' },
  });
});

void t.test('a header alone is a list without users', async (t) => {
  t.match(await taken(HEADER), { users: [], problems: [] });
});

void t.test(
  'a last row without a line end is taken when it is whole, and else the file is not',
  async (t) => {
    t.match(await read(`${HEADER}\nA,,,1,FALSE`), { ok: true, users: [{ idTag: 'A' }] });
    t.match(
      await read(`${HEADER},,\nA,,,1,FALSE`),
      { ok: true },
      'empty names at the end of the header need no field',
    );
    t.match(await read(`${HEADER}\nA,,,1,FALSE\n# the end`), { ok: true });
    for (const cut of ['B', 'B,,,1', 'B,,,1,FAL', 'B,,,x,FALSE', 'B,"x']) {
      const reading = await read(`${HEADER}\nA,,,1,FALSE\n${cut}`);
      t.match(reading, { ok: false, problem: { code: 'endsInsideRow', line: 3 } }, cut);
    }
    const inCharacter = Buffer.from(`${HEADER}\nA,,,1,FALSE\nB,Ş`).subarray(0, -1);
    t.match(await read(inCharacter), { ok: false, problem: { code: 'endsInsideRow' } });
  },
);

void t.test('cut anywhere, a file never gives a user that was not in it', async (t) => {
  const whole = `${HEADER}\r\nRFID001,Jöhn,"Doe, jr.",150.25,FALSE\r\nRFID002,Jane,"a\r\nb",2000,TRUE\r\nRFID003,X,Y,75,TRUE`;
  const bytes = Buffer.from(whole);
  const known = (await taken(whole)).users.map((user) => JSON.stringify(user));
  t.equal(known.length, 3);
  for (let length = 0; length < bytes.length; length += 1) {
    const cut = bytes.subarray(0, length);
    const reading = await read(cut, bytes);
    if (!reading.ok) continue;
    t.ok(/[\r\n]$/.test(cut.toString()), `taken at ${length}, after a row`);
    t.ok(reading.users.every((user) => known.includes(JSON.stringify(user))));
  }
});

void t.test('rows removed from the end are no cut as long as the last line is ended', async (t) => {
  const previous = `${HEADER}\nA,,,1,\nB,,,2,\n`;
  t.match(await read(`${HEADER}\nA,,,1,\n`, previous), { ok: true, users: [{ idTag: 'A' }] });
  t.match(await read(`${HEADER}\nA,,,1,`, previous), { ok: false, problem: { code: 'endsInsideRow' } });
  t.match(await read(previous, previous), { ok: true });
});

void t.test('no bytes make it throw', async () => {
  const pieces = fc.constantFrom(
    'id_tag',
    'quota_kwh',
    ',',
    ';',
    '"',
    '\n',
    '\r',
    '#',
    ' ',
    'A',
    '1',
    '\ufeff',
    'Ş',
    '\u0000',
  );
  const contents = fc.oneof(
    fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes)),
    fc.array(pieces, { maxLength: 40 }).map((parts) => Buffer.from(`id_tag,quota_kwh\n${parts.join('')}`)),
    fc.array(pieces, { maxLength: 40 }).map((parts) => Buffer.from(parts.join(''), 'utf16le')),
  );
  await fc.assert(
    fc.asyncProperty(contents, async (content) => {
      const reading = await readUsers(content, { encoding: 'auto' });
      return reading.ok
        ? new Set(reading.users.map((user) => user.idTag)).size === reading.users.length
        : true;
    }),
    { numRuns: 1500 },
  );
});
