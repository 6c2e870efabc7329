// What a MeterValues says, as figures: `#2 tx 1842  3902 Wh  7110 W  230 V`. Pure.

type Fields = Readonly<Record<string, unknown>>;

/** More are found in the frame itself. */
const VALUES_SHOWN = 8;
/** Units of measurands that come without one (OCPP 1.6 §7.31). */
const USUAL_UNITS: Readonly<Record<string, string>> = { Frequency: 'Hz' };

/** null: it is not shaped as OCPP 1.6 has it. */
export function meterValuesText(payload: unknown): string | null {
  const { connectorId, transactionId, meterValue } = fieldsOf(payload);
  if (!Array.isArray(meterValue)) return null;
  const sampled = (meterValue as readonly unknown[]).flatMap((one) => {
    const { sampledValue } = fieldsOf(one);
    return Array.isArray(sampledValue) ? (sampledValue as readonly unknown[]) : [];
  });
  const where = [
    connectorId === undefined ? '' : `#${wordOf(connectorId)}`,
    transactionId === undefined ? '' : `tx ${wordOf(transactionId)}`,
  ];
  const values = sampled.slice(0, VALUES_SHOWN).map(valueText);
  const more = sampled.length > VALUES_SHOWN ? [`and ${sampled.length - VALUES_SHOWN} more`] : [];
  return [where.join(' ').trim(), ...values, ...more].filter((part) => part !== '').join('  ');
}

function valueText(sample: unknown): string {
  const { value, unit, measurand, phase } = fieldsOf(sample);
  const name = typeof measurand === 'string' ? measurand : '';
  // The register is what a sample is unless it says otherwise.
  const usual = name === '' || name.startsWith('Energy.') ? 'Wh' : (USUAL_UNITS[name] ?? '');
  const units = typeof unit === 'string' ? unit : usual;
  const phases = typeof phase === 'string' ? ` ${phase}` : '';
  return `${wordOf(value)} ${units === '' ? name : units}${phases}`.trim();
}

/** What is no text and no number says nothing here. */
function wordOf(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? (value as Fields) : {};
}
