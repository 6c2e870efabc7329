// One request to another program (the external API, a webhook) and what came of it. It decides whether it is worth another try; when, others decide.
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { Clock } from '../runtime/clock.ts';
import { retryAfterMs } from './backoff.ts';

export interface SenderOptions {
  /** http: or https: */
  readonly url: string;
  /** Sent with each request, the key of the external API among them. */
  readonly headers: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  /** Where requests go through, as the variables HTTP_PROXY, HTTPS_PROXY and NO_PROXY have it. */
  readonly proxy: ProxyVariables;
  readonly clock: Clock;
}

export interface ProxyVariables {
  readonly HTTP_PROXY?: string | undefined;
  readonly HTTPS_PROXY?: string | undefined;
  readonly NO_PROXY?: string | undefined;
}

/**
 * `delivered`: it is there. `refused`: it will never be taken as it is. `failed`: not now, whatever is sent.
 * `isOurFault`: nothing will be taken before the configuration, here or there, is changed.
 */
export type Outcome =
  | { readonly kind: 'delivered' }
  | { readonly kind: 'refused'; readonly status: number; readonly reason: string }
  | {
      readonly kind: 'failed';
      readonly reason: string;
      readonly retryAfterMs: number | null;
      readonly isOurFault: boolean;
    };

const LATE = Symbol('no answer in time');

/** Of an answer; the rest of a longer one is not read. */
const MAX_ANSWER_BYTES = 65_536;
const MAX_REASON_LENGTH = 200;

/** The answer speaks of who asks, or where, and not of what was sent. */
const OF_THE_REQUESTER = new Set([401, 403, 404, 405, 407, 410, 421, 426, 501, 505]);
/** The same request may be taken at another time. 409: a request with this key is being worked on. */
const OF_THE_MOMENT = new Set([408, 409, 423, 425, 429]);

export class Sender {
  readonly #options: SenderOptions;
  readonly #agent: HttpAgent;
  readonly #onItsWay = new Set<AbortController>();

  constructor(options: SenderOptions) {
    this.#options = options;
    const isSecure = new URL(options.url).protocol === 'https:';
    const settings = { keepAlive: true, proxyEnv: { ...options.proxy } };
    this.#agent = isSecure ? new HttpsAgent(settings) : new HttpAgent(settings);
  }

  /** Never rejects. `key` is the same each time that the same is sent; `more` are headers of this request alone. */
  async send(body: string, key: string, more: Readonly<Record<string, string>> = {}): Promise<Outcome> {
    const { url, headers, timeoutMs, clock } = this.#options;
    // Loaded when needed: most sites forward nothing.
    const { default: fetch } = await import('node-fetch');
    const abort = new AbortController();
    this.#onItsWay.add(abort);
    const cancel = clock.after(timeoutMs, () => abort.abort(LATE));
    try {
      const response = await fetch(url, {
        method: 'POST',
        body,
        headers: { ...headers, ...more, 'content-type': 'application/json', 'idempotency-key': key },
        agent: this.#agent,
        // The key of the API is for the address that was configured.
        redirect: 'manual',
        signal: abort.signal,
      });
      const answer = await beginningOf(response.body);
      return this.#outcomeOf(response.status, answer, (name) => response.headers.get(name));
    } catch (error) {
      const reason =
        abort.signal.reason === LATE ? `no answer within ${timeoutMs / 1000} s` : reasonOf(error);
      return { kind: 'failed', reason, retryAfterMs: null, isOurFault: false };
    } finally {
      cancel();
      this.#onItsWay.delete(abort);
    }
  }

  /** Ends what is on its way: whether it has arrived nobody will know, and it is sent once more at the next start. */
  close(): void {
    for (const abort of this.#onItsWay) abort.abort();
    this.#agent.destroy();
  }

  #outcomeOf(status: number, answer: string, header: (name: string) => string | null): Outcome {
    if (status >= 200 && status < 300) return { kind: 'delivered' };
    const said = printable(answer).slice(0, MAX_REASON_LENGTH);
    const reason = `${status}${said === '' ? '' : ` ${said}`}`;
    if (status >= 300 && status < 400) {
      const to = header('location') ?? 'another address';
      return {
        ...{ kind: 'failed', retryAfterMs: null, isOurFault: true },
        reason: `${status}: it points to ${printable(to).slice(0, MAX_REASON_LENGTH)}, and redirects are not followed`,
      };
    }
    if (status >= 400 && status < 500 && !OF_THE_REQUESTER.has(status) && !OF_THE_MOMENT.has(status))
      return { kind: 'refused', status, reason };
    const waitMs = retryAfterMs(header('retry-after'), this.#options.clock.now());
    return { kind: 'failed', reason, retryAfterMs: waitMs, isOurFault: OF_THE_REQUESTER.has(status) };
  }
}

/** Rejects when the connection ends before the answer does. */
async function beginningOf(body: NodeJS.ReadableStream | null): Promise<string> {
  if (body === null) return '';
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    const piece = Buffer.from(chunk as Buffer);
    chunks.push(piece);
    bytes += piece.length;
    if (bytes > MAX_ANSWER_BYTES) break;
  }
  return Buffer.concat(chunks).toString('utf8').slice(0, MAX_ANSWER_BYTES);
}

/** node-fetch names the whole URL before the reason; it may hold what is secret. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const [, reason] = error.message.split('reason: ');
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  return printable((reason ?? '') || code || error.message).slice(0, MAX_REASON_LENGTH);
}

/** On one line, and nothing that a terminal obeys. */
function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ').trim();
}
