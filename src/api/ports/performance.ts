// What the API needs to show what is measured; joined in src/observe-ports.ts.
import type { Performance } from '../contract/performance.ts';

export interface PerformancePort {
  snapshot(): Performance;
}
