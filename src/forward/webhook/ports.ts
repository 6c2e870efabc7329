// What webhooks need of the rest: alarms to tell of, and books that survive a power cut.
import type { EpochMs } from '../../runtime/clock.ts';

/** What is told of an alarm. */
export type NoticeEvent = 'began' | 'changed' | 'over';

export interface TellableAlarm {
  readonly id: string;
  readonly message: string;
  readonly sinceMs: EpochMs;
  readonly scope: 'server' | 'site';
}

export interface Notice {
  /** The same each time that it is sent. */
  readonly id: string;
  readonly event: NoticeEvent | 'test';
  readonly atMs: EpochMs;
  readonly alarm: TellableAlarm;
}

/** In the words of the receiver. */
export interface Refusal {
  readonly status: number;
  readonly reason: string;
}

/** A place in the books of a webhook; places are used again, so that they do not pile up. */
export interface StoredNotice {
  readonly webhook: string;
  readonly slot: number;
  /** Counts up: the order in which they are sent. */
  readonly seq: number;
  /** Null: the place is free. */
  readonly notice: Notice | null;
  /** Not null: it was refused for good, and waits for a person. */
  readonly refusal: Refusal | null;
}

/** A place for an alarm that receivers believe to hold; null: the place is free. */
export interface StoredAlarm {
  readonly slot: number;
  readonly alarm: TellableAlarm | null;
}

/** What is written is durable some time later, in order; `durable()` waits for it. */
export interface NoticeBooks {
  notices(): Iterable<StoredNotice>;
  putNotice(stored: StoredNotice): void;
  toldAlarms(): Iterable<StoredAlarm>;
  putToldAlarm(stored: StoredAlarm): void;
  durable(): Promise<void>;
}

/** Where webhooks themselves raise alarms. */
export interface WebhookAlarms {
  raise(id: string, tag: 'FORWARD', message: string): void;
  clear(id: string, tag: 'FORWARD'): void;
}
