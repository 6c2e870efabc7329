// Whether an upgrade may become a charger's connection: page or charger, id, admission, credentials, one after the other.
// Whoever may not is answered here. Who is connected, and which connection of an id counts, is server.ts's matter.
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { basicCredentials, certificateNames } from './credentials.ts';
import { identify } from './identity.ts';
import type { AdmissionRefusal, Authenticator, AuthRefusal, ShownCredential } from './ports.ts';
import { remoteAddressOf, type Refusals } from './refusal.ts';

export interface GateParts {
  readonly pathPrefix?: string | undefined;
  /** Origins whose pages may act as chargers; none unless told otherwise. */
  readonly webOrigins?: readonly string[] | undefined;
  /** The spelling under which an id is known (chargers change case), or the id itself when it is new. */
  readonly canonicalId: (id: string) => string;
  /** Why a charger of this canonical id may not connect; null: it may. */
  readonly admissionRefusal: (id: string) => AdmissionRefusal | null;
  /** Left out: nobody is asked who he is. */
  readonly authenticator?: Authenticator | undefined;
  readonly refusals: Refusals;
}

export interface Admitted {
  /** Canonical. */
  readonly id: string;
  /** As it stands in the path. */
  readonly writtenId: string;
  readonly authenticatedBy: ShownCredential;
}

/** What a browser calls itself; chargers do not, though some name an origin (TinyWebsockets: Grizzl-E). */
const BROWSER = /^Mozilla\//i;

const MS_PER_SECOND = 1000;

const ADMISSION_WORDS: Readonly<Record<AdmissionRefusal, string>> = {
  unknown: 'no charger of this id is known; kwota chargers approve ID --in-advance lets it in',
  full: 'as many chargers are on record as chargers.maxKnown allows, and this is none of them; kwota chargers approve ID --in-advance lets it in',
};

const WORDS: Readonly<Record<AuthRefusal['why'], string>> = {
  noPassword: 'a password is needed',
  wrongPassword: 'the password is wrong',
  passwordUnknown:
    'a password is needed, and kwota knows none of this charger; kwota chargers password sets one',
  noCertificate: 'a certificate is needed',
  otherCertificate: 'the certificate is that of another charger',
  paused: 'too many wrong passwords from this address for this charger',
  busy: 'too many passwords are being compared',
};

export class Gate {
  readonly #parts: GateParts;

  constructor(parts: GateParts) {
    this.#parts = parts;
  }

  /** Null: it may not, and has been answered. */
  async admit(request: IncomingMessage, stream: Duplex): Promise<Admitted | null> {
    const { refusals, pathPrefix, canonicalId, admissionRefusal } = this.#parts;
    if (this.#isPage(request)) {
      refusals.upgrade('page', request, stream, 'a web page is no charger; ocpp.webOrigins lets one in');
      return null;
    }
    const identity = identify(request.url ?? '', pathPrefix);
    if (!identity.ok) {
      refusals.upgrade('identity', request, stream, `the charger id in the path is ${identity.problem}`);
      return null;
    }
    const [id, writtenId] = [canonicalId(identity.id), identity.id];
    const refusal = admissionRefusal(id);
    if (refusal !== null) {
      refusals.upgrade(refusal, request, stream, ADMISSION_WORDS[refusal]);
      return null;
    }
    const authenticatedBy = await this.#authenticate(id, writtenId, request, stream);
    return authenticatedBy === null ? null : { id, writtenId, authenticatedBy };
  }

  /** A page can open a WebSocket to any address of its visitor's network, and cannot hide that it is one. */
  #isPage({ headers }: IncomingMessage): boolean {
    const { origin } = headers;
    const isBrowser = BROWSER.test(headers['user-agent'] ?? '') || headers['sec-fetch-mode'] !== undefined;
    return origin !== undefined && isBrowser && this.#parts.webOrigins?.includes(origin) !== true;
  }

  async #authenticate(
    id: string,
    writtenId: string,
    request: IncomingMessage,
    stream: Duplex,
  ): Promise<ShownCredential | null> {
    const { authenticator, refusals } = this.#parts;
    if (authenticator === undefined) return 'nothing';
    // Nobody else listens while the password is compared, and an error that nobody hears ends the process.
    const onError = () => stream.destroy();
    stream.on('error', onError);
    try {
      const verdict = await authenticator.verify(id, {
        address: remoteAddressOf(stream),
        writtenId,
        basic: basicCredentials(request.headers.authorization),
        certificateNames: certificateNames(stream),
      });
      if (verdict.isAllowed) return verdict.by;
      refusals.upgrade('auth', request, stream, WORDS[verdict.why], answerTo(verdict));
      return null;
    } finally {
      stream.off('error', onError);
    }
  }
}

function answerTo(refusal: AuthRefusal) {
  if (refusal.why === 'paused') {
    const seconds = Math.ceil(refusal.forMs / MS_PER_SECOND);
    return { status: 429, headers: { 'Retry-After': String(seconds) } } as const;
  }
  if (refusal.why === 'busy') return { status: 503, headers: { 'Retry-After': '10' } } as const;
  if (refusal.why === 'otherCertificate' || refusal.why === 'noCertificate') return { status: 403 } as const;
  return { status: 401, headers: { 'WWW-Authenticate': 'Basic realm="OCPP", charset="UTF-8"' } } as const;
}
