// PUT and POST /uploads/{key}: where chargers leave diagnostics and log files. Open without a token: the key is the secret.
import { Hono, type Context } from 'hono';

export type UploadOutcome = 'stored' | 'unknownKey' | 'tooLarge' | 'brokenOff';

/** `name`: what the charger calls the file, if its address says; as it came, and not to be trusted. */
export interface UploadReceiver {
  receive(key: string, name: string | null, content: AsyncIterable<Uint8Array>): Promise<UploadOutcome>;
}

const STATUS = { stored: 201, unknownKey: 404, tooLarge: 413, brokenOff: 400 } as const;

/** To be mounted at UPLOADS_PATH, before anything that wants a token. */
export function createUploads(uploads: UploadReceiver): Hono {
  const app = new Hono();
  const receive = async (c: Context): Promise<Response> => {
    const content = c.req.raw.body ?? new ReadableStream<Uint8Array>({ start: (one) => one.close() });
    const outcome = await uploads.receive(c.req.param('key') ?? '', c.req.param('name') ?? null, content);
    return c.text(outcome, STATUS[outcome]);
  };
  // A location may be taken for the file itself, or for the folder that it goes into.
  for (const path of ['/:key', '/:key/', '/:key/:name']) app.on(['PUT', 'POST'], path, receive);
  return app;
}

export const UPLOADS_PATH = '/uploads';
