// Energy amounts: integer Wh inside, kWh at the edges. What energy belongs to whom is energy-account.ts and quota.ts.

export const WH_PER_KWH = 1000;

export function kWhOf(wh: number): number {
  return wh / WH_PER_KWH;
}

/** Rounds to whole Wh. */
export function whOf(kWh: number): number {
  return Math.round(kWh * WH_PER_KWH);
}

/** Wh by day of the site (`2026-11-30`). The energy of a session or the difference between two states of it. */
export type EnergyByDay = Readonly<Record<string, number>>;

/** The days on which something flowed. Not for…in: the engine compiles code that has it on these objects over and over. */
export function daysOf(energy: EnergyByDay): string[] {
  return Object.keys(energy);
}

export function totalWh(energy: EnergyByDay): number {
  let sum = 0;
  for (const day of daysOf(energy)) sum += energy[day] ?? 0;
  return sum;
}

/** Days that come to nothing are left out. */
export function addEnergy(energy: EnergyByDay, part: EnergyByDay): EnergyByDay {
  return combine(energy, part, 1);
}

/** Takes back what addEnergy added. */
export function subtractEnergy(energy: EnergyByDay, part: EnergyByDay): EnergyByDay {
  return combine(energy, part, -1);
}

function combine(energy: EnergyByDay, part: EnergyByDay, sign: 1 | -1): EnergyByDay {
  const sum: Record<string, number> = { ...energy };
  for (const day of daysOf(part)) {
    const wh = (sum[day] ?? 0) + sign * (part[day] ?? 0);
    if (wh === 0) Reflect.deleteProperty(sum, day);
    else sum[day] = wh;
  }
  return sum;
}
