// What is known of the charge points: who they say they are, whether they are connected, what their connectors do.
import { connectorIds, newChargePoint, type ChargePoint } from '../domain/charge-point.ts';
import type { Admission } from '../domain/admission.ts';
import { eventTime } from '../domain/timestamp.ts';
import type { Clock, EpochMs } from '../runtime/clock.ts';
import type { Log } from '../runtime/log.ts';
import type { AdmissionRules, Admissions } from './admissions.ts';
import type { Journal } from './journal.ts';

/** What a charger says of itself is kept up to this length (OCPP allows 50 at most; chargers send more). */
const MAX_TEXT = 255;

/** Connector ids beyond this are not believed to be connectors; their status is ignored. */
const MAX_CONNECTORS = 64;

export interface BootMessage {
  readonly vendor?: string | undefined;
  readonly model?: string | undefined;
  readonly serialNumber?: string | undefined;
  readonly firmwareVersion?: string | undefined;
}

export interface StatusMessage {
  readonly connectorId: number;
  readonly status: string;
  readonly errorCode: string;
  readonly timestamp?: string | undefined;
}

/** How a connection is secured. */
export interface ConnectionSecurity {
  readonly isEncrypted: boolean;
  readonly authenticatedBy: 'nothing' | 'password' | 'certificate';
}

const UNSECURED: ConnectionSecurity = { isEncrypted: false, authenticatedBy: 'nothing' };

export interface ChargePointParts {
  readonly journal: Journal;
  readonly admissions: Admissions;
  /** Spellings of ids that count, beside those of chargers on record. */
  readonly rules: Pick<AdmissionRules, 'configuredIds'>;
  readonly clock: Clock;
  readonly log: Log;
}

export class ChargePoints {
  readonly #parts: ChargePointParts;
  readonly #connected = new Map<
    string,
    { readonly sinceMs: EpochMs; readonly security: ConnectionSecurity }
  >();
  readonly #heardMs = new Map<string, EpochMs>();
  readonly #byLowerCase = new Map<string, string>();

  constructor(parts: ChargePointParts) {
    this.#parts = parts;
    for (const { chargePointId } of parts.journal.live.chargePoints()) this.#index(chargePointId);
  }

