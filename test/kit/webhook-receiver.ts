// What a program that is told of alarms takes: a notice for each.
import { startMoodyServer, type MoodyServer } from './moody-server.ts';

export interface ToldNotice {
  readonly id: string;
  readonly event: string;
  readonly alarm: { readonly id: string; readonly message: string };
}

export type WebhookReceiver = MoodyServer<ToldNotice>;

export const startWebhookReceiver = (): Promise<WebhookReceiver> => startMoodyServer();
