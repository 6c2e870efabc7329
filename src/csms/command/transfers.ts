// Firmware updates and uploads of diagnostics and logs: what was asked of each charger, and how far it says it is.
import type { Clock, EpochMs } from '../../runtime/clock.ts';
import type { Journal } from '../journal.ts';
import { statusOf } from '../remote.ts';
import { isUncertain, type Command, type Effect, type Payload } from './command.ts';
import { nextId } from './next-id.ts';
import type { UploadTargets } from './upload-targets.ts';

export type TransferAction = 'GetDiagnostics' | 'GetLog' | 'SignedUpdateFirmware' | 'UpdateFirmware';

export interface Transfer {
  /** Of kwota; the charger knows it only where OCPP has a requestId (GetLog, SignedUpdateFirmware). */
  readonly requestId: number;
  readonly action: TransferAction;
  /** Where from or to; null: the upload target of this server. */
  readonly location: string | null;
  readonly askedMs: EpochMs;
  readonly who: string;
  /** The answer in a word; null while it is awaited. */
  readonly answer: string | null;
  /** What the charger calls the file, and what it has uploaded here, by the names it has here. */
  readonly fileName: string | null;
  readonly uploaded: readonly string[];
  /** Of its status notifications, the newest last. */
  readonly statuses: readonly { readonly status: string; readonly atMs: EpochMs }[];
}

/** As stored, one record for each charger, the newest last. */
interface StoredTransfers {
  readonly transfers: readonly Transfer[];
}

/** The newest that are kept of a charger, of each transfer, and of a text. */
const MAX_KEPT = 20;
const MAX_STATUSES = 20;
const MAX_TEXT = 512;

export interface TransferParts {
  readonly journal: Journal;
  readonly targets: UploadTargets;
  readonly clock: Clock;
}

export class Transfers {
  readonly #parts: TransferParts;
  /** The transfer of each command that is under way. */
  readonly #sent = new WeakMap<Command, number>();

  constructor(parts: TransferParts) {
    this.#parts = parts;
  }

  of(chargePointId: string): readonly Transfer[] {
    const { live } = this.#parts.journal;
    return (live.other('transfers', chargePointId) as StoredTransfers | undefined)?.transfers ?? [];
  }

  readonly updateFirmware: Effect = this.#effect('UpdateFirmware', ({ payload }) => payload);

