// The local authorization list of a charger, built from the users in force: sent whole, in messages as long as the charger takes.
import type { SiteCalendar } from '../../domain/site-calendar.ts';
import { parentIdTagOf, type User } from '../../domain/user.ts';
import type { Clock, EpochMs } from '../../runtime/clock.ts';
import type { CommandOutcome, Commands } from '../commands.ts';
import type { Journal } from '../journal.ts';
import type { Quotas } from '../quotas.ts';
import { statusOf, type Answer } from '../remote.ts';
import type { Users } from '../users.ts';
import type { Command, Effect, Payload } from './command.ts';
import type { Configurations } from './configurations.ts';

/** What a charger is known to have, as stored: one record for each charger. */
export interface LocalList {
  /** 0: it says that its list is empty; -1: that it keeps none. Null: a message was not taken, so it is not known. */
  readonly listVersion: number | null;
  readonly atMs: EpochMs;
}

export type LocalListOutcome =
  | {
      readonly kind: 'sent';
      readonly listVersion: number;
      readonly entries: number;
      readonly messages: number;
      /** Tags that OCPP has no room for (20 characters). */
      readonly tooLong: number;
    }
  /** `status`: of SendLocalList. */
  | { readonly kind: 'refused'; readonly status: string }
  | { readonly kind: 'busy' }
  | { readonly kind: 'failed'; readonly outcome: Exclude<CommandOutcome, { readonly kind: 'result' }> };

/** Entries in a message to a charger that does not say how many it takes. */
const DEFAULT_MAX_LENGTH = 100;
const LENGTH_KEY = 'SendLocalListMaxLength';
const ATTEMPTS = 2;
/** An idTag of OCPP 1.6 (CiString20). */
const MAX_ID_TAG_LENGTH = 20;
const MS_PER_DAY = 86_400_000;

export interface LocalListParts {
  readonly journal: Journal;
  readonly users: Users;
  readonly quotas: Quotas;
  readonly calendar: SiteCalendar;
  readonly configurations: Configurations;
  readonly clock: Clock;
}

export class LocalLists {
  readonly #parts: LocalListParts;
  readonly #underWay = new Set<string>();

  constructor(parts: LocalListParts) {
    this.#parts = parts;
  }

