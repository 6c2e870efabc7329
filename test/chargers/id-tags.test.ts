// Catalogue of chargers, idTags: spellings of a card, and what chargers send when nobody showed one.
import t from 'tap';
import { Users } from '../../src/csms/users.ts';
import { sampleUser } from '../../src/domain/sample.fixture.ts';
import { Site } from '../kit/services.ts';
import { Charger } from './charger.ts';

/** A charger at a site that knows these cards, and what is suggested for a tag that it denies, told once a tag. */
function siteOf(...idTags: string[]) {
  const options = { users: idTags.map((idTag) => sampleUser(idTag)) };
  const site = new Site(options);
  const suggested = (idTag: string) => {
    const { quotas } = new Site(options).services;
    return quotas.suggestionsFor(idTag, quotas.decide(idTag, false));
  };
  return { site, charger: new Charger(site), suggested };
}

void t.test('101: another case is another card, unless the site asks for both to be one', (t) => {
  const exact = siteOf('AbC123');
  t.equal(exact.charger.start({ idTag: 'ABC123' }).status, 'Invalid');
  t.equal(exact.suggested('ABC123'), 'AbC123 (case)');
  const site = new Site({ users: [sampleUser('AbC123', { quotaWh: 1000 })], idTagMatch: 'case-insensitive' });
  const charger = new Charger(site);
  for (const idTag of ['ABC123', 'abc123']) {
    const started = charger.start({ idTag });
    t.equal(started.status, 'Accepted');
    charger.wait(10);
    charger.stop({ ...started, meterStop: 500 });
  }
  t.equal(site.used('AbC123'), 1000, 'one quota, under the spelling of the users file');
  t.equal(charger.authorize('aBc123'), 'Blocked');
  t.end();
});

void t.test('102: padding and separators are suggested, and matched only where the site asks for it', (t) => {
  const canonical = new Users('canonical');
  canonical.replace([sampleUser('04A2C1FF')]);
  for (const idTag of ['04:A2:C1:FF', '04-a2-c1-ff', '0x04A2C1FF', '04A2C1FF  ', '04A2C1FF\u0000']) {
    const { charger, suggested } = siteOf('04A2C1FF');
    t.equal(charger.start({ idTag }).status, 'Invalid', JSON.stringify(idTag));
    t.match(suggested(idTag), /^04A2C1FF \(/);
    t.equal(canonical.find(idTag)?.idTag, '04A2C1FF');
  }
  t.equal(canonical.find('04A2C1FE'), null);
  t.end();
});

void t.test(
  '103: a card cut or padded by the reader is denied, booked on what was read, and suggested',
  (t) => {
    for (const [known, read] of [
      ['04A2C1FF5B6C80', '04A2C1FF5B6C'],
      ['2069C021', '2069C0210000'],
    ] as const) {
      const { site, charger, suggested } = siteOf(known);
      const started = charger.start({ idTag: read });
      t.equal(started.status, 'Invalid');
      t.equal(suggested(read), `${known} (sameBeginning)`);
      charger.wait(5);
      charger.stop({ ...started, meterStop: 40 });
      t.same([site.used(known), site.used(read)], [0, 40]);
    }
    t.equal(siteOf('04A2C1FF5B6C80').suggested('04A2C1'), undefined, 'six digits say too little');
    t.end();
  },
);

void t.test('104: decimal and zero-stripped forms of a card are suggestions, no matches', (t) => {
  for (const [known, read, how] of [
    ['2069C021', '543801377', 'hexAndDecimal'],
    ['2069C021', '566257952', 'hexAndDecimal'],
    ['00069C021', '69C021', 'leadingZeros'],
  ] as const) {
    const { charger, suggested } = siteOf(known);
    t.equal(charger.start({ idTag: read }).status, 'Invalid', read);
    t.equal(suggested(read), `${known} (${how})`);
  }
  t.end();
});

void t.test('105: a card read in reverse byte order is a suggestion, no match', (t) => {
  for (const [known, read] of [
    ['2069C021', '21C06920'],
    ['04A2C1FF5B6C80', '806C5BFFC1A204'],
  ] as const) {
    const { charger, suggested } = siteOf(known);
    t.equal(charger.authorize(read), 'Invalid');
    t.equal(suggested(read), `${known} (reversedBytes)`);
  }
  t.end();
});

void t.test('107: what chargers send when nobody showed a card is denied, and like no card', (t) => {
  for (const idTag of ['', '0', '00000000', 'freevend', 'UNKNOWN']) {
    const { charger, suggested } = siteOf('A', '000000000', '000000001', '10000000');
    t.equal(charger.authorize(idTag), 'Invalid', JSON.stringify(idTag));
    t.equal(charger.start({ idTag }).status, 'Invalid', JSON.stringify(idTag));
    t.equal(suggested(idTag), undefined);
  }
  t.end();
});

void t.test('107: the address of a car is a tag like any other', (t) => {
  const idTag = 'VID:A1B2C3D4E5F6';
  const { site, charger } = siteOf(idTag);
  const started = charger.start({ idTag });
  t.equal(started.status, 'Accepted');
  charger.wait(10);
  charger.stop({ ...started, meterStop: 900 });
  t.equal(site.used(idTag), 900);
  t.end();
});
