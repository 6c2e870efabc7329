// Kinds of chargers as the field has them: what their registers show and how they write it. Payloads only, no order of messages.

/** How a charger writes the present moment. */
export type ClockStyle = 'utc' | 'offset' | 'noZone' | 'fraction' | '1970';

export interface ChargerKind {
  readonly chargePointId: string;
  readonly connectorId: number;
  /** What samples count from, and what meterStart and meterStop do. */
  readonly samples: 'lifetime' | 'session';
  readonly startStop: 'lifetime' | 'session';
  /** Wh that a sample is cut to, and that meterStop is cut to. */
  readonly sampleStepWh: number;
  readonly stopStepWh: number;
  /** `untagged`: in kWh, and only config.yaml knows. */
  readonly unit: 'Wh' | 'kWh' | 'untagged';
  readonly clock: ClockStyle;
  /** Samples that were taken while it was offline are never sent. */
  readonly forgetsSamplesOffline?: true;
}

const LIFETIME = {
  samples: 'lifetime',
  startStop: 'lifetime',
  sampleStepWh: 1,
  stopStepWh: 1,
  unit: 'Wh',
} as const;
const SESSION = { ...LIFETIME, samples: 'session', startStop: 'session' } as const;

/** One entry for each connector. */
export const KINDS: readonly ChargerKind[] = [
  { ...LIFETIME, chargePointId: 'TWIN', connectorId: 1, clock: 'utc' },
  { ...SESSION, chargePointId: 'TWIN', connectorId: 2, clock: 'utc' },
  { ...SESSION, chargePointId: 'SESSION', connectorId: 1, clock: 'offset' },
  // LIVOLTEK: whole kWh from 0 in the samples, finer at the stop.
  { ...SESSION, chargePointId: 'COARSE', connectorId: 1, clock: 'noZone', sampleStepWh: 1000, unit: 'kWh' },
  {
    ...SESSION,
    ...{ chargePointId: 'UNTAGGED', connectorId: 1, clock: 'utc' },
    ...{ sampleStepWh: 1000, stopStepWh: 1000, unit: 'untagged' },
  },
  {
    ...LIFETIME,
    ...{ chargePointId: 'DECIMAL', connectorId: 1, clock: 'fraction', unit: 'kWh' },
    forgetsSamplesOffline: true,
  },
  // Grizzl-E.
  { ...LIFETIME, chargePointId: 'MIXED', connectorId: 1, clock: 'utc', samples: 'session' },
  { ...LIFETIME, chargePointId: 'CLOCKLESS', connectorId: 1, clock: '1970' },
];

/** What only config.yaml can know of them. */
export const CHARGER_SETTINGS = 'UNTAGGED: {energyUnit: kWh, startStopUnit: kWh}';

/** How one message is written, where a charger has the choice. */
export interface Style {
  readonly bucket: 'plain' | 'tagged' | 'phases' | 'contexts' | 'crowded';
  readonly id: 'named' | 'text' | 'none' | 'zero' | 'minus';
  readonly isTextual: boolean;
}

const ENERGY = 'Energy.Active.Import.Register';

export function cutTo(wh: number, stepWh: number): number {
  return wh - (wh % stepWh);
}

/** meterStart or meterStop as this charger writes it. */
export function startStopValue(kind: ChargerKind, wh: number, { isTextual }: Style): number | string {
  const value = kind.unit === 'untagged' ? wh / 1000 : wh;
  return isTextual ? `${value}.0` : value;
}

interface SampledValue {
  readonly value: string;
  readonly unit?: string;
  readonly measurand?: string;
  readonly context?: string;
  readonly phase?: string;
  readonly format?: string;
}

/** The sampledValue of one moment, register and what stands beside it. */
export function bucket(kind: ChargerKind, wh: number, beginWh: number, style: Style): SampledValue[] {
  const energy = (shownWh: number, more: Omit<SampledValue, 'value'> = {}): SampledValue => {
    if (kind.unit === 'Wh') return { value: String(shownWh), ...more };
    const unit = kind.unit === 'kWh' ? { unit: 'kWh' } : {};
    const value = (shownWh / 1000).toFixed(kind.sampleStepWh === 1000 ? 0 : 3);
    return { value, ...unit, ...more };
  };
  switch (style.bucket) {
    case 'plain':
      return [energy(wh)];
    case 'tagged':
      return [energy(wh, { measurand: ENERGY, context: 'Sample.Clock' })];
    case 'phases':
      return kind.sampleStepWh === 1
        ? phases(wh).map(([part, phase]) => energy(part, { phase }))
        : [energy(wh)];
    case 'contexts':
      return [
        energy(wh, { context: 'Sample.Periodic', measurand: ENERGY }),
        energy(beginWh, { context: 'Transaction.Begin', measurand: ENERGY }),
      ];
    case 'crowded':
      return [
        { value: '63993', measurand: 'Power.Active.Import', unit: 'W' },
        { value: 'AAEC', format: 'SignedData', measurand: ENERGY },
        { value: '16', unit: 'A' },
        energy(wh, { measurand: ENERGY }),
        { value: '230.1', measurand: 'Voltage', phase: 'L1' },
      ];
  }
}

function phases(wh: number): [number, string][] {
  const third = Math.floor(wh / 3);
  return [
    [third, 'L1'],
    [third, 'L2-N'],
    [wh - 2 * third, 'L3'],
  ];
}

/** With the transaction id as this message has it, if at all. */
export function withId(payload: object, transactionId: number, { id }: Style): object {
  switch (id) {
    case 'named':
      return { ...payload, transactionId };
    case 'text':
      return { ...payload, transactionId: String(transactionId) };
    case 'zero':
      return { ...payload, transactionId: 0 };
    case 'minus':
      return { ...payload, transactionId: -1 };
    case 'none':
      return payload;
  }
}

/** `bootedMs` is the 1970 of a charger that was never told the time. */
export function timestamp(kind: ChargerKind, atMs: number, bootedMs: number): string {
  const iso = new Date(atMs).toISOString();
  switch (kind.clock) {
    case 'utc':
      return iso.replace('.000Z', 'Z');
    case 'offset':
      return new Date(atMs + 3 * 3_600_000).toISOString().replace('.000Z', '+03:00');
    case 'noZone':
      return iso.replace('.000Z', '');
    case 'fraction':
      return iso.replace('.000Z', '.000301252Z');
    case '1970':
      return new Date(atMs - bootedMs).toISOString();
  }
}
