// What could be the same card: the canonical spelling, and likenesses that only an operator may confirm.
import t from 'tap';
import { canonicalIdTag, isNobodysTag, likeness, suggestTags } from './id-tag.ts';

void t.test('one spelling for all spellings of a card', (t) => {
  const rows: [string, string][] = [
    ['04a2b3c4', '04A2B3C4'],
    [' 04A2B3C4\0', '04A2B3C4'],
    ['04-A2-B3-C4', '04A2B3C4'],
    ['04:a2:b3:c4', '04A2B3C4'],
    ['0x04A2B3C4', '04A2B3C4'],
    ['RFID-001', 'RFID-001'],
    ['rfid001', 'RFID001'],
    ['Ab', 'AB'],
    ['', ''],
  ];
  for (const [spelling, canonical] of rows)
    t.equal(canonicalIdTag(spelling), canonical, JSON.stringify(spelling));
  t.end();
});

void t.test('likenesses are named, and the same tag is none', (t) => {
  const rows: [string, string, string | null][] = [
    ['RFID001', 'RFID001', null],
    ['rfid001', 'RFID001', 'case'],
    ['04-A2-B3-C4', '04A2B3C4', 'separators'],
    ['C4B3A204', '04A2B3C4', 'reversedBytes'],
    ['77771716', '04A2B3C4', 'hexAndDecimal'],
    ['3300106756', '04A2B3C4', 'hexAndDecimal'],
    ['0000A2B3C4', 'A2B3C4', 'leadingZeros'],
    ['04A2B3C4D5E6', '04A2B3C4D5E6F7', 'sameBeginning'],
    ['04A2B3', '04A2B3C4', null],
    ['05A2B3C4', '04A2B3C4', null],
    ['RFID002', 'RFID001', null],
    ['', 'RFID001', null],
    ['0', '00', null],
  ];
  for (const [unknown, known, how] of rows) t.equal(likeness(unknown, known), how, `${unknown} ~ ${known}`);
  t.end();
});

void t.test('suggestions are bounded', (t) => {
  const known = ['abcd', 'ABCD', 'AB-CD', 'Abcd', 'XY'];
  t.same(suggestTags('aBCD', known, 2), [
    { idTag: 'abcd', likeness: 'case' },
    { idTag: 'ABCD', likeness: 'case' },
  ]);
  t.same(suggestTags('ZZ', known, 2), []);
  t.end();
});

void t.test('nobody has the tags that chargers send without a card', (t) => {
  for (const tag of ['', '0', '00000000', 'freevend', ' FreeVend '])
    t.ok(isNobodysTag(tag), JSON.stringify(tag));
  for (const tag of ['RFID001', '000', 'VID:0123456789AB']) t.notOk(isNobodysTag(tag), tag);
  t.end();
});
