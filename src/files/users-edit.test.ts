// Edits of users1.csv: what is asked for is changed, and nothing else, whatever program wrote the file.
import fc from 'fast-check';
import t, { type Test } from 'tap';
import { sampleUser } from '../domain/sample.fixture.ts';
import type { User } from '../domain/user.ts';
import { encodeText } from './text-encoding.ts';
import { editUsers, type WantedUsers } from './users-edit.ts';
import { readUsers } from './users-csv.ts';

const HEADER = 'id_tag,header name,surname,quota_kwh,unlimited';
const FILE = `${HEADER}\nA,Ada,One,20,FALSE\nB,Bob,Two,12.50,FALSE\n`;

async function read(content: string | Buffer, encoding = 'auto') {
  const reading = await readUsers(Buffer.from(content), { encoding });
  if (!reading.ok) throw new Error(`${reading.problem.code}: ${reading.problem.message}`);
  return reading;
}

async function edit(content: string | Buffer, wanted: WantedUsers, encoding = 'auto') {
  return editUsers(await read(content, encoding), wanted, encoding);
}

/** The file after users were given (null: removed) what `changes` says, beside what they are. */
async function edited(
  content: string | Buffer,
  changes: Readonly<Record<string, Partial<User> | null>>,
  encoding = 'auto',
): Promise<Buffer> {
  const { users } = await read(content, encoding);
  const wanted = Object.entries(changes).map(([idTag, change]) => {
    const known = users.find((user) => user.idTag === idTag) ?? plain(idTag);
    return [idTag, change && { ...known, ...change }] as const;
  });
  const outcome = await edit(content, new Map(wanted), encoding);
  if (!outcome.ok) throw new Error(`${outcome.problem.code}: ${outcome.problem.message}`);
  return outcome.content;
}

const plain = (idTag: string): User => sampleUser(idTag, { name: 'N', surname: 'S', quotaWh: 5_000 });

async function becomes(
  t: Test,
  before: string,
  changes: Parameters<typeof edited>[1],
  after: string,
): Promise<void> {
  t.equal((await edited(before, changes)).toString(), after);
}

void t.test('only the fields that change are written, the others stay as they are spelt', async (t) => {
  await becomes(t, FILE, { B: { isUnlimited: true } }, FILE.replace('12.50,FALSE', '12.50,TRUE'));
  await becomes(t, FILE, { A: { quotaWh: 30_001 } }, FILE.replace('One,20,', 'One,30.001,'));
  await becomes(t, FILE, { A: {} }, FILE);
  const odd = 'quota_kwh,note,ID_TAG,first_name\n " 7 " , "a, ""b""" ,A,  Ada \n';
  await becomes(t, odd, { A: { name: 'Eve' } }, odd.replace('  Ada ', 'Eve'));
  await becomes(t, odd, { A: { quotaWh: 8_000 } }, odd.replace(' " 7 " ', '"8"'));
});

void t.test('a user is added at the end and removed where it stands', async (t) => {
  await becomes(t, FILE, { C: {} }, `${FILE}C,N,S,5,FALSE\n`);
  await becomes(t, FILE, { C: {}, D: {} }, `${FILE}C,N,S,5,FALSE\nD,N,S,5,FALSE\n`);
  await becomes(t, FILE, { A: null }, FILE.replace('A,Ada,One,20,FALSE\n', ''));
  await becomes(t, FILE, { A: null, B: null }, `${HEADER}\n`);
  await becomes(t, FILE, { X: null }, FILE);
  await becomes(t, HEADER, { C: {} }, `${HEADER}\nC,N,S,5,FALSE`);
});

void t.test('with its row a user loses the rows that repeat it: nobody is removed and stays', async (t) => {
  const twice = `${FILE}# note\nA,Again,One,1,FALSE\n`;
  await becomes(t, twice, { A: null }, `${HEADER}\nB,Bob,Two,12.50,FALSE\n# note\n`);
  await becomes(t, twice, { A: { name: 'Eve' } }, twice.replace('Ada', 'Eve'));
});

void t.test('a missing final newline stays missing, unless the file would look cut short', async (t) => {
  const open = FILE.trimEnd();
  await becomes(t, open, { C: {} }, `${FILE}C,N,S,5,FALSE`);
  await becomes(t, open, { A: { name: 'Eve' } }, open.replace('Ada', 'Eve'));
  await becomes(t, open, { B: null }, `${HEADER}\nA,Ada,One,20,FALSE\n`);
  const noFlag = 'id_tag,quota_kwh\nA,20\nB,20';
  await becomes(t, noFlag, { B: { quotaWh: 2_000 } }, 'id_tag,quota_kwh\nA,20\nB,2\n');
  await becomes(t, noFlag, { A: { isBlocked: true } }, 'id_tag,quota_kwh,blocked\nA,20,TRUE\nB,20\n');
});

