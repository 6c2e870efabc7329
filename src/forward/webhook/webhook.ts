// One webhook: sends what waits, signed, one after the other, for as long as it takes; what is refused is parked.
import type { CancelTimer, Clock, EpochMs } from '../../runtime/clock.ts';
import type { Log } from '../../runtime/log.ts';
import { Backoff } from '../backoff.ts';
import type { Outcome, Sender } from '../sender.ts';
import type { KeptNotice, NoticeQueue, ParkedNotice } from './notice-queue.ts';
import type { News } from './told-alarms.ts';
import type { Notice, NoticeEvent, WebhookAlarms } from './ports.ts';
import { SIGNATURE_HEADER, signatureOf } from './signature.ts';

const LONGEST_PAUSE_MS = 60_000;
/** Failing for so long needs a person; a refusal of who asks does at once. */
const ALARM_AFTER_MS = 5 * 60_000;

export interface WebhookParts {
  readonly name: string;
  /** Without what may be secret. */
  readonly shownUrl: string;
  readonly events: readonly NoticeEvent[];
  /** Null: requests are not signed. */
  readonly secret: string | null;
  readonly siteName: string;
  readonly queue: NoticeQueue;
  readonly sender: Pick<Sender, 'send' | 'close'>;
  readonly random: () => number;
  readonly newId: () => string;
  readonly alarms: WebhookAlarms;
  readonly clock: Clock;
  readonly log: Log;
}

export interface WebhookStatus {
  readonly name: string;
  readonly url: string;
  readonly isSigned: boolean;
  readonly waiting: number;
  readonly oldestMs: EpochMs | null;
  readonly parked: readonly ParkedNotice[];
  /** Notices since the start. */
  readonly delivered: number;
  /** Requests since the start that delivered nothing. */
  readonly failed: number;
  readonly lastDeliveredMs: EpochMs | null;
  /** Null once it works again. */
  readonly lastError: { readonly atMs: EpochMs; readonly reason: string } | null;
  readonly nextTryMs: EpochMs | null;
}

export class Webhook {
  readonly #parts: WebhookParts;
  readonly #backoff: Backoff;
  #isBusy = false;
  #isClosed = false;
  #failingSinceMs: number | null = null;
  #cancelPause: CancelTimer = () => undefined;
  #nextTryMs: EpochMs | null = null;
  #lastError: WebhookStatus['lastError'] = null;
  #lastDeliveredMs: EpochMs | null = null;
  #delivered = 0;
  #failed = 0;

  constructor(parts: WebhookParts) {
    this.#parts = parts;
    this.#backoff = new Backoff(LONGEST_PAUSE_MS, parts.random);
    this.#tellParked();
  }

  get name(): string {
    return this.#parts.name;
  }

