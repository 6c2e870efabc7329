// What is known of a charge point and its connectors, apart from its connection and its sessions.
import type { Admission } from './admission.ts';

export interface ConnectorState {
  /** ChargePointStatus as the charger spelt it (OCPP 1.6 §7.7). */
  readonly status: string;
  readonly errorCode: string;
  readonly sinceMs: number;
}

/** What a stop has changed at a connector and has to be put back. */
export interface ChangedConnector {
  /** A charging profile of kwota's is set that limits a session which may go on. */
  readonly profile?: true;
  /** A charging profile of 0 A is set. */
  readonly noCurrent?: true;
  /** It was taken out of service. */
  readonly inoperative?: true;
}

/** What a charger has refused, or taken without showing it, so that it is not asked again before its firmware changes. */
export interface Refusals {
  readonly firmwareVersion: string;
  /** The charger's answer by what was asked, such as `MeterValueSampleInterval=60`; a secret is not written here. */
  readonly answers: Readonly<Record<string, string>>;
}

export interface ChargePoint {
  readonly chargePointId: string;
  readonly vendor: string;
  readonly model: string;
  readonly serialNumber: string;
  readonly firmwareVersion: string;
  readonly firstSeenMs: number;
  readonly lastBootMs: number | null;
  /** The time of its last message, as of the last time that this record was written. */
  readonly lastHeardMs: number | null;
  /** How far its clock is ahead by whole half hours, learned from live messages; 0 while none is certain. */
  readonly clockSkewMs: number;
  /** What it had delivered before kwota knew it (take-over), in Wh. */
  readonly importedWh: number;
  /** By connector id; 0 is the charge point as a whole. */
  readonly connectors: Readonly<Record<string, ConnectorState>>;
  /** By connector id; absent, or without an entry, where nothing has to be put back. */
  readonly changed?: Readonly<Record<string, ChangedConnector>>;
  /** Connectors that somebody has taken out of service by hand, 0 for all of them; absent: none. */
  readonly outOfService?: readonly number[];
  /** What its firmware would not do; absent while it has refused nothing. */
  readonly refusals?: Refusals;
  /** As of its last connection or what a person decided since; absent: known before that was written down, so accepted. */
  readonly admission?: Admission;
  /** Somebody wanted it forgotten then: it is shown nowhere, and known for what has to survive that. */
  readonly forgottenMs?: number;
  /** How long it lets energy flow after a RemoteStopTransaction, learned; absent until one was measured. */
  readonly stopLatencyMs?: number;
}

export function newChargePoint(chargePointId: string, nowMs: number): ChargePoint {
  return {
    chargePointId,
    vendor: '',
    model: '',
    serialNumber: '',
    firmwareVersion: '',
    firstSeenMs: nowMs,
    lastBootMs: null,
    lastHeardMs: null,
    clockSkewMs: 0,
    importedWh: 0,
    connectors: {},
  };
}

/** Whether it, or a take-over, has told anything but an id, which anybody can make up. */
export function isMoreThanAnId({ vendor, lastBootMs, importedWh, connectors }: ChargePoint): boolean {
  return lastBootMs !== null || vendor !== '' || importedWh > 0 || Object.keys(connectors).length > 0;
}

/** The connectors that have told of themselves, without the charge point as a whole. */
export function connectorIds(chargePoint: ChargePoint | undefined): number[] {
  return Object.keys(chargePoint?.connectors ?? {})
    .map(Number)
    .filter((id) => id !== 0);
}

/** The busier a status, the later in this list; what is unknown counts as idle. */
const BY_BUSYNESS = [
  'Available',
  'Unavailable',
  'Reserved',
  'Faulted',
  'Finishing',
  'Preparing',
  'SuspendedEV',
  'SuspendedEVSE',
  'Charging',
];

/** The connector that says most about what the charger is doing; 0 only when it has no other. */
export function busiestConnector(chargePoint: ChargePoint): { connectorId: number; status: string } | null {
  let busiest: { connectorId: number; status: string } | null = null;
  for (const [id, connector] of Object.entries(chargePoint.connectors)) {
    const candidate = { connectorId: Number(id), status: connector.status };
    if (busiest === null || rank(candidate) > rank(busiest)) busiest = candidate;
  }
  return busiest;
}

function rank(connector: { connectorId: number; status: string }): number {
  return connector.connectorId === 0 ? -2 : BY_BUSYNESS.indexOf(connector.status);
}