  /** Null: nothing was ever sent or asked. */
  of(chargePointId: string): LocalList | null {
    return (this.#parts.journal.live.other('localList', chargePointId) as LocalList | undefined) ?? null;
  }

  /** Whoever sends a list: its version is remembered. */
  readonly sendLocalList: Effect = {
    complete: ({ payload }) => inWireOrder(payload),
    ended: (command, answer) => this.#settle(command, answer),
  };

  readonly getLocalListVersion: Effect = {
    ended: ({ chargePointId }, answer) => {
      if (answer.kind !== 'result') return;
      const { listVersion } = answer.payload;
      if (Number.isSafeInteger(listVersion)) this.#put(chargePointId, listVersion as number);
    },
  };

  /** Sends the users in force to a charger, in place of the list that it has. */
  async sendUsers(commands: Commands, chargePointId: string, who: string): Promise<LocalListOutcome> {
    if (this.#underWay.has(chargePointId)) return { kind: 'busy' };
    this.#underWay.add(chargePointId);
    try {
      const send = (action: string, payload: Payload) => commands.send(chargePointId, action, payload, who);
      return await this.#sendUsers(chargePointId, send);
    } finally {
      this.#underWay.delete(chargePointId);
    }
  }

  async #sendUsers(
    chargePointId: string,
    send: (action: string, payload: Payload) => Promise<CommandOutcome>,
  ): Promise<LocalListOutcome> {
    const maxLength = await this.#maxLength(chargePointId, send);
    const { entries, tooLong } = this.#entries();
    for (let attempt = 1; ; attempt += 1) {
      if ((this.of(chargePointId)?.listVersion ?? null) === null) {
        const asked = await send('GetLocalListVersion', {});
        if (asked.kind !== 'result') return { kind: 'failed', outcome: asked };
      }
      let listVersion = this.of(chargePointId)?.listVersion ?? 0;
      if (listVersion < 0) {
        // It may be made to keep one later: it is asked again then.
        this.#put(chargePointId, null);
        return { kind: 'refused', status: 'NotSupported' };
      }
      const chunks = chunksOf(entries, maxLength);
      let status = 'Accepted';
      for (const [index, localAuthorizationList] of chunks.entries()) {
        listVersion += 1;
        const updateType = index === 0 ? 'Full' : 'Differential';
        const sent = await send('SendLocalList', { listVersion, localAuthorizationList, updateType });
        if (sent.kind !== 'result') return { kind: 'failed', outcome: sent };
        status = statusOf(sent);
        if (status !== 'Accepted') break;
      }
      if (status === 'Accepted')
        return { kind: 'sent', listVersion, entries: entries.length, messages: chunks.length, tooLong };
      if (status !== 'VersionMismatch' || attempt === ATTEMPTS) return { kind: 'refused', status };
    }
  }

  async #maxLength(
    chargePointId: string,
    send: (action: string, payload: Payload) => Promise<CommandOutcome>,
  ): Promise<number> {
    if (this.#keyOf(chargePointId) === undefined) await send('GetConfiguration', { key: [LENGTH_KEY] });
    const length = Number(this.#keyOf(chargePointId) ?? DEFAULT_MAX_LENGTH);
    return Number.isSafeInteger(length) && length > 0 ? length : DEFAULT_MAX_LENGTH;
  }

  #keyOf(chargePointId: string): string | undefined {
    const keys = this.#parts.configurations.of(chargePointId);
    return keys.find(({ key }) => key.toLowerCase() === LENGTH_KEY.toLowerCase())?.value;
  }

  /** One for each tag: OCPP's tags know no case, and a charger would refuse a second one. */
  #entries(): { entries: Payload[]; tooLong: number } {
    const byTag = new Map<string, Payload>();
    let tooLong = 0;
    for (const user of this.#parts.users.all()) {
      if (user.idTag.length > MAX_ID_TAG_LENGTH) tooLong += 1;
      else byTag.set(user.idTag.toLowerCase(), this.#entryOf(user));
    }
    return { entries: [...byTag.values()], tooLong };
  }

  #entryOf(user: User): Payload {
    const { idTag, expires } = user;
    const { status } = this.#parts.quotas.decide(idTag, false);
    const expiryDate = expires === null ? {} : { expiryDate: this.#endOf(expires) };
    const parent = parentIdTagOf(user);
    const parentIdTag = parent === null ? {} : { parentIdTag: parent };
    return { idTag, idTagInfo: { ...expiryDate, ...parentIdTag, status } };
  }

  /** The end of a day of the site, as the charger has to be told it. */
  #endOf(day: string): string {
    const { calendar } = this.#parts;
    // Noon in UTC is in the day itself or beside it, whatever the time zone.
    const noonMs = Date.parse(`${day}T12:00:00Z`);
    const days = [-MS_PER_DAY, 0, MS_PER_DAY].map((offsetMs) => calendar.dayAt(noonMs + offsetMs));
    const endMs = days.find((one) => one.day === day)?.endMs ?? noonMs;
    return new Date(endMs).toISOString();
  }

  #settle({ chargePointId, payload }: Command, answer: Answer): void {
    // Not sent, or the answer of another matter: what was known of its list holds.
    if (answer.kind === 'queueFull' || answer.kind === 'cancelled') return;
    const isTaken = statusOf(answer) === 'Accepted';
    this.#put(chargePointId, isTaken ? (payload['listVersion'] as number) : null);
  }

  #put(chargePointId: string, listVersion: number | null): void {
    if (this.of(chargePointId)?.listVersion === listVersion) return;
    const stored: LocalList = { listVersion, atMs: this.#parts.clock.now() };
    this.#parts.journal.put('localList', chargePointId, stored, chargePointId, null);
  }
}

/** Some chargers read the version first and fail on a list that comes before it. */
function inWireOrder(payload: Payload): Payload {
  const { listVersion, localAuthorizationList, ...rest } = payload;
  return {
    ...(listVersion === undefined ? {} : { listVersion }),
    ...(localAuthorizationList === undefined ? {} : { localAuthorizationList }),
    ...rest,
  };
}

/** At least one: an empty list is sent as well. */
function chunksOf(entries: readonly Payload[], maxLength: number): Payload[][] {
  const chunks: Payload[][] = [entries.slice(0, maxLength)];
  for (let from = maxLength; from < entries.length; from += maxLength)
    chunks.push(entries.slice(from, from + maxLength));
  return chunks;
}
