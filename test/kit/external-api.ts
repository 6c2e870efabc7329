// What an external API that readings are forwarded to takes: a record of its own for each reading.
import { startMoodyServer, type MoodyServer } from './moody-server.ts';

export interface TakenRecord {
  readonly ID: string;
  readonly timestamp: string;
  readonly userName: string;
  readonly chargerName: string;
  readonly totalPower: number | null;
  readonly deliveredEnergy: number | null;
  readonly frequency: number | null;
}

export type ExternalApi = MoodyServer<TakenRecord>;

export const startExternalApi = (): Promise<ExternalApi> => startMoodyServer();