void t.test(
  'a column that is needed and missing is appended; rows without it stay as they are',
  async (t) => {
    const blocked = `${HEADER},blocked\nA,Ada,One,20,FALSE,TRUE\nB,Bob,Two,12.50,FALSE\n`;
    await becomes(t, FILE, { A: { isBlocked: true } }, blocked);
    await becomes(t, blocked, { A: { isBlocked: false } }, blocked.replace('TRUE', 'FALSE'));
    await becomes(
      t,
      FILE,
      { C: { account: 'flat 4', expires: '2026-12-31' } },
      `${FILE.replace(HEADER, `${HEADER},account,expires`)}C,N,S,5,FALSE,flat 4,2026-12-31\n`,
    );
    await becomes(
      t,
      'id_tag;quota_kwh\nA;1\n',
      { A: { name: 'Eve' } },
      'id_tag;quota_kwh;header name\nA;1;Eve\n',
    );
  },
);

void t.test('with semicolons numbers have a decimal comma', async (t) => {
  const file = FILE.replaceAll(',', ';').replace('12.50', '12,50');
  await becomes(t, file, { A: { quotaWh: 1_500 } }, file.replace('One;20', 'One;1,5'));
  await becomes(t, file, { A: { name: 'x;y' } }, file.replace('Ada', '"x;y"'));
});

void t.test('what would be read as something else is quoted', async (t) => {
  await becomes(t, FILE, { A: { name: 'O"Neil, Jr' } }, FILE.replace('Ada', '"O""Neil, Jr"'));
  await becomes(t, FILE, { '#1': {} }, `${FILE}"#1",N,S,5,FALSE\n`);
  const quoted = '"id_tag","name","quota_kwh"\r\n"A","Ada","1"\r\n';
  await becomes(
    t,
    quoted,
    { A: { name: 'Eve' }, B: {} },
    `${quoted.replace('Ada', 'Eve')}"B","N","5"\r\n`
      .replace('_kwh"', '_kwh",surname')
      .replace('"5"', '"5",S'),
  );
});

void t.test(
  'encoding and byte-order mark stay; what the encoding lacks is refused with the character',
  async (t) => {
    for (const encoding of ['windows-1254', 'utf-8', 'utf-16le', 'utf-16be', 'iso-8859-15']) {
      for (const hasBom of encoding.startsWith('utf') ? [true, false] : [false]) {
        const bytes = (text: string) => {
          const encoded = encodeText(text, encoding, hasBom);
          if (!encoded.ok) throw new Error(encoded.character);
          return encoded.content;
        };
        const asked = hasBom || encoding === 'utf-8' ? 'auto' : encoding;
        const before = FILE.replace('Bob', 'Çelik');
        const after = await edited(bytes(before), { A: { name: 'Ünal' } }, asked);
        t.ok(after.equals(bytes(before.replace('Ada', 'Ünal'))), `${encoding} ${hasBom}`);
      }
    }
    const legacy = Buffer.from(FILE.replace('Bob', '\xd6zt\xfcrk'), 'latin1');
    const wanted = new Map([['A', { ...plain('A'), name: 'Łukasz' }]]);
    t.match(await edit(legacy, wanted), {
      ok: false,
      problem: { code: 'unwritable', message: 'users1.csv is written in windows-1254, which has no "Ł"' },
    });
    const lone = new Map([['A', { ...plain('A'), name: 'x\ud800' }]]);
    t.match(await edit(FILE, lone), { ok: false, problem: { code: 'unwritable' } });
  },
);

void t.test('a row that is no user and would be in the way is told, and nothing is written', async (t) => {
  const bad = `${FILE}C,Cy,Three,a lot,FALSE\n`;
  t.match(await edit(bad, new Map([['C', plain('C')]])), {
    ok: false,
    problem: { code: 'rowInTheWay', message: 'line 4 has the id_tag C already and cannot be read' },
  });
  // With one more column the stray field would become an account.
  const stray = `${FILE}C,Cy,Three,1,FALSE,Smith\n`;
  t.match(await edit(stray, new Map([['A', { ...plain('A'), account: 'flat' }]])), {
    ok: false,
    problem: { code: 'rowInTheWay', message: 'the row of C would be read as something else' },
  });
});

