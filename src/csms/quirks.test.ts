// Counting quirks: once for a moment, by firmware, sorted by what they may cost, kept in one record for each charger.
import t from 'tap';
import { Site } from '../../test/kit/services.ts';

function bootedWith(site: Site, firmwareVersion: string): void {
  site.services.chargePoints.booted('CP1', { vendor: 'V', model: 'M', firmwareVersion });
  site.services.quirks.booted('CP1');
}

/** Ids and counts of what CP1 was seen doing. */
const countsOf = (site: Site) => site.services.quirks.of('CP1').map(({ quirk, count }) => [quirk, count]);

t.test('what is seen at one moment counts once, and each moment counts', (t) => {
  const { quirks } = new Site().services;
  quirks.seen('CP1', 'broken-json', 1000);
  quirks.seen('CP1', 'broken-json', 1000);
  quirks.seen('CP1', 'broken-json', 3000);
  t.strictSame(quirks.of('CP1'), [{ quirk: 'broken-json', count: 2, firstSeenMs: 1000, lastSeenMs: 3000 }]);
  t.strictSame(quirks.of('CP2'), [], 'and only for the charger that does it');
  t.end();
});

t.test('what matters for billing comes first, then what was seen last', (t) => {
  const site = new Site();
  const { quirks } = site.services;
  quirks.seen('CP1', 'odd-message-id', 4000);
  quirks.seen('CP1', 'unit-in-doubt', 1000);
  quirks.seen('CP1', 'stop-contradicts', 2000);
  quirks.seen('CP1', 'broken-json', 3000);
  t.strictSame(
    countsOf(site).map(([quirk]) => quirk),
    ['stop-contradicts', 'unit-in-doubt', 'broken-json', 'odd-message-id'],
  );
  t.end();
});

t.test('another firmware is counted anew, the same one and the first one told are not', (t) => {
  const site = new Site();
  site.services.quirks.seen('CP1', 'no-subprotocol', 1000);
  bootedWith(site, '1.0');
  bootedWith(site, '1.0');
  t.strictSame(countsOf(site), [['no-subprotocol', 1]]);
  bootedWith(site, '1.1');
  t.strictSame(countsOf(site), []);
  t.end();
});

t.test('after a restart they are what they were when they were last handed over', async (t) => {
  const site = new Site();
  site.services.chargePoints.connected('CP1');
  bootedWith(site, '1.0');
  site.services.quirks.seen('CP1', 'broken-json', 1000);
  site.services.quirks.flush();
  await site.services.journal.durable();
  site.services.quirks.seen('CP1', 'broken-json', 2000);
  site.restart();
  t.strictSame(site.services.quirks.of('CP1'), [
    { quirk: 'broken-json', count: 1, firstSeenMs: 1000, lastSeenMs: 1000 },
  ]);
  bootedWith(site, '1.0');
  t.strictSame(countsOf(site), [['broken-json', 1]], 'the firmware is remembered with them');
  bootedWith(site, '1.1');
  t.strictSame(countsOf(site), []);
});

t.test('nothing is written for a message, and nothing at all when nothing was seen', async (t) => {
  const site = new Site();
  site.services.chargePoints.connected('CP1');
  const written: string[] = [];
  site.services.journal.onDurable(({ records }) => written.push(...records.map(({ kind }) => kind)));
  for (let atMs = 1; atMs <= 100; atMs += 1) site.services.quirks.seen('CP1', 'broken-json', atMs);
  await site.services.journal.durable();
  t.notOk(written.includes('quirks'), 'by itself');
  site.services.quirks.flush();
  site.services.quirks.flush();
  await site.services.journal.durable();
  t.equal(written.filter((kind) => kind === 'quirks').length, 1);
});

t.test('a quirk that this version does not know is forgotten', async (t) => {
  const site = new Site();
  site.services.chargePoints.connected('CP1');
  const seen = { count: 1, firstSeenMs: 1000, lastSeenMs: 1000 };
  const counts = [
    { quirk: 'of-another-version', ...seen },
    { quirk: 'broken-json', ...seen },
  ];
  site.services.journal.put('quirks', 'CP1', { firmwareVersion: '', counts }, 'CP1', null);
  await site.services.journal.durable();
  site.restart();
  t.strictSame(countsOf(site), [['broken-json', 1]]);
});

t.test('a flag of a session is counted with the message that brings it, not with those after it', (t) => {
  const site = new Site();
  const transactionId = site.start({ meterStart: 4000 });
  for (const wh of [5000, 100, 200, 300, 1_000_000]) {
    site.clock.advance(60_000);
    site.meter(transactionId, wh);
  }
  t.strictSame(countsOf(site), [
    ['implausible-jump', 1],
    ['register-restarted', 1],
  ]);
  t.end();
});

t.test('energy of a refused session is counted once, that of an accepted one is not', (t) => {
  const site = new Site();
  const refused = site.start({ idTag: 'X' });
  const accepted = site.start({ idTag: 'A', connectorId: 2 });
  for (const wh of [100, 200]) {
    site.clock.advance(60_000);
    site.meter(refused, wh);
    site.meter(accepted, wh, { connectorId: 2 });
  }
  t.strictSame(countsOf(site), [['charges-though-refused', 1]]);
  t.end();
});
