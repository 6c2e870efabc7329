// Addresses at this server that one charger may upload to for an hour: who has the key may. In memory; no file is touched here.
import { randomBytes } from 'node:crypto';
import type { Clock } from '../../runtime/clock.ts';

const OPEN_FOR_MS = 3_600_000;
const KEY_BYTES = 24;
/** Targets that are open at once; beyond it the oldest is closed. */
const MAX_OPEN = 200;
/** Chargers that fail half-way try again, and some send several files. */
const MAX_FILES = 10;

interface Target {
  readonly chargePointId: string;
  readonly untilMs: number;
  requestId: number | null;
  files: number;
}

/** How a charger reaches uploads, such as `http://10.0.0.5:9000/uploads`; null: not at all. */
export type UploadUrl = (chargePointId: string) => string | null;

/** What an upload is part of. */
export interface OpenUpload {
  readonly chargePointId: string;
  readonly requestId: number;
}

export class UploadTargets {
  readonly #clock: Clock;
  readonly #baseUrl: UploadUrl;
  readonly #targets = new Map<string, Target>();

  constructor(clock: Clock, baseUrl: UploadUrl) {
    this.#clock = clock;
    this.#baseUrl = baseUrl;
  }

  /** The location of a new target, for the charger's request to come; null when there is no address to give. */
  open(chargePointId: string): string | null {
    const base = this.#baseUrl(chargePointId);
    if (base === null) return null;
    const key = randomBytes(KEY_BYTES).toString('hex');
    const untilMs = this.#clock.monotonicMs() + OPEN_FOR_MS;
    this.#targets.set(key, { chargePointId, untilMs, requestId: null, files: 0 });
    const [oldest] = this.#targets.keys();
    if (this.#targets.size > MAX_OPEN && oldest !== undefined) this.#targets.delete(oldest);
    return `${base}/${key}`;
  }

  isOpen(location: string): boolean {
    return this.#find(keyOf(location)) !== undefined;
  }

  /** Uploads to it are of this request from here on; before, none is taken. */
  assign(location: string, requestId: number): void {
    const target = this.#find(keyOf(location));
    if (target) target.requestId = requestId;
  }

  withdraw(location: string): void {
    this.#targets.delete(keyOf(location));
  }

  /** Takes one of the files that may be uploaded with this key; null: it may not, or not any more. */
  take(key: string): OpenUpload | null {
    const target = this.#find(key);
    const requestId = target?.requestId ?? null;
    if (!target || requestId === null || target.files >= MAX_FILES) return null;
    target.files += 1;
    return { chargePointId: target.chargePointId, requestId };
  }

  #find(key: string): Target | undefined {
    const target = this.#targets.get(key);
    if (!target || target.untilMs > this.#clock.monotonicMs()) return target;
    this.#targets.delete(key);
    return undefined;
  }
}

function keyOf(location: string): string {
  return location.slice(location.lastIndexOf('/') + 1);
}
