// The HTTP side: a listener, and behind it the API on hono, which is loaded after the start. It knows no resource.
import type { CancelTimer } from '../runtime/clock.ts';
import type { Answer, AppParts } from './app.ts';
import { createListener, type ApiListener, type CertificateSource } from './listener.ts';

export interface ApiParts extends AppParts {
  readonly host: string;
  /** 0 is any free port. */
  readonly port: number;
  /** Null: http://. */
  readonly certificates: CertificateSource | null;
}

/** After the start, and before somebody asks: on a slow machine it takes long enough to be felt. */
const LOAD_AFTER_MS = 1_000;

export function createApiServer(parts: ApiParts): ApiListener {
  const load = loadedOnce(parts);
  const fail = (cause: unknown) => parts.log.error('API', 'request failed', { cause: String(cause) });
  const listener = createListener(parts, parts.certificates, (request, response) => {
    load()
      .then((answer) => answer(request, response))
      .catch((cause: unknown) => {
        fail(cause);
        response.destroy();
      });
  });
  let cancelLoading: CancelTimer = () => undefined;
  return {
    async listen() {
      const listening = await listener.listen();
      cancelLoading = parts.clock.after(LOAD_AFTER_MS, () => void load().catch(fail));
      return listening;
    },
    close() {
      cancelLoading();
      return listener.close();
    },
  };
}

/** Chargers do not need the API, and it takes a third of the start: it comes afterwards, or with the first request. */
function loadedOnce(parts: AppParts): () => Promise<Answer> {
  let loading: Promise<Answer> | null = null;
  return () => (loading ??= import('./app.ts').then(({ createAnswer }) => createAnswer(parts)));
}
