// Reservations that somebody asked a charger for: their ids, whether they hold, and by which session they were used.
import { parseTimestamp } from '../../domain/timestamp.ts';
import type { Clock, EpochMs } from '../../runtime/clock.ts';
import type { Journal } from '../journal.ts';
import { statusOf, type Answer } from '../remote.ts';
import type { Users } from '../users.ts';
import { isUncertain, type Command, type Effect } from './command.ts';
import { nextId } from './next-id.ts';

export interface Reservation {
  readonly reservationId: number;
  /** 0: any connector. */
  readonly connectorId: number;
  readonly idTag: string;
  readonly parentIdTag: string | null;
  readonly expiresMs: EpochMs;
  readonly askedMs: EpochMs;
  readonly who: string;
  /** unconfirmed: the charger has not answered (yet), and may hold it. */
  readonly state: 'unconfirmed' | 'reserved' | 'used' | 'cancelled';
  /** The session that used it. */
  readonly transactionId: number | null;
}

/** As stored, one record for each charger, the newest last. */
interface StoredReservations {
  readonly reservations: readonly Reservation[];
}

/** A StartTransaction, as far as reservations go. */
export interface StartedOn {
  readonly chargePointId: string;
  readonly connectorId: number;
  readonly idTag: string;
  readonly reservationId?: number | undefined;
  readonly transactionId: number;
}

/** The newest that are kept of a charger. */
const MAX_KEPT = 100;

export class Reservations {
  readonly #journal: Journal;
  readonly #users: Users;
  readonly #clock: Clock;
  /** What stood under the same id before each ReserveNow: it holds on when that is refused. */
  readonly #replaced = new WeakMap<Command, Reservation>();

  constructor(journal: Journal, users: Users, clock: Clock) {
    this.#journal = journal;
    this.#users = users;
    this.#clock = clock;
  }

  /** The newest last. Those past `expiresMs` have ended by themselves. */
  of(chargePointId: string): readonly Reservation[] {
    const stored = this.#journal.live.other('reservations', chargePointId) as StoredReservations | undefined;
    return stored?.reservations ?? [];
  }

  /** ReserveNow: an id is allocated where none is given. The same id again replaces the reservation (OCPP 1.6 §5.13). */
  readonly reserveNow: Effect = {
    complete: ({ chargePointId, payload }) => ({
      ...payload,
      reservationId: payload['reservationId'] ?? nextId(this.of(chargePointId).map(idOf)),
    }),
    sending: (command) => {
      const { chargePointId, payload, who } = command;
      const { connectorId, idTag, parentIdTag, reservationId } = payload;
      const reservation: Reservation = {
        reservationId: reservationId as number,
        connectorId: connectorId as number,
        idTag: idTag as string,
        parentIdTag: (parentIdTag as string | undefined) ?? null,
        expiresMs: parseTimestamp(payload['expiryDate'] as string) ?? this.#clock.now(),
        askedMs: this.#clock.now(),
        who,
        state: 'unconfirmed',
        transactionId: null,
      };
      const before = this.#find(chargePointId, reservation.reservationId);
      if (before) this.#replaced.set(command, before);
      this.#put(chargePointId, [...this.#others(chargePointId, reservation.reservationId), reservation]);
    },
    ended: (command, answer) => this.#settle(command, answer),
  };

  readonly cancelReservation: Effect = {
    ended: ({ chargePointId, payload }, answer) => {
      if (statusOf(answer) === 'Accepted')
        this.#change(chargePointId, payload['reservationId'] as number, { state: 'cancelled' });
    },
  };

  /** By its id, or without one by the card on the connector, or another of its account: chargers forget to say it. */
  started({ chargePointId, connectorId, idTag, reservationId, transactionId }: StartedOn): void {
    const isOpen = ({ state, expiresMs }: Reservation) =>
      (state === 'reserved' || state === 'unconfirmed') && expiresMs > this.#clock.now();
    const parentIdTag = this.#users.parentIdTagOf(idTag);
    const isFor = (one: Reservation) =>
      isSameTag(one.idTag, idTag) ||
      (one.parentIdTag !== null && parentIdTag !== null && isSameTag(one.parentIdTag, parentIdTag));
    const used = this.of(chargePointId).findLast((one) =>
      reservationId === undefined || reservationId <= 0
        ? isOpen(one) && isFor(one) && [0, connectorId].includes(one.connectorId)
        : one.reservationId === reservationId && one.state !== 'used',
    );
    if (used) this.#change(chargePointId, used.reservationId, { state: 'used', transactionId });
  }

  #settle(command: Command, answer: Answer): void {
    const { chargePointId, payload } = command;
    const reservationId = payload['reservationId'] as number;
    const now = this.#find(chargePointId, reservationId);
    // Used before its answer was read.
    if (now?.state !== 'unconfirmed' || isUncertain(answer)) return;
    if (statusOf(answer) === 'Accepted') this.#change(chargePointId, reservationId, { state: 'reserved' });
    else {
      const before = this.#replaced.get(command);
      this.#put(chargePointId, [...this.#others(chargePointId, reservationId), ...(before ? [before] : [])]);
    }
  }

  #find(chargePointId: string, reservationId: number): Reservation | undefined {
    return this.of(chargePointId).find((one) => one.reservationId === reservationId);
  }

  #others(chargePointId: string, reservationId: number): Reservation[] {
    return this.of(chargePointId).filter((one) => one.reservationId !== reservationId);
  }

  #change(chargePointId: string, reservationId: number, changed: Partial<Reservation>): void {
    const all = this.of(chargePointId);
    if (!all.some((one) => one.reservationId === reservationId)) return;
    const after = all.map((one) => (one.reservationId === reservationId ? { ...one, ...changed } : one));
    this.#put(chargePointId, after);
  }

  #put(chargePointId: string, all: readonly Reservation[]): void {
    const stored: StoredReservations = { reservations: all.slice(-MAX_KEPT) };
    this.#journal.put('reservations', chargePointId, stored, chargePointId, null);
  }
}

function idOf({ reservationId }: Reservation): number {
  return reservationId;
}

function isSameTag(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}