  readonly signedUpdateFirmware: Effect = this.#effect('SignedUpdateFirmware', (command) =>
    this.#withRequestId(command),
  );

  readonly getDiagnostics: Effect = this.#effect('GetDiagnostics', ({ chargePointId, payload }) => {
    const location = payload['location'] ?? this.#target(chargePointId);
    return location === null ? NO_TARGET : { ...payload, location };
  });

  readonly getLog: Effect = this.#effect('GetLog', (command) => {
    const payload = this.#withRequestId(command);
    const log = (payload['log'] ?? {}) as Payload;
    const remoteLocation = log['remoteLocation'] ?? this.#target(command.chargePointId);
    return remoteLocation === null ? NO_TARGET : { ...payload, log: { ...log, remoteLocation } };
  });

  /** A status notification: of the request that it names, else of the last one of its kind. Unasked ones are nobody's. */
  statusChanged(
    chargePointId: string,
    { actions, status, requestId }: TransferStatus,
    receivedAtMs: EpochMs,
  ): void {
    const transfer = this.of(chargePointId).findLast(
      (one) => actions.includes(one.action) && (requestId === undefined || one.requestId === requestId),
    );
    if (!transfer || transfer.statuses.at(-1)?.status === status) return;
    const statuses = [...transfer.statuses, { status: status.slice(0, MAX_TEXT), atMs: receivedAtMs }];
    this.#change(chargePointId, transfer.requestId, { statuses: statuses.slice(-MAX_STATUSES) });
  }

  /** What the charger said that the file is called; null while it has not. */
  fileNameOf(chargePointId: string, requestId: number): string | null {
    return this.of(chargePointId).find((one) => one.requestId === requestId)?.fileName ?? null;
  }

  /** A charger has uploaded a file that was asked for. */
  uploaded(chargePointId: string, requestId: number, file: string): void {
    const transfer = this.of(chargePointId).find((one) => one.requestId === requestId);
    if (transfer) this.#change(chargePointId, requestId, { uploaded: [...transfer.uploaded, file] });
  }

  #effect(action: TransferAction, complete: (command: Command) => Payload | string): Effect {
    return {
      complete,
      sending: (command) => this.#begin(action, command),
      ended: (command, answer) => {
        const requestId = this.#sent.get(command);
        if (requestId === undefined) return;
        const isTaken = answer.kind === 'result' && statusOf(answer) !== 'Rejected';
        const location = locationOf(command.payload);
        if (!isTaken && !isUncertain(answer)) this.#parts.targets.withdraw(location);
        const said = answer.kind === 'result' ? fileNameOf(answer.payload) : null;
        const word = statusOf(answer);
        const taken = word === 'no status' ? 'Accepted' : word;
        this.#change(command.chargePointId, requestId, { answer: taken, fileName: said });
      },
    };
  }

  #begin(action: TransferAction, command: Command): void {
    const { targets, clock } = this.#parts;
    const { chargePointId, payload, who } = command;
    const asked = payload['requestId'];
    const requestId = typeof asked === 'number' ? asked : this.#nextId(chargePointId);
    const location = locationOf(payload);
    const isOwn = targets.isOpen(location);
    if (isOwn) targets.assign(location, requestId);
    this.#sent.set(command, requestId);
    const transfer: Transfer = {
      ...{ requestId, action, who, answer: null, fileName: null, uploaded: [], statuses: [] },
      // Its key is a secret.
      location: isOwn ? null : withoutCredentials(location),
      askedMs: clock.now(),
    };
    const others = this.of(chargePointId).filter((one) => one.requestId !== requestId);
    this.#put(chargePointId, [...others, transfer]);
  }

  #target(chargePointId: string): string | null {
    return this.#parts.targets.open(chargePointId);
  }

  #withRequestId({ chargePointId, payload }: Command): Payload {
    return { ...payload, requestId: payload['requestId'] ?? this.#nextId(chargePointId) };
  }

  #nextId(chargePointId: string): number {
    return nextId(this.of(chargePointId).map((one) => one.requestId));
  }

  #change(chargePointId: string, requestId: number, changed: Partial<Transfer>): void {
    const all = this.of(chargePointId);
    this.#put(
      chargePointId,
      all.map((one) => (one.requestId === requestId ? { ...one, ...changed } : one)),
    );
  }

  #put(chargePointId: string, all: readonly Transfer[]): void {
    const stored: StoredTransfers = { transfers: all.slice(-MAX_KEPT) };
    this.#parts.journal.put('transfers', chargePointId, stored, chargePointId, null);
  }
}

export interface TransferStatus {
  /** The operations that it may be the status of. */
  readonly actions: readonly TransferAction[];
  readonly status: string;
  readonly requestId?: number | undefined;
}

const NO_TARGET = 'a location is needed: this server has no address yet that chargers can upload to';

function locationOf(payload: Payload): string {
  const { location, log, firmware } = payload as Record<string, unknown>;
  const found =
    location ??
    (log as Payload | undefined)?.['remoteLocation'] ??
    (firmware as Payload | undefined)?.['location'];
  return typeof found === 'string' ? found : '';
}

/** `ftp://name:password@host/…` is what FTP servers want; people forget to encode a @ in the password. */
function withoutCredentials(location: string): string {
  return location.replace(/\/\/[^/]*@/, '//***@').slice(0, MAX_TEXT);
}

/** GetDiagnostics and GetLog spell it differently. */
function fileNameOf(payload: Payload): string | null {
  const said = payload['fileName'] ?? payload['filename'];
  return typeof said === 'string' ? said.slice(0, MAX_TEXT) : null;
}
