// PUT and POST /uploads/{key}: where chargers leave diagnostics and log files. Open without a token: the key is the secret.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import { Hono, type Context } from 'hono';
import type { Log } from '../runtime/log.ts';

export type UploadOutcome = 'stored' | 'unknownKey' | 'tooLarge' | 'brokenOff' | 'noRoom';

/** `name`: what the charger calls the file, if its address says; as it came, and not to be trusted. */
export interface UploadReceiver {
  /** Rejects when the disk fails. */
  receive(key: string, name: string | null, content: AsyncIterable<Uint8Array>): Promise<UploadOutcome>;
}

const STATUS = { stored: 201, unknownKey: 404, tooLarge: 413, brokenOff: 400, noRoom: 507 } as const;

export const UPLOADS_PATH = '/uploads';

/** Returns what answers a request that is an upload, and leaves any other one alone: then it returns false. */
export function createUploadRequests(
  uploads: UploadReceiver,
  log: Log,
): (request: IncomingMessage, response: ServerResponse) => boolean {
  const listen = getRequestListener(createApp(uploads, log).fetch);
  return (request, response) => {
    const isUpload = request.method === 'PUT' || request.method === 'POST';
    if (!isUpload || request.url?.startsWith(`${UPLOADS_PATH}/`) !== true) return false;
    listen(request, response).catch((cause: unknown) => {
      log.error('COMMAND', 'an upload failed', { cause: String(cause) });
      response.destroy();
    });
    return true;
  };
}

function createApp(uploads: UploadReceiver, log: Log): Hono {
  const app = new Hono();
  const receive = async (c: Context): Promise<Response> => {
    const content = c.req.raw.body ?? new ReadableStream<Uint8Array>({ start: (one) => one.close() });
    const outcome = await uploads.receive(c.req.param('key') ?? '', c.req.param('name') ?? null, content);
    // What is left of the body is not read: the next request needs another connection.
    return c.text(outcome, STATUS[outcome], outcome === 'stored' ? {} : { connection: 'close' });
  };
  // A location may be taken for the file itself, or for the folder that it goes into.
  for (const path of ['/:key', '/:key/', '/:key/:name'])
    app.on(['PUT', 'POST'], `${UPLOADS_PATH}${path}`, receive);
  app.notFound((c) => c.text('unknownKey', STATUS.unknownKey));
  app.onError((cause, c) => {
    log.error('COMMAND', 'an upload could not be stored', { cause: String(cause) });
    return c.text('notStored', 507, { connection: 'close' });
  });
  return app;
}
