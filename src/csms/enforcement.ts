// The parts that hold a quota, joined: forecasts say when, the enforcer says who, ladders and limits say how, and what they change is put back.
import type { SiteCalendar } from '../domain/site-calendar.ts';
import type { Rung } from '../domain/stop-ladder.ts';
import { MAX_POWER_W } from '../domain/energy-account.ts';
import type { Clock } from '../runtime/clock.ts';
import type { Log } from '../runtime/log.ts';
import type { Alarms } from './alarms.ts';
import { ChargingLimits } from './charging-limits.ts';
import { Commissioning, type Wanted } from './commissioning.ts';
import { Forecasts } from './forecasts.ts';
import type { Journal } from './journal.ts';
import type { MeterSettings } from './meter-settings.ts';
import { QuotaEnforcer } from './quota-enforcer.ts';
import { QuotaLimits } from './quota-limits.ts';
import { QuotaWarnings } from './quota-warnings.ts';
import type { Quotas } from './quotas.ts';
import type { Remote } from './remote.ts';
import { Restorations } from './restorations.ts';
import { StopLadders } from './stop-ladders.ts';
import type { Users } from './users.ts';

/** How a site wants its quotas held. */
export interface EnforcementRules {
  readonly onExhausted: 'stop' | 'warn' | 'throttle';
  readonly isPredictive: boolean;
  readonly marginWh: number;
  readonly isGuarded: boolean;
  /** Percent. */
  readonly warnAt: readonly number[];
  readonly ladderOf: (chargePointId: string) => readonly Rung[];
  readonly wantedOf: (chargePointId: string) => Wanted;
}

export interface Enforcement {
  readonly enforcer: QuotaEnforcer;
  readonly forecasts: Forecasts;
  readonly warnings: QuotaWarnings;
  readonly restorations: Restorations;
  readonly commissioning: Commissioning;
}

export interface EnforcementParts {
  readonly journal: Journal;
  readonly quotas: Quotas;
  readonly users: Users;
  readonly alarms: Alarms;
  readonly calendar: SiteCalendar;
  readonly remote: Remote;
  readonly rules: EnforcementRules;
  readonly meterSettingsOf: (chargePointId: string) => MeterSettings;
  readonly clock: Clock;
  readonly log: Log;
}

export function createEnforcement(parts: EnforcementParts): Enforcement {
  const { journal, quotas, users, alarms, calendar, remote, rules, meterSettingsOf, clock, log } = parts;
  const { isPredictive, marginWh, isGuarded, onExhausted, warnAt, ladderOf, wantedOf } = rules;
  const restorations = new Restorations({ journal, remote, alarms, clock, log });
  const forecasts = new Forecasts({ journal, remote, isPredictive, marginWh, meterSettingsOf, clock, log });
  const ladders = new StopLadders({
    ...{ journal, remote, restorations, alarms, ladderOf, clock, log },
    standsStill: (session) => forecasts.standsStill(session),
    onStopSent: (session) => forecasts.stopSent(session),
  });
  const maxPowerOf = (chargePointId: string) => {
    const { maxPowerW } = meterSettingsOf(chargePointId);
    return maxPowerW < MAX_POWER_W ? maxPowerW : null;
  };
  const charging = new ChargingLimits({ journal, remote, restorations, clock, log });
  const limits = new QuotaLimits({
    ...{ journal, remote, restorations, maxPowerOf, clock, log },
    limits: charging,
    // A guard would end what may go on with a warning.
    isGuarded: isGuarded && onExhausted !== 'warn',
  });
  const warnings = new QuotaWarnings({ users, live: journal.live, calendar, warnAt, clock, log });
  const enforcer = new QuotaEnforcer({
    ...{
      journal,
      quotas,
      users,
      forecasts,
      ladders,
      limits,
      restorations,
      warnings,
      onExhausted,
      clock,
      log,
    },
  });
  const commissioning = new Commissioning({ journal, remote, alarms, wantedOf, clock, log });
  return { enforcer, forecasts, warnings, restorations, commissioning };
}