const idTag = fc.stringMatching(/^[#"A-Za-z0-9;, ]{1,6}$/).filter((text) => text.trim() === text);
const name = fc.string({ maxLength: 6 }).map((text) => text.replace(/\p{C}/gu, '').trim());
const user = fc.record({
  idTag,
  name,
  surname: name,
  quotaWh: fc.integer({ min: 0, max: 10_000_000 }),
  isUnlimited: fc.boolean(),
  account: fc.option(name.filter((text) => text !== '')),
  isBlocked: fc.boolean(),
  expires: fc.option(fc.constantFrom('2026-12-31', '2027-02-28')),
});
const users = fc.uniqueArray(user, { selector: (one) => one.idTag, maxLength: 8 });
const layout = fc.record({
  delimiter: fc.constantFrom(',', ';'),
  lineEnds: fc.array(fc.constantFrom('\n', '\r\n', '\r'), { minLength: 1, maxLength: 3 }),
  columns: fc.shuffledSubarray([
    'header name',
    'surname',
    'unlimited',
    'account',
    'blocked',
    'expires',
    'note',
    'phone',
  ]),
  isQuoted: fc.boolean(),
  hasFinalLineEnd: fc.boolean(),
  hasBom: fc.boolean(),
  between: fc.constantFrom('', '# a comment, with "quotes', '   '),
});
type Layout = typeof layout extends fc.Arbitrary<infer T> ? T : never;

/** A file of these users that somebody else's program might have written, less what its columns cannot say. */
function written(rows: readonly User[], how: Layout): string {
  const columns = ['id_tag', ...how.columns, 'quota_kwh'];
  const field = (text: string) =>
    how.isQuoted || /[",;#]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  const valueOf = (one: User, column: string) => {
    const values: Record<string, string> = {
      id_tag: one.idTag,
      'header name': one.name,
      surname: one.surname,
      quota_kwh: String(one.quotaWh / 1000).replace('.', how.delimiter === ';' ? ',' : '.'),
      unlimited: one.isUnlimited ? 'yes' : 'FALSE',
      account: one.account ?? '',
      blocked: one.isBlocked ? '1' : '',
      expires: one.expires ?? '',
      note: 'any, thing',
    };
    return values[column] ?? '';
  };
  const lines = [
    columns.map(field),
    ...rows.map((one) => columns.map((column) => field(valueOf(one, column)))),
  ]
    .map((fields) => fields.join(how.delimiter))
    .flatMap((line, index) => (index > 0 && how.between !== '' ? [how.between, line] : [line]));
  return lines
    .map((line, index) => {
      const isLast = index === lines.length - 1;
      return isLast && !how.hasFinalLineEnd ? line : line + how.lineEnds[index % how.lineEnds.length]!;
    })
    .join('');
}

void t.test(
  'whatever the file and the edit: other records are the same bytes, and it says what was wanted',
  async (t) => {
    const changes = fc.array(fc.tuple(fc.nat(9), fc.option(user, { freq: 3 })), { maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(users, layout, changes, async (rows, how, asked) => {
        const before = Buffer.from((how.hasBom ? '\ufeff' : '') + written(rows, how));
        const reading = await read(before);
        const wanted = new Map<string, User | null>();
        for (const [at, change] of asked) {
          const known = reading.users[at];
          if (known) wanted.set(known.idTag, change && { ...change, idTag: known.idTag });
          else if (change && !reading.users.some((one) => one.idTag === change.idTag))
            wanted.set(change.idTag, change);
        }
        const outcome = await editUsers(reading, wanted, 'auto');
        if (!outcome.ok) throw new Error(outcome.problem.message);
        const after = await readUsers(outcome.content, { encoding: 'auto', previous: before });
        if (!after.ok) throw new Error(after.problem.message);
        const expected = new Map(reading.users.map((one) => [one.idTag, one]));
        for (const [tag, one] of wanted) if (one) expected.set(tag, one);
        for (const [tag, one] of wanted) if (!one) expected.delete(tag);
        t.same(new Map(after.users.map((one) => [one.idTag, one])), expected);
        const untouched = ({ format }: typeof reading, isHeader: boolean) =>
          format.records
            .filter((record) => record.kind !== 'blank' && (isHeader || record !== format.headerRecord))
            .filter((record) => !touched(format, wanted).has(record))
            .map((record) => format.text.slice(record.start, record.end));
        const isHeaderSame = after.format.header.length === reading.format.header.length;
        t.same(untouched(after, isHeaderSame), untouched(reading, isHeaderSame));
        t.same(after.format.hasBom, reading.format.hasBom);
      }),
      { numRuns: 500 },
    );
  },
);

type Format = Awaited<ReturnType<typeof read>>['format'];

function touched(format: Format, wanted: WantedUsers): Set<unknown> {
  return new Set([...wanted.keys()].flatMap((tag) => format.recordsByTag.get(tag) ?? []));
}
