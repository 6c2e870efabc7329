// A long recording that was never recorded: two connectors with the oddities of many chargers, and a ledger of what flowed.
import { createSiteCalendar } from '../../src/domain/site-calendar.ts';
import type { TraceLine } from '../../src/domain/trace.ts';
import type { RecordedUser, RecordingHeader } from '../../src/recording.ts';
import { seededRandom, type SeededRandom } from './seeded-random.ts';

export interface GeneratedRecording {
  readonly header: RecordingHeader;
  readonly lines: readonly TraceLine[];
  /** Wh by `month idTag`, less what came to nothing. */
  readonly ledger: ReadonlyMap<string, number>;
  readonly charges: number;
  /** Texts that are no message. */
  readonly unreadable: number;
}

type Payload = Readonly<Record<string, unknown>>;

interface Utterance {
  readonly atMs: number;
  readonly kind: 'in' | 'out' | 'reconnect';
  readonly text: string;
}

const TIME_ZONE = 'Europe/Istanbul';
const BEGIN_MS = Date.UTC(2026, 10, 1, 6);
const MINUTE_MS = 60_000;
const SAMPLE_EVERY_MS = 5 * MINUTE_MS;
/** In SAMPLE_EVERY_MS: 21.6 kW. */
const MAX_SAMPLE_WH = 1_800;
const TAGS = ['TAG1', 'TAG2', 'TAG3', 'TAG4'];
/** What TAG4 may use: it is used up, and the charger hears of no stop. */
const SMALL_QUOTA_WH = 300_000;

export function generateRecording(seed: number, days: number): GeneratedRecording {
  const site = new Site(seed, BEGIN_MS + days * 24 * 60 * MINUTE_MS);
  for (const connectorId of [1, 2]) site.liveOn(connectorId);
  site.beat();
  const users = TAGS.map((idTag): RecordedUser => ({
    idTag,
    account: null,
    quotaWh: idTag === 'TAG4' ? SMALL_QUOTA_WH : 0,
    isUnlimited: idTag !== 'TAG4',
    isBlocked: false,
    expires: null,
  }));
  const header: RecordingHeader = {
    chargePointId: 'CP1',
    program: 'kwota 1.0.0',
    madeAt: '2027-01-02T00:00:00.000Z',
    timeZone: TIME_ZONE,
    resetDay: 1,
    unknownTags: 'reject',
    concurrentSessions: 'allow',
    idTagMatch: 'exact',
    settings: { energyUnit: 'auto', startStopUnit: 'auto', maxPowerKw: null },
    users,
  };
  const { ledger, charges, unreadable } = site;
  return { header, lines: site.lines(), ledger, charges, unreadable };
}

class Site {
  readonly ledger = new Map<string, number>();
  charges = 0;
  unreadable = 0;
  readonly #calendar = createSiteCalendar(TIME_ZONE, 1);
  readonly #random: SeededRandom;
  readonly #endMs: number;
  readonly #said: Utterance[] = [];
  #messages = 0;

  constructor(seed: number, endMs: number) {
    this.#random = seededRandom(seed);
    this.#endMs = endMs;
  }

  /** One charge after the other on this connector, with pauses. */
  liveOn(connectorId: number): void {
    const random = this.#random;
    const charge = { wh: connectorId * 1_000_000, atMs: BEGIN_MS + connectorId * 7_000 };
    while (charge.atMs < this.#endMs) {
      this.#charge(connectorId, charge);
      charge.atMs += random.between(5, 240) * MINUTE_MS;
    }
  }

  /** Signs of life, and what is no message. */
  beat(): void {
    for (let atMs = BEGIN_MS; atMs < this.#endMs; atMs += 10 * MINUTE_MS + 1_234) {
      const chance = this.#random.below(100);
      if (chance === 0) this.#say(atMs, 'reconnect', '');
      else if (chance === 1) {
        this.unreadable += 1;
        this.#say(atMs, 'in', 'GET / HTTP/1.1');
      } else if (chance === 2) this.#say(atMs, 'in', 'pong');
      else this.#call(atMs, 'Heartbeat', {}, { currentTime: iso(atMs) });
    }
  }

