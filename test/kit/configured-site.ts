// A site with one charger that has a configuration of its own: how it answers for it, and what it was told. No sockets.
import type { Answer, Requests } from '../../src/csms/remote.ts';
import type { Wanted } from '../../src/csms/commissioning.ts';
import { Site, type SentCall } from './services.ts';

interface Key {
  value: string;
  readonly?: boolean | string;
}

export class ConfiguredSite {
  readonly site: Site;
  /** In the charger's spelling. */
  readonly configuration: Record<string, Key>;
  wanted: Wanted = { keys: { MeterValueSampleInterval: '60' }, localStart: 'allow' };
  /** The answer to ChangeConfiguration; it takes what is accepted. */
  change: (key: string, value: string) => string = () => 'Accepted';
  /** Instead of its answer to GetConfiguration; undefined: it answers. */
  insteadOfRead: (keys: readonly string[] | undefined) => Answer | undefined = () => undefined;

  constructor(configuration: Record<string, Key>) {
    this.configuration = configuration;
    this.site = new Site({ enforcement: { wantedOf: () => this.wanted } });
    this.site.answer = (action, payload) => Promise.resolve(this.#answer(action, payload));
  }

  /** It connects, and all that follows from it is over. */
  async connect(): Promise<void> {
    this.site.services.chargePoints.connected('CP1');
    this.site.services.commissioning.connected('CP1');
    await this.settle();
  }

  async settle(): Promise<void> {
    for (let i = 0; i < 20; i += 1) await this.site.settle();
  }

  /** Long enough for it to be looked at again. */
  async reconnectLater(): Promise<void> {
    this.site.clock.advance(11 * 60_000);
    this.site.calls.length = 0;
    await this.connect();
  }

  boot(firmwareVersion: string): void {
    this.site.services.chargePoints.booted('CP1', { firmwareVersion });
    this.site.services.commissioning.booted('CP1');
  }

  /** `key=value` of each ChangeConfiguration. */
  writes(): string[] {
    return this.site.calls.flatMap((call) => {
      if (call.action !== 'ChangeConfiguration') return [];
      const { key, value } = call.payload as Requests['ChangeConfiguration'];
      return [`${key}=${value}`];
    });
  }

  /** What GetConfiguration asked for: all, or a key. */
  reads(): string[] {
    return this.site.calls.flatMap((call: SentCall) =>
      call.action === 'GetConfiguration'
        ? [((call.payload as Requests['GetConfiguration']).key ?? ['all']).join()]
        : [],
    );
  }

  alarms(): string[] {
    return this.site.services.alarms.active().map(({ id, message }) => `${id}: ${message}`);
  }

  #answer(action: keyof Requests, payload: object): Answer {
    if (action === 'GetConfiguration') {
      const { key: asked } = payload as Requests['GetConfiguration'];
      return this.insteadOfRead(asked) ?? { kind: 'result', payload: this.#report(asked) };
    }
    if (action !== 'ChangeConfiguration') return { kind: 'error', code: 'NotSupported', description: '' };
    const { key, value } = payload as Requests['ChangeConfiguration'];
    const status = this.change(key, value);
    if (status === 'offline' || status === 'timeout') return { kind: status };
    if (status === 'Accepted') this.configuration[key] = { value };
    return { kind: 'result', payload: { status } };
  }

  #report(asked: readonly string[] | undefined): Readonly<Record<string, unknown>> {
    const configurationKey = Object.entries(this.configuration)
      .filter(([key]) => asked?.includes(key) ?? true)
      .map(([key, one]) => ({ key, ...one }));
    return { configurationKey, unknownKey: (asked ?? []).filter((key) => !(key in this.configuration)) };
  }
}
