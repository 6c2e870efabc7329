// Uploads on hono: what takes the file of a request. It is loaded by the first one; which requests those are is uploads.ts.
import { getRequestListener } from '@hono/node-server';
import { Hono, type Context } from 'hono';
import type { Log } from '../runtime/log.ts';
import type { Answer } from './app.ts';

export type UploadOutcome = 'stored' | 'unknownKey' | 'tooLarge' | 'brokenOff' | 'noRoom';

/** `name`: what the charger calls the file, if its address says; as it came, and not to be trusted. */
export interface UploadReceiver {
  /** Rejects when the disk fails. */
  receive(key: string, name: string | null, content: AsyncIterable<Uint8Array>): Promise<UploadOutcome>;
}

const STATUS = { stored: 201, unknownKey: 404, tooLarge: 413, brokenOff: 400, noRoom: 507 } as const;

export function createUploadAnswer(path: string, uploads: UploadReceiver, log: Log): Answer {
  return getRequestListener(createApp(path, uploads, log).fetch);
}

function createApp(root: string, uploads: UploadReceiver, log: Log): Hono {
  const app = new Hono();
  const receive = async (c: Context): Promise<Response> => {
    const content = c.req.raw.body ?? new ReadableStream<Uint8Array>({ start: (one) => one.close() });
    const outcome = await uploads.receive(c.req.param('key') ?? '', c.req.param('name') ?? null, content);
    // What is left of the body is not read: the next request needs another connection.
    return c.text(outcome, STATUS[outcome], outcome === 'stored' ? {} : { connection: 'close' });
  };
  // A location may be taken for the file itself, or for the folder that it goes into.
  for (const path of ['/:key', '/:key/', '/:key/:name']) app.on(['PUT', 'POST'], `${root}${path}`, receive);
  app.notFound((c) => c.text('unknownKey', STATUS.unknownKey));
  app.onError((cause, c) => {
    log.error('COMMAND', 'an upload could not be stored', { cause: String(cause) });
    return c.text('notStored', 507, { connection: 'close' });
  });
  return app;
}