  /**
   * The id under which a charger is known already, whatever the case it writes it in; else the id as it is. As it is on
   * record counts before as the configuration spells it: its sessions, its energy and its password stand under that.
   */
  canonicalId(id: string): string {
    if (this.#parts.journal.live.chargePoint(id) !== undefined) return id;
    const lowerCase = id.toLowerCase();
    return this.#byLowerCase.get(lowerCase) ?? this.#parts.rules.configuredIds.get(lowerCase) ?? id;
  }

  connected(chargePointId: string, security: ConnectionSecurity = UNSECURED): void {
    const { journal, admissions, clock, log } = this.#parts;
    journal.beginEpoch(chargePointId);
    this.#connected.set(chargePointId, { sinceMs: clock.now(), security });
    this.heard(chargePointId, clock.now());
    const known = journal.live.chargePoint(chargePointId);
    if (!known) {
      this.#index(chargePointId);
      log.info('CONNECT', 'new charger', { charger: chargePointId });
    }
    const chargePoint = known ?? this.#met(chargePointId);
    const admission = admissions.shown(chargePoint);
    this.#put({ ...chargePoint, admission });
    if (admission === 'pending') {
      const hint = `kwota chargers approve ${chargePointId}`;
      log.warn('CONNECT', 'a charger waits for approval', { charger: chargePointId, hint });
    }
  }

  /** A person said that it is one of the site's, whether it has ever connected or not. */
  approve(chargePointId: string): void {
    this.#index(chargePointId);
    this.#put({ ...this.#get(chargePointId), admission: 'accepted' });
  }

  /** It leaves the records; not while it is connected. */
  forget(chargePointId: string): void {
    const { clock } = this.#parts;
    this.#put({ ...this.#get(chargePointId), forgottenMs: clock.now() });
    this.#heardMs.delete(chargePointId);
    const lowerCase = chargePointId.toLowerCase();
    if (this.#byLowerCase.get(lowerCase) === chargePointId) this.#byLowerCase.delete(lowerCase);
  }

  /** Whether it may connect, and how far it is trusted. */
  admissionOf(chargePoint: ChargePoint): Admission {
    return this.#parts.admissions.shown(chargePoint);
  }

  disconnected(chargePointId: string): void {
    this.#connected.delete(chargePointId);
    this.#put(this.#get(chargePointId));
  }

  heard(chargePointId: string, atMs: EpochMs): void {
    this.#heardMs.set(chargePointId, atMs);
  }

  isConnected(chargePointId: string): boolean {
    return this.#connected.has(chargePointId);
  }

  /** Null: it is not connected. */
  connectedSinceMs(chargePointId: string): EpochMs | null {
    return this.#connected.get(chargePointId)?.sinceMs ?? null;
  }

  /** Null: it is not connected. */
  securityOf(chargePointId: string): ConnectionSecurity | null {
    return this.#connected.get(chargePointId)?.security ?? null;
  }

  /** The connectors that a charger is known to have, by their status or a running session. */
  connectorsOf(chargePointId: string): ReadonlySet<number> {
    const { live } = this.#parts.journal;
    const running = live.runningOfChargePoint(chargePointId).map(({ connectorId }) => connectorId);
    const told = connectorIds(live.chargePoint(chargePointId));
    return new Set([...told, ...running].filter((id) => id !== 0));
  }

  connectedCount(): number {
    return this.#connected.size;
  }

  /** When the last message of any kind came. */
  lastHeardMs(chargePoint: ChargePoint): EpochMs | null {
    return this.#heardMs.get(chargePoint.chargePointId) ?? chargePoint.lastHeardMs;
  }

  /** Says how it is to be answered. */
  booted(chargePointId: string, boot: BootMessage): 'Accepted' | 'Pending' {
    const { clock, log } = this.#parts;
    const before = this.#get(chargePointId);
    const text = (said: string | undefined, known: string) => (said ?? '').trim().slice(0, MAX_TEXT) || known;
    const vendor = text(boot.vendor, before.vendor);
    const model = text(boot.model, before.model);
    const firmwareVersion = text(boot.firmwareVersion, before.firmwareVersion);
    const serialNumber = text(boot.serialNumber, before.serialNumber);
    this.#put({ ...before, vendor, model, firmwareVersion, serialNumber, lastBootMs: clock.now() });
    log.info('CONNECT', 'booted', { charger: chargePointId, vendor, model, firmware: firmwareVersion });
    return this.admissionOf(before) === 'pending' ? 'Pending' : 'Accepted';
  }

  statusChanged(chargePointId: string, message: StatusMessage, receivedAtMs: EpochMs): void {
    const { connectorId, errorCode } = message;
    if (connectorId < 0 || connectorId > MAX_CONNECTORS) return;
    const status = message.status.slice(0, MAX_TEXT);
    const before = this.#get(chargePointId);
    const known = before.connectors[connectorId];
    if (known?.status === status && known.errorCode === errorCode) return;
    const sinceMs = eventTime(message.timestamp, receivedAtMs).atMs;
    const connector = { status, errorCode: errorCode.slice(0, MAX_TEXT), sinceMs };
    this.#put({ ...before, connectors: { ...before.connectors, [connectorId]: connector } });
    const error = errorCode === 'NoError' ? undefined : errorCode;
    this.#parts.log.info('STATUS', status, { charger: chargePointId, connector: connectorId, error });
  }

  /** Not on record: nobody has let it in. Of one that was forgotten, what it had delivered and what has to be put back stay. */
  #met(chargePointId: string): ChargePoint {
    const { journal, clock } = this.#parts;
    const before = journal.live.forgottenChargePoint(chargePointId);
    return {
      ...newChargePoint(chargePointId, clock.now()),
      admission: 'pending',
      ...(before && { importedWh: before.importedWh }),
      ...(before?.changed && { changed: before.changed }),
    };
  }

  #get(chargePointId: string): ChargePoint {
    return this.#parts.journal.live.chargePoint(chargePointId) ?? this.#met(chargePointId);
  }

  #put(chargePoint: ChargePoint): void {
    const lastHeardMs = this.#heardMs.get(chargePoint.chargePointId) ?? chargePoint.lastHeardMs;
    this.#parts.journal.putChargePoint({ ...chargePoint, lastHeardMs });
  }

  /** Where two are on record, the first one. */
  #index(chargePointId: string): void {
    const lowerCase = chargePointId.toLowerCase();
    if (!this.#byLowerCase.has(lowerCase)) this.#byLowerCase.set(lowerCase, chargePointId);
  }
}
