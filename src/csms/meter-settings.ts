// How a charger's registers are to be read, as configured. Shapes only.
import type { EnergyUnit } from '../domain/meter-value.ts';

export interface MeterSettings {
  /** Of samples; auto believes their unit tag. */
  readonly energyUnit: EnergyUnit;
  /** Of meterStart and meterStop; auto is Wh, as the standard has it. */
  readonly startStopUnit: EnergyUnit;
  /** The most that one connector can give: what is beyond it is flagged. */
  readonly maxPowerW: number;
}
