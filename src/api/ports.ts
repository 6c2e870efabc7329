// What the API needs of the rest of the program; joined in src/kwota.ts.
import type { Admission } from '../domain/admission.ts';
import type { ChargePoint } from '../domain/charge-point.ts';
import type { RegisterGap } from '../domain/register-gaps.ts';
import type { Session } from '../domain/session.ts';
import type { TraceLine } from '../domain/trace.ts';
import type { LogLines } from '../runtime/log-ring.ts';
import type { Health } from './contract/health.ts';
import type { AlarmPort } from './ports/alarms.ts';
import type { ChargerAdminPort } from './ports/charger-admin.ts';
import type { ChargerPasswordPort } from './ports/charger-passwords.ts';
import type { CommandPorts } from './ports/commands.ts';
import type { EventPorts } from './ports/events.ts';
import type { MetricsPort } from './ports/metrics.ts';
import type { ForwardPort } from './ports/forward.ts';
import type { OverviewPort } from './ports/overview.ts';
import type { PerformancePort } from './ports/performance.ts';
import type { ReadingPorts } from './ports/readings.ts';
import type { ReportPort } from './ports/reports.ts';
import type { SessionPorts } from './ports/sessions.ts';
import type { KeptTokens } from './ports/tokens.ts';
import type { UserPorts } from './ports/users.ts';
import type { WebhookPort } from './ports/webhooks.ts';

/** What the routes are made of, one port for each resource. */
export interface RoutePorts {
  readonly health: () => Health;
  readonly chargers: ChargerPorts;
  readonly chargerAdmin: ChargerAdminPort;
  readonly chargerPasswords: ChargerPasswordPort;
  readonly commands: CommandPorts;
  readonly users: UserPorts;
  readonly sessions: SessionPorts;
  readonly reports: ReportPort;
  readonly readings: ReadingPorts;
  readonly alarms: AlarmPort;
  readonly events: EventPorts;
  readonly forward: ForwardPort;
  readonly webhooks: WebhookPort;
  readonly overview: OverviewPort;
  readonly performance: PerformancePort;
  readonly metrics: MetricsPort;
  readonly logLines: LogLines;
  readonly keptTokens: KeptTokens;
  /** Ends the server; called before its answer has left. `by` is the name of the caller's token. */
  readonly stopServer: (by: string) => void;
}

/** What is durable: the only state that is shown. */
export interface ShownState {
  chargePoints(): Iterable<ChargePoint>;
  chargePoint(id: string): ChargePoint | undefined;
  runningOfChargePoint(chargePointId: string): readonly Session[];
}

export interface Presence {
  admissionOf(chargePoint: ChargePoint): Admission;
  isConnected(chargePointId: string): boolean;
  /** Null: it is not connected. */
  connectedSinceMs(chargePointId: string): number | null;
  lastHeardMs(chargePoint: ChargePoint): number | null;
  /** Of the present connection; null: there is none. */
  securityOf(chargePointId: string): {
    readonly isEncrypted: boolean;
    readonly authenticatedBy: 'nothing' | 'password' | 'certificate';
  } | null;
}

export interface SeenQuirk {
  readonly quirk: string;
  readonly count: number;
  readonly firstSeenMs: number;
  readonly lastSeenMs: number;
  /** A sentence: what the charger does. */
  readonly what: string;
  /** A sentence: what kwota does about it. */
  readonly handling: string;
}

export interface TraceReader {
  /** Oldest first: the first `limit` lines after `afterSeq`, or without it the newest. */
  read(
    chargePointId: string,
    range: { readonly afterSeq?: number; readonly limit?: number },
  ): Promise<readonly TraceLine[]>;
}

export interface ChargerPorts {
  /** Null while nobody can tell. */
  readonly quotaEndsAtMs: (session: Session) => number | null;
  /** 0 where no session runs; null while nobody can tell. */
  readonly powerOf: (chargePointId: string) => number | null;
  readonly state: ShownState;
  readonly presence: Presence;
  passwordStateOf(chargePointId: string): 'none' | 'kept' | 'changing';
  quirksOf(chargePointId: string): readonly SeenQuirk[];
  /** In the order of time. */
  gapsOf(chargePointId: string): readonly RegisterGap[];
  readonly traces: TraceReader;
  /** JSON lines, as `kwota replay` reads them. */
  recordingOf(chargePointId: string): Promise<string>;
  /** The id that a charger gets which connects with this one; null: it is turned away. */
  idOnceConnected(id: string): string | null;
  /** The id that somebody probably meant; null when none is near. */
  closestId(chargePointId: string): string | null;
}
