// Uploads of chargers, joined: the API takes them, the targets say whose they are, the folder keeps them. Part of the composition root.
import { join } from 'node:path';
import { UPLOADS_PATH, type UploadReceiver } from './api/uploads.ts';
import type { Operations } from './csms/operations.ts';
import { createUploadFolder } from './files/upload-folder.ts';
import type { Log } from './runtime/log.ts';
import { ownAddress } from './runtime/own-address.ts';

export interface UploadParts {
  readonly dataDir: string;
  readonly operations: Pick<Operations, 'transfers' | 'uploadTargets'>;
  readonly log: Log;
}

export function createUploadReceiver({ dataDir, operations, log }: UploadParts): UploadReceiver {
  const folder = createUploadFolder({ folder: join(dataDir, '.kwota', 'uploads') });
  const { transfers, uploadTargets } = operations;
  return {
    async receive(key, name, content) {
      const upload = uploadTargets.take(key);
      if (!upload) return 'unknownKey';
      const { chargePointId, requestId } = upload;
      const called = name ?? transfers.fileNameOf(chargePointId, requestId) ?? 'upload';
      const stored = await folder.store(`${chargePointId}-${requestId}-${called}`, content);
      const file = stored.kind === 'stored' ? stored.file : undefined;
      const fields = { charger: chargePointId, request: requestId, outcome: stored.kind, file };
      log.info('COMMAND', 'a charger uploaded a file', fields);
      if (file !== undefined) transfers.uploaded(chargePointId, requestId, file);
      return stored.kind;
    },
  };
}

const ANY_ADDRESS = new Set(['0.0.0.0', '::']);

/** How chargers reach the uploads of an API that listens there: with any address, at the first of this machine. */
export function uploadUrlOf({ host, port }: { readonly host: string; readonly port: number }): string {
  const reached = ANY_ADDRESS.has(host) ? (ownAddress() ?? '127.0.0.1') : host;
  return `http://${reached.includes(':') ? `[${reached}]` : reached}:${port}${UPLOADS_PATH}`;
}
