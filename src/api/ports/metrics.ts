// What the API needs to give metrics to Prometheus; joined in src/observe-ports.ts.

export interface MetricsPort {
  /** In the text format 0.0.4. */
  text(): Promise<string>;
}