  lines(): TraceLine[] {
    const inOrder = this.#said.sort((a, b) => a.atMs - b.atMs);
    const lines: Omit<TraceLine, 'seq'>[] = [{ atMs: BEGIN_MS, kind: 'connected', text: '/CP1' }];
    for (const { atMs, kind, text } of inOrder) {
      if (kind !== 'reconnect') lines.push({ atMs, kind, text });
      else {
        lines.push({ atMs, kind: 'disconnected', text: 'closed' });
        lines.push({ atMs, kind: 'connected', text: '/CP1' });
      }
    }
    return lines.map((line, index) => ({ seq: index + 1, ...line }));
  }

  /** `meter` is the register and the time; both move on. */
  #charge(connectorId: number, meter: { wh: number; atMs: number }): void {
    const random = this.#random;
    const idTag = TAGS[random.below(TAGS.length)]!;
    this.charges += 1;
    const transactionId = 178_800_000 + this.charges;
    const start = { connectorId, idTag, meterStart: meter.wh, timestamp: iso(meter.atMs) };
    const answer = { idTagInfo: { status: 'Accepted' }, transactionId };
    const isAnswerLost = random.below(10) === 0;
    this.#call(meter.atMs, 'StartTransaction', start, isAnswerLost ? null : answer);
    if (isAnswerLost || random.below(10) === 0)
      this.#call(meter.atMs + 3_000, 'StartTransaction', start, answer);
    const isInKWh = random.below(5) === 0;
    for (let left = random.between(1, 60); left > 0; left -= 1) {
      this.#flow(idTag, meter);
      this.#sample(connectorId, random.below(10) === 0 ? null : transactionId, meter, isInKWh);
    }
    // Now and then the stop is lost; nothing has flowed after the last sample.
    if (random.below(12) === 0) return;
    this.#flow(idTag, meter);
    const stop = { transactionId, idTag, meterStop: meter.wh, timestamp: iso(meter.atMs), reason: 'Local' };
    this.#call(meter.atMs, 'StopTransaction', stop, { idTagInfo: { status: 'Accepted' } });
    if (random.below(10) === 0) this.#call(meter.atMs + 20_000, 'StopTransaction', stop, {});
  }

  #flow(idTag: string, meter: { wh: number; atMs: number }): void {
    const wh = 10 * this.#random.below(MAX_SAMPLE_WH / 10);
    const toMs = meter.atMs + SAMPLE_EVERY_MS;
    for (const [day, ofDay] of Object.entries(this.#calendar.spread(wh, meter.atMs, toMs))) {
      const key = `${this.#calendar.monthOf(day)} ${idTag}`;
      if (ofDay !== 0) this.ledger.set(key, (this.ledger.get(key) ?? 0) + ofDay);
    }
    meter.wh += wh;
    meter.atMs = toMs;
  }

  #sample(
    connectorId: number,
    transactionId: number | null,
    { wh, atMs }: { wh: number; atMs: number },
    isInKWh: boolean,
  ): void {
    const value = isInKWh
      ? { value: (wh / 1000).toFixed(2), unit: 'kWh' }
      : { value: String(wh), unit: 'Wh' };
    const power = { value: '7400', measurand: 'Power.Active.Import', unit: 'W' };
    const meterValue = [{ timestamp: iso(atMs), sampledValue: [power, value] }];
    const payload = { connectorId, ...(transactionId === null ? {} : { transactionId }), meterValue };
    this.#call(atMs, 'MeterValues', payload, {});
    if (this.#random.below(20) === 0) this.#call(atMs + 30_000, 'MeterValues', payload, {});
  }

  /** A CALL and its answer; null: it got lost. One in a hundred has garbage after it. */
  #call(atMs: number, action: string, payload: Payload, answer: Payload | null): void {
    this.#messages += 1;
    // Ids begin anew at some time, as those of a charger do that counts in a byte.
    const id = String(this.#messages % 251);
    const garbage = this.#random.below(100) === 0 ? '\u0000\u0000' : '';
    this.#say(atMs, 'in', `${JSON.stringify([2, id, action, payload])}${garbage}`);
    if (answer !== null) this.#say(atMs, 'out', JSON.stringify([3, id, answer]));
  }

  #say(atMs: number, kind: Utterance['kind'], text: string): void {
    this.#said.push({ atMs, kind, text });
  }
}

function iso(atMs: number): string {
  return new Date(atMs).toISOString();
}
