// What the OCPP layer needs of the rest of the program: ports it declares, options it is given. No code.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { QuirkId } from '../domain/quirk.ts';
import type { Clock, EpochMs } from '../runtime/clock.ts';
import type { Log } from '../runtime/log.ts';

export interface ConnectionFacts {
  readonly remoteAddress: string;
  /** As answered in the handshake; '' when none was. */
  readonly subprotocol: string;
  /** wss://, not ws://. */
  readonly isEncrypted: boolean;
  readonly authenticatedBy: ShownCredential;
  /** The request target as the charger sent it. */
  readonly path: string;
  /** How the charger reached this server: `http://10.0.0.5:9000`. */
  readonly origin: string;
}

/** Answers an HTTP request at the chargers' port that is no upgrade; false: it is none of its own, and untouched. */
export type PlainRequests = (request: IncomingMessage, response: ServerResponse) => boolean;

/** Why a connection ended: `replaced` by a newer one of the same id, `silent` too long, `closed` by the charger, `error` on the wire, `shutdown`. */
export type DisconnectReason = 'replaced' | 'silent' | 'slow' | 'closed' | 'error' | 'failed' | 'shutdown';

/** Hears who is there. Calls for one id are in order; a replacement is `disconnected`, then `connected`. */
export interface Presence {
  connected(chargePointId: string, facts: ConnectionFacts): void;
  disconnected(chargePointId: string, facts: { readonly reason: DisconnectReason }): void;
  /** Two chargers at these addresses take the id from each other; with no addresses that is over. */
  contested(chargePointId: string, addresses: readonly string[]): void;
  /** A frame of any kind arrived. */
  heard(chargePointId: string, at: EpochMs): void;
}

/** What a charger shows of who it is. */
export interface OfferedCredentials {
  readonly address: string;
  /** The id as it stands in the path. */
  readonly writtenId: string;
  /** The bytes of `user:password`; null: none. */
  readonly basic: Buffer | null;
  /** Names in a client certificate that was verified; null: none. */
  readonly certificateNames: readonly string[] | null;
}

/** What a charger has shown of who it is. */
export type ShownCredential = 'nothing' | 'password' | 'certificate';

/** Why a charger is not one of the site's: nobody knows it, or as many as may be are known and it is none of them. */
export type AdmissionRefusal = 'unknown' | 'full';

export type AuthRefusal =
  | {
      readonly isAllowed: false;
      readonly why:
        'noPassword' | 'wrongPassword' | 'passwordUnknown' | 'noCertificate' | 'otherCertificate' | 'busy';
    }
  | { readonly isAllowed: false; readonly why: 'paused'; readonly forMs: number };

/** Knows whether who connects is the charger of this canonical id. */
export interface Authenticator {
  verify(
    chargePointId: string,
    offered: OfferedCredentials,
  ): Promise<{ readonly isAllowed: true; readonly by: ShownCredential } | AuthRefusal>;
}

/** Hears what a charger does that the specification does not foresee. */
export interface QuirkWatch {
  /** `at` is when the message came: what one message shows is told with one time. */
  readonly quirkSeen: (chargePointId: string, quirk: QuirkId, at: EpochMs) => void;
}

/** Hears every text frame as it stood on the wire, and when the connection came and went. It must be quick and never fail. */
export interface FrameTap {
  /** connected: `text` is the path that was asked for; disconnected: the reason. */
  frame(chargePointId: string, kind: 'in' | 'out' | 'connected' | 'disconnected', text: string): void;
}

/** Hears how long things take, in milliseconds. It must be quick and never fail. */
export interface TimeWatch {
  /**
   * A CALL of a charger was answered: `tookMs` from the socket to the answer, `handledMs` for the handler alone, without
   * waiting for the disk or for those before it. `action` is `other` where OCPP 1.6 does not have it.
   */
  answered(action: string, tookMs: number, handledMs: number, isError: boolean): void;
  /** A CALL to a charger ended: with its answer, with a CALLERROR, or not in time. */
  called(action: string, tookMs: number, hasFailed: boolean): void;
}

/** What may be acknowledged, and when to stop reading. */
export interface Durability {
  /** Resolves when everything that memory knows now is on disk; rejects when that will never be. */
  durable(): Promise<void>;
  /** Whether so much waits for the disk that no socket should be read. */
  isCongested(): boolean;
  /** Calls `listener` each time the congestion has ended; returns how to stop that. */
  onUncongested(listener: () => void): () => void;
}

/** When the first CALL may be sent: some chargers loop for ever when asked before their boot was answered (Wallbox fw 6.6). */
export interface OutboundGateTimes {
  readonly afterBootMs: number;
  readonly afterOtherMs: number;
  readonly backstopMs: number;
}

export const OUTBOUND_GATE_TIMES: OutboundGateTimes = {
  afterBootMs: 2_000,
  afterOtherMs: 5_000,
  backstopMs: 60_000,
};

/** In PEM. */
export interface TlsCredentials {
  /** The certificate with its chain. */
  readonly cert: Buffer;
  readonly key: Buffer;
  /** Who has signed the certificates of chargers; null: they are asked for none. */
  readonly ca: Buffer | null;
}

export interface TlsOptions {
  readonly credentials: TlsCredentials;
  /** Of wss:// beside ws://; null: wss:// takes its place. */
  readonly port: number | null;
  readonly requireClientCertificate: boolean;
  readonly minVersion: 'TLSv1' | 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3';
}

export interface OcppServerOptions {
  readonly host: string;
  /** 0 is any free port. */
  readonly port: number;
  readonly tls?: TlsOptions | undefined;
  readonly pathPrefix?: string | undefined;
  /** Origins whose pages may act as chargers. */
  readonly webOrigins?: readonly string[];
  /** What chargers are told in BootNotification; here it only bounds how long silence is tolerated. */
  readonly heartbeatIntervalMs: number;
  /** How long a charger may take to answer a CALL, counted from sending it. */
  readonly callTimeoutMs: number;
  /** Between WebSocket pings; 0 sends none. */
  readonly pingIntervalMs: number;
  readonly maxConnections: number;
  readonly maxPayloadBytes: number;
  readonly outboundGate?: OutboundGateTimes;
}

/** What every connection of one server shares. */
export interface ConnectionContext extends Durability, QuirkWatch {
  readonly clock: Clock;
  readonly log: Log;
  readonly presence: Presence;
  readonly frameTap: FrameTap;
  readonly timeWatch: TimeWatch;
  readonly callTimeoutMs: number;
  readonly outboundGate: OutboundGateTimes;
  /** An id that no CALL of this or an earlier run of the server has had. */
  nextMessageId(): string;
}
