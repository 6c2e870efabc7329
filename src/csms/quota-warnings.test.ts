// When an account is said to have used so much of its quota: once for each level, month and use.
import t from 'tap';
import { sampleEntry, sampleUser } from '../domain/sample.fixture.ts';
import type { User } from '../domain/user.ts';
import type { Log } from '../runtime/log.ts';
import { silentLog } from '../runtime/log.ts';
import { Site } from '../../test/kit/services.ts';
import { QuotaWarnings } from './quota-warnings.ts';

const A = sampleUser('A', { quotaWh: 1000 });

class WarnedSite {
  readonly site: Site;
  readonly warnings: QuotaWarnings;
  readonly #told: string[] = [];
  #entries = 0;

  constructor(users: readonly User[] = [A], warnAt: readonly number[] = [80, 95]) {
    this.site = new Site({ users });
    const { users: known, journal } = this.site.services;
    const log: Log = { ...silentLog, warn: (_, message) => void this.#told.push(message) };
    const { calendar, clock } = this.site;
    this.warnings = new QuotaWarnings({ users: known, live: journal.live, calendar, warnAt, clock, log });
  }

  /** So much more is used (or less), and what is told of it. */
  use(wh: number, user: User = A): string[] {
    this.book({ wh, idTag: user.idTag });
    return this.review(user);
  }

  book(changed: Parameters<typeof sampleEntry>[1]): void {
    this.#entries += 1;
    const month = this.site.calendar.monthAt(this.site.clock.now());
    this.site.services.journal.putEntry(sampleEntry(`e${this.#entries}`, { month, ...changed }));
  }

  review(user: User = A): string[] {
    this.#told.length = 0;
    this.warnings.review(user);
    return [...this.#told];
  }
}

const AT_80 = '80 % of the quota is used';
const AT_95 = '95 % of the quota is used';
const USED_UP = 'the quota is used up';

void t.test('each level is told when it is reached, once', (t) => {
  const warned = new WarnedSite();
  t.same(warned.use(799), []);
  t.same(warned.use(1), [AT_80]);
  t.same(warned.use(10), []);
  t.same(warned.use(140), [AT_95]);
  t.same(warned.use(50), [USED_UP]);
  t.same(warned.use(500), []);
  t.end();
});

void t.test('of several levels reached at once the highest is told', (t) => {
  t.same(new WarnedSite().use(960), [AT_95]);
  t.same(new WarnedSite().use(2000), [USED_UP]);
  t.end();
});

void t.test('without levels, a quota that is used up is told all the same', (t) => {
  const warned = new WarnedSite([A], []);
  t.same(warned.use(999), []);
  t.same(warned.use(1), [USED_UP]);
  t.end();
});

void t.test('after a grant the levels are reached anew', (t) => {
  const warned = new WarnedSite();
  t.same(warned.use(1000), [USED_UP]);
  warned.book({ type: 'grant', wh: 1000 });
  t.same(warned.review(), []);
  t.same(warned.use(600), [AT_80]);
  t.end();
});

void t.test('cards of one account are told of together', (t) => {
  const cards = ['A', 'A2'].map((tag) => sampleUser(tag, { account: 'x', quotaWh: 1000 }));
  const warned = new WarnedSite(cards);
  t.same(warned.use(500, cards[0]), []);
  t.same(warned.use(300, cards[1]), [AT_80]);
  t.same(warned.review(cards[0]), []);
  t.end();
});

void t.test('a new month begins without a word, and its levels are told again', (t) => {
  const warned = new WarnedSite();
  t.same(warned.use(850), [AT_80]);
  warned.site.clock.advance(86_400_000);
  t.same(warned.use(850), [AT_80]);
  warned.site.clock.advance(31 * 86_400_000);
  t.same(warned.review(), []);
  t.end();
});

void t.test('what was reached before kwota started, or without a limit, is no news', (t) => {
  const warned = new WarnedSite();
  warned.book({ wh: 900 });
  warned.warnings.learn([A]);
  t.same(warned.review(), []);
  t.same(warned.use(60), [AT_95]);
  const unlimited = sampleUser('U', { isUnlimited: true });
  t.same(new WarnedSite([unlimited]).use(1_000_000, unlimited), []);
  t.end();
});
