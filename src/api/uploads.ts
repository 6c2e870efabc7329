// PUT and POST /uploads/{key}: where chargers leave diagnostics and log files. Open without a token: the key is the secret.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Log } from '../runtime/log.ts';
import type { Answer } from './app.ts';
import type { UploadReceiver } from './upload-app.ts';

export const UPLOADS_PATH = '/uploads';

/** Returns what answers a request that is an upload, and leaves any other one alone: then it returns false. */
export function createUploadRequests(
  uploads: UploadReceiver,
  log: Log,
): (request: IncomingMessage, response: ServerResponse) => boolean {
  // Few chargers ever upload something: what takes it is loaded then.
  let loading: Promise<Answer> | null = null;
  const load = () =>
    (loading ??= import('./upload-app.ts').then(({ createUploadAnswer }) =>
      createUploadAnswer(UPLOADS_PATH, uploads, log),
    ));
  return (request, response) => {
    const isUpload = request.method === 'PUT' || request.method === 'POST';
    if (!isUpload || request.url?.startsWith(`${UPLOADS_PATH}/`) !== true) return false;
    load()
      .then((answer) => answer(request, response))
      .catch((cause: unknown) => {
        log.error('COMMAND', 'an upload failed', { cause: String(cause) });
        response.destroy();
      });
    return true;
  };
}
