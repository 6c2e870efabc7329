// Metrics as Prometheus reads them, by prom-client. It is loaded when somebody asks first: to load it takes longer than the server to start.
import type { Metric as PromMetric, MetricValue, Registry } from 'prom-client';
import { COARSE_BOUNDS, type Histogram } from './histogram.ts';

export type MetricLabels = Readonly<Record<string, string>>;

interface MetricFacts {
  /** As Prometheus wants it: `kwota_…_seconds`. */
  readonly name: string;
  readonly help: string;
}

export interface NumberMetric extends MetricFacts {
  readonly type: 'gauge' | 'counter';
  read(): Iterable<readonly [MetricLabels, number]>;
}

export interface TimeMetric extends MetricFacts {
  readonly type: 'histogram';
  read(): Iterable<readonly [MetricLabels, Histogram]>;
}

export type Metric = NumberMetric | TimeMetric;

const MS_PER_S = 1000;

/** Answers with the text of all metrics, and those of the process and the runtime. */
export function createExposition(metrics: readonly Metric[]): () => Promise<string> {
  let registry: Promise<Registry> | null = null;
  return async () => (await (registry ??= createRegistry(metrics))).metrics();
}

async function createRegistry(metrics: readonly Metric[]): Promise<Registry> {
  const { default: prom } = await import('prom-client');
  const registry = new prom.Registry();
  prom.collectDefaultMetrics({ register: registry });
  for (const metric of metrics) registry.registerMetric(readMetric(metric));
  return registry;
}

/** What a registry asks of a metric: values that were counted elsewhere, as its own kinds have no way to be given them. */
function readMetric(metric: Metric): PromMetric {
  const { name, help, type } = metric;
  const get = () => {
    const values = type === 'histogram' ? bucketsOf(metric) : numbersOf(metric);
    return Promise.resolve({ name, help, type, values, aggregator: 'sum' });
  };
  return { name, help, type, get } as unknown as PromMetric;
}

function numbersOf(metric: NumberMetric): MetricValue<string>[] {
  return Array.from(metric.read(), ([labels, value]) => ({ labels, value }));
}

type NamedValue = MetricValue<string> & { readonly metricName: string };

function bucketsOf(metric: TimeMetric): NamedValue[] {
  const { name } = metric;
  return Array.from(metric.read()).flatMap(([labels, histogram]) => [
    ...COARSE_BOUNDS.map(({ index, ms }) => ({
      metricName: `${name}_bucket`,
      labels: { ...labels, le: Number((ms / MS_PER_S).toPrecision(3)) },
      value: histogram.upTo(index),
    })),
    { metricName: `${name}_bucket`, labels: { ...labels, le: '+Inf' }, value: histogram.count },
    { metricName: `${name}_sum`, labels, value: histogram.sumMs / MS_PER_S },
    { metricName: `${name}_count`, labels, value: histogram.count },
  ]);
}
