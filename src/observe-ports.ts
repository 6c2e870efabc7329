// What the API shows of the site as it is watched: overview, log, measures, metrics. Part of the composition root: it decides nothing.
import type { MetricsPort } from './api/ports/metrics.ts';
import type { OverviewPort } from './api/ports/overview.ts';
import type { PerformancePort } from './api/ports/performance.ts';
import type { Config } from './config/schema.ts';
import type { Alarms } from './csms/alarms.ts';
import { SiteAlarms } from './csms/site-alarms.ts';
import type { SiteFigures } from './csms/site-figures.ts';
import { watchMachine } from './machine-alarms.ts';
import { watch, type Observed, type ObservedParts } from './observed.ts';
import { writePerfLines } from './perf-line.ts';
import { createPerformancePort } from './performance-ports.ts';
import { createExposition } from './runtime/exposition.ts';
import type { LogFileWatch } from './runtime/log-file.ts';
import type { LogLines } from './runtime/log-ring.ts';
import type { Log } from './runtime/log.ts';
import { siteMetrics } from './site-metrics.ts';

const MS_PER_S = 1000;

export interface ObservationOptions extends Pick<ObservedParts, 'clock'> {
  readonly config: Config;
  readonly dataDir: string;
  readonly logLines: LogLines;
  readonly logFile: LogFileWatch | null;
  readonly log: Log;
}

export interface Observation {
  readonly figures: SiteFigures;
  readonly overview: OverviewPort;
  readonly performance: PerformancePort;
  readonly metrics: MetricsPort;
  readonly logLines: LogLines;
  /** To be told of each request to the API. */
  readonly requestTook: (route: string, ms: number) => void;
  close(): void;
}

export function observe(options: ObservationOptions, parts: Omit<ObservedParts, 'clock'>): Observation {
  const { config, dataDir, logLines, logFile, clock, log } = options;
  const { services, measures } = parts;
  if (logFile) watchLogFile(logFile, services.alarms, log);
  const observed = watch({ ...parts, clock });
  const siteAlarms = createSiteAlarms(observed, config);
  const { alarms } = services;
  const endings = [
    writePerfLines(observed, log),
    watchMachine({
      ...{ alarms, dataDir, clock },
      get minFreeDisk() {
        return config.alarms.minFreeDisk;
      },
    }),
    () => siteAlarms.close(),
    () => observed.close(),
  ];
  return {
    figures: observed.figures,
    logLines,
    overview: createOverviewPort(observed, config),
    performance: createPerformancePort(observed),
    metrics: { text: createExposition(siteMetrics(observed)) },
    requestTook: (route, ms) => measures.requests.observe(route, ms),
    close() {
      for (const end of endings) end();
    },
  };
}

function createSiteAlarms({ services, calendar, clock }: Observed, { alarms, quota }: Config): SiteAlarms {
  const { durable, users, chargePoints, admissions } = services;
  return new SiteAlarms({
    ...{ alarms: services.alarms, state: durable, users, calendar, clock },
    warnAt: quota.warnAt,
    get offlineAfterMs() {
      return alarms.offlineAfter * MS_PER_S;
    },
    isConnected: (chargePointId) => chargePoints.isConnected(chargePointId),
    isRecordFull: () => admissions.isFull(),
    isPending: (chargePoint) => chargePoints.admissionOf(chargePoint) === 'pending',
  });
}

function createOverviewPort({ figures, power, clock }: Observed, { site }: Config): OverviewPort {
  return {
    siteName: site.name,
    timeZone: site.timeZone,
    figures: () => ({
      atMs: clock.now(),
      chargers: figures.chargers(),
      sessions: figures.sessions(),
      powerW: figures.powerW(),
      powerByMinute: power.minutes().map(({ atMs, value }) => ({ atMs, powerW: value })),
      ...figures.month(),
    }),
  };
}

/** A log that cannot be written is an alarm; charging goes on. */
function watchLogFile(file: LogFileWatch, alarms: Alarms, log: Log): void {
  file.onTrouble((trouble, linesLost) => {
    if (trouble === null) alarms.clear('log-file', 'DATA');
    else alarms.raise('log-file', 'DATA', trouble);
    if (linesLost > 0) log.warn('DATA', 'lines are missing in the log file', { lines: linesLost });
  });
}
