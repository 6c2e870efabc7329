// The readers of text: frames, timestamps, numbers, users1.csv, energy_usage.json, the other shared files, config.yaml, archives.
import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import { JSON_FILES, checkSharedJson } from '../../src/check/data-json.ts';
import { loadConfig } from '../../src/config/load.ts';
import { parseDecimal } from '../../src/domain/meter-value.ts';
import { parseTimestamp } from '../../src/domain/timestamp.ts';
import { sampleUser } from '../../src/domain/sample.fixture.ts';
import { readTar, TarError, writeTar } from '../../src/files/tar.ts';
import { recogniseEdit } from '../../src/files/usage-edit.ts';
import { readUsers } from '../../src/files/users-csv.ts';
import { editUsers, type GoodReading } from '../../src/files/users-edit.ts';
import { readFrames, resultText } from '../../src/ocpp/frame.ts';
import { GOOD_FRAMES } from './good-frames.ts';
import type { FuzzTarget } from './fuzz.ts';

const config = readFileSync(new URL('../../config.yaml', import.meta.url), 'utf8');

const frames: FuzzTarget = {
  name: 'frames',
  corpus: GOOD_FRAMES,
  check(input) {
    for (const frame of readFrames(input.toString('utf8'))) {
      if (frame.kind === 'problem') continue;
      const answer = JSON.parse(resultText(frame.id, {})) as unknown[];
      assert.deepEqual(answer, [3, frame.id, {}], 'the answer has the id of the message');
    }
  },
};

const timestamps: FuzzTarget = {
  name: 'timestamps',
  corpus: [
    '2026-11-30T12:00:05Z',
    '2026-11-30T12:00:05.123+03:00',
    '2026-1-3 4:05:06,7',
    '1793361605',
    '85.5',
  ],
  check(input) {
    const text = input.toString('utf8');
    const atMs = parseTimestamp(text);
    assert.ok(atMs === null || Number.isSafeInteger(atMs), `${atMs} is a time`);
    const value = parseDecimal(text);
    assert.ok(value === null || Number.isFinite(value), `${value} is a number`);
  },
};

const users: FuzzTarget = {
  name: 'users',
  corpus: [
    'id_tag,header name,surname,quota_kwh,unlimited\n04A1,Ada,Example,100,FALSE\n04B2,Ben,,12.5,TRUE\n',
    '# ours\r\nid_tag;name;quota_kwh;note;blocked\r\n"04A1";"A;d";1,5;"two\r\nlines";yes\r\n\r\n04B2;Ben;7;;\r\n',
    '\ufeffid_tag,quota_kwh,account,expires\n04A1,100,flat 3,2026-12-31\n04B2,,flat 3,\n',
  ],
  async check(input) {
    const reading = await readUsers(input, { encoding: 'auto' });
    if (!reading.ok) return;
    for (const user of reading.users)
      assert.ok(user.quotaWh >= 0 && Number.isSafeInteger(user.quotaWh), `${user.quotaWh} is a quota`);
    await checkEdit(reading);
  },
};

/** A user more, and nothing else touched: every record but the header is in the new file as it was. */
async function checkEdit(reading: GoodReading): Promise<void> {
  const added = sampleUser('FUZZED-CARD');
  const edited = await editUsers(reading, new Map([[added.idTag, added]]), 'auto');
  if (!edited.ok) return;
  const recordsOf = ({ format }: GoodReading) => {
    const header = format.records.find(({ kind }) => kind === 'data');
    return format.records.flatMap((one) => (one === header ? [] : [format.text.slice(one.start, one.end)]));
  };
  const after = new Set(recordsOf(edited.reading));
  for (const record of recordsOf(reading)) assert.ok(after.has(record), `${record} is as it was`);
  const others = edited.reading.users.filter(({ idTag }) => idTag !== added.idTag);
  assert.deepEqual(
    others,
    reading.users.filter(({ idTag }) => idTag !== added.idTag),
  );
}

const usage: FuzzTarget = {
  name: 'usage',
  corpus: ['{"04A1": 85.5, "04B2": 0}', '{"04A1":1e1}', '{}'],
  check(input) {
    const published = { seq: 1, at: 0, month: '2026-11', whByTag: new Map([['04A1', 85_500]]) };
    const edit = recogniseEdit(input.toString('utf8'), [published]);
    if (edit.kind !== 'edit') return;
    for (const wh of edit.whByTag.values())
      assert.ok(wh >= 0 && Number.isSafeInteger(wh), `${wh} is an amount of energy`);
  },
};

const sharedFiles: FuzzTarget = {
  name: 'shared-files',
  corpus: [
    '{"04A1": 85.5}',
    '{"CP1":{"transaction_id":1,"id_tag":"04A1","start_time":"2026-11-30T12:00:00Z"}}',
    '[{"ID":"1","timestamp":"2026-11-30T12:00:00Z","userName":"Ada","deliveredEnergy":0.2}]',
  ],
  check(input) {
    for (const name of JSON_FILES)
      for (const { line, message } of checkSharedJson(name, input.toString('utf8'), name))
        assert.ok(message !== '' && (line ?? 1) >= 1, 'each problem has a place and a sentence');
  },
};

const configuration: FuzzTarget = {
  name: 'config',
  corpus: [
    config,
    'ocpp:\n  port: 9000\nchargers:\n  settings:\n    "LIVOLTEK_*":\n      energyUnit: Wh\n',
    'api: {tokens: [{name: a, role: viewer, token: "x"}], hosts: [a.example]}\nlog: {level: "${LEVEL:-info}"}\n',
  ],
  check(input) {
    const file = { path: 'config.yaml', text: input.toString('utf8') };
    const loaded = loadConfig({ file, env: {}, flags: {}, machine: { cwd: '/', timeZone: 'UTC' } });
    if (!('problems' in loaded)) return;
    assert.ok(loaded.problems.length > 0, 'no configuration, so at least one problem');
    for (const { message } of loaded.problems) assert.notEqual(message, '');
  },
};

/** Made here, so that it is one of today. */
async function goodArchive(): Promise<string> {
  const content = Buffer.from('id_tag,quota_kwh\n04A1,100\n');
  const chunks: Uint8Array[] = [];
  const file = { name: 'users1.csv', size: content.length, content: [content] };
  for await (const chunk of writeTar([file], 0)) chunks.push(chunk);
  return Buffer.concat(chunks).toString('latin1');
}

async function archives(): Promise<FuzzTarget> {
  return {
    name: 'archives',
    corpus: [await goodArchive()],
    async check(input) {
      const receiver = { open: () => undefined, write: () => undefined, close: () => undefined };
      const whole = async function* () {
        yield await Promise.resolve(input);
      };
      try {
        await readTar(whole(), receiver);
      } catch (error) {
        if (!(error instanceof TarError)) throw error;
      }
    },
  };
}

export async function textTargets(): Promise<readonly FuzzTarget[]> {
  return [frames, timestamps, users, usage, sharedFiles, configuration, await archives()];
}
