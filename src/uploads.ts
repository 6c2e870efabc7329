// Uploads of chargers, joined: they come in at the chargers' port, the targets say whose they are, the folder keeps them. Part of the composition root.
import { join } from 'node:path';
import type { UploadReceiver } from './api/upload-app.ts';
import { createUploadRequests, UPLOADS_PATH } from './api/uploads.ts';
import type { Operations } from './csms/operations.ts';
import { createUploadFolder } from './files/upload-folder.ts';
import type { PlainRequests } from './ocpp/ports.ts';
import type { Log } from './runtime/log.ts';

export interface UploadParts {
  readonly dataDir: string;
  readonly log: Log;
}

/** What the chargers' port does for uploads. */
export interface UploadDoor {
  /** To be told of each connection, with how the charger reached this server. */
  connected(chargePointId: string, origin: string): void;
  readonly requests: PlainRequests;
}

type UploadOperations = Pick<Operations, 'transfers' | 'uploadTargets'>;

/** Where each charger can leave its files: at the port that it is connected to, by the address that it used. */
export class ChargerUploads {
  readonly #parts: UploadParts;
  readonly #origins = new Map<string, string>();

  constructor(parts: UploadParts) {
    this.#parts = parts;
  }

  /** Null: it was never connected. */
  urlOf(chargePointId: string): string | null {
    const origin = this.#origins.get(chargePointId);
    return origin === undefined ? null : `${origin}${UPLOADS_PATH}`;
  }

  doorTo(operations: UploadOperations): UploadDoor {
    return {
      connected: (chargePointId, origin) => void this.#origins.set(chargePointId, origin),
      requests: createUploadRequests(this.#receiverFor(operations), this.#parts.log),
    };
  }

  #receiverFor({ transfers, uploadTargets }: UploadOperations): UploadReceiver {
    const { dataDir, log } = this.#parts;
    const folder = createUploadFolder({ folder: join(dataDir, '.kwota', 'uploads') });
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
}