  /** It waits from here on, and is sent when this is woken. Alarms about this webhook are not told to it: they could not be. */
  tell({ event, alarm }: News): void {
    const { events, queue, log, name } = this.#parts;
    if (!events.includes(event) || alarm.id === this.#unreachedId || alarm.id === this.#parkedId) return;
    const dropped = queue.add(this.#noticeOf(event, alarm));
    if (dropped) log.warn('FORWARD', 'too many alarms wait, one is not told', noticeFields(name, dropped));
  }

  /** Goes on with what waits; to be called when it is on disk. */
  wake(): void {
    const next = this.#parts.queue.waiting[0];
    if (this.#isBusy || this.#isClosed || this.#nextTryMs !== null || next === undefined) return;
    this.#isBusy = true;
    void this.#sendWaiting(next);
  }

  /** Sends a notice that is no alarm, now and once. */
  async test(): Promise<Outcome> {
    const { clock, name } = this.#parts;
    const message = `a test of the webhook ${name}: nothing has happened`;
    return this.#send(this.#noticeOf('test', { id: 'test', message, sinceMs: clock.now(), scope: 'server' }));
  }

  /** What is parked, and what is waited for after a failure, is sent now; returns how many were parked. */
  retry(by: string): number {
    const { queue, log, name } = this.#parts;
    const count = queue.retryParked();
    log.info('FORWARD', 'refused alarms are sent again', { webhook: name, by, count });
    this.#tellParked();
    this.#endPause();
    return count;
  }

  /** What is parked is given up; returns how many. */
  drop(by: string): number {
    const { queue, log, name } = this.#parts;
    const count = queue.dropParked();
    log.warn('FORWARD', 'refused alarms were dropped', { webhook: name, by, count });
    this.#tellParked();
    return count;
  }

  status(): WebhookStatus {
    const { name, shownUrl, secret, queue } = this.#parts;
    return {
      ...{ name, url: shownUrl, isSigned: secret !== null },
      waiting: queue.waiting.length,
      oldestMs: queue.waiting[0]?.notice.atMs ?? null,
      parked: queue.parked,
      delivered: this.#delivered,
      failed: this.#failed,
      lastDeliveredMs: this.#lastDeliveredMs,
      lastError: this.#lastError,
      nextTryMs: this.#nextTryMs,
    };
  }

  close(): void {
    this.#isClosed = true;
    this.#cancelPause();
    this.#parts.sender.close();
  }

  async #sendWaiting(kept: KeptNotice): Promise<void> {
    const outcome = await this.#send(kept.notice);
    this.#isBusy = false;
    if (this.#isClosed) return;
    this.#settle(kept, outcome);
    this.wake();
  }

  async #send(notice: Notice): Promise<Outcome> {
    const { sender, secret, siteName, clock } = this.#parts;
    const body = JSON.stringify(bodyOf(notice, siteName));
    const headers = secret === null ? {} : { [SIGNATURE_HEADER]: signatureOf(body, secret, clock.now()) };
    return sender.send(body, notice.id, headers);
  }

  #settle(kept: KeptNotice, outcome: Outcome): void {
    const { queue, clock, log, name } = this.#parts;
    switch (outcome.kind) {
      case 'delivered':
        this.#delivered += 1;
        this.#lastDeliveredMs = clock.now();
        queue.done(kept);
        this.#works();
        break;
      case 'refused': {
        const { status, reason } = outcome;
        this.#failed += 1;
        queue.park(kept, { status, reason });
        log.warn('FORWARD', 'an alarm was refused and is parked', {
          ...noticeFields(name, kept.notice),
          reason,
        });
        this.#works();
        this.#tellParked();
        break;
      }
      case 'failed':
        this.#failed += 1;
        this.#pause(outcome);
    }
  }

  #pause({ reason, retryAfterMs, isOurFault }: Outcome & { kind: 'failed' }): void {
    const { alarms, clock, log, name, queue } = this.#parts;
    const nowMs = clock.monotonicMs();
    const waitMs = this.#backoff.next(retryAfterMs);
    this.#lastError = { atMs: clock.now(), reason };
    const fields = { webhook: name, reason, waiting: queue.waiting.length, againInMs: waitMs };
    log[this.#failingSinceMs === null ? 'warn' : 'debug']('FORWARD', 'a webhook takes no alarms', fields);
    this.#failingSinceMs ??= nowMs;
    // The same words as long as it lasts: other webhooks are told of it once.
    if (isOurFault || nowMs - this.#failingSinceMs >= ALARM_AFTER_MS)
      alarms.raise(
        this.#unreachedId,
        'FORWARD',
        `alarms do not get to ${name}: kwota webhooks list says why`,
      );
    this.#nextTryMs = clock.now() + waitMs;
    this.#cancelPause = clock.after(waitMs, () => this.#endPause());
  }

  #endPause(): void {
    this.#cancelPause();
    this.#nextTryMs = null;
    this.wake();
  }

  #works(): void {
    const { alarms, clock, log, name } = this.#parts;
    this.#backoff.reset();
    this.#lastError = null;
    if (this.#failingSinceMs === null) return;
    const afterSeconds = Math.round((clock.monotonicMs() - this.#failingSinceMs) / 1000);
    this.#failingSinceMs = null;
    log.info('FORWARD', 'a webhook takes alarms again', { webhook: name, afterSeconds });
    alarms.clear(this.#unreachedId, 'FORWARD');
  }

  #tellParked(): void {
    const { alarms, queue, name } = this.#parts;
    if (queue.parked.length === 0) alarms.clear(this.#parkedId, 'FORWARD');
    else alarms.raise(this.#parkedId, 'FORWARD', `${name} refuses alarms: kwota webhooks list shows them`);
  }

  #noticeOf(event: Notice['event'], alarm: Notice['alarm']): Notice {
    const { newId, clock } = this.#parts;
    return { id: newId(), event, atMs: clock.now(), alarm };
  }

  get #unreachedId(): string {
    return `webhook/${this.#parts.name}`;
  }

  get #parkedId(): string {
    return `webhook-parked/${this.#parts.name}`;
  }
}

function noticeFields(webhook: string, { event, alarm }: Notice) {
  return { webhook, alarm: alarm.id, event };
}

/** What is sent; docs/alarms.md describes it. */
function bodyOf({ id, event, atMs, alarm }: Notice, siteName: string): object {
  const { message, sinceMs, scope } = alarm;
  return {
    ...{ id, event, at: iso(atMs), site: siteName },
    alarm: { id: alarm.id, message, since: iso(sinceMs), scope },
  };
}

function iso(ms: EpochMs): string {
  return new Date(ms).toISOString();
}
